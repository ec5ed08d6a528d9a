"""PASSWORD: the plain password, compared with its hash."""

from __future__ import annotations

from collections.abc import Mapping

from idp.domain import challenge as names
from idp.domain.errors import PasswordResetRequired, WrongPassword
from idp.domain.user import UserStatus
from idp.flows.challenges.challenge import Challenge, Proof, Question, SignInContext
from idp.flows.passwords import verify_password

ATTEMPTS = "password"


def start(context: SignInContext) -> Question:
    """Ask for the password; there is nothing to tell the client."""
    del context
    return Question({})


def answer(context: SignInContext, responses: Mapping[str, str]) -> Proof:
    """Compare the password; nobody and users without a password cost the same.

    Raises:
        WrongPassword.
        PasswordResetRequired: an imported user has no password yet, and the client does not hide users.
    """
    require_password_of_import(context)
    if not verify_password(context.services, context.user_pool, context.user, responses["PASSWORD"]):
        raise WrongPassword
    return Proof()


def require_password_of_import(context: SignInContext) -> None:
    """Tell an imported user to set a password, where existence may be told.  Source: spec USER_POOLS section 1.6.

    Raises:
        PasswordResetRequired.
    """
    user = context.user
    if user is None or user.credentials is not None or context.client.hides_unknown_users:
        return
    if user.status is UserStatus.RESET_REQUIRED:
        raise PasswordResetRequired


CHALLENGE = Challenge(names.PASSWORD, start, answer, required=("PASSWORD",), wrong=(WrongPassword,), attempts=ATTEMPTS)
