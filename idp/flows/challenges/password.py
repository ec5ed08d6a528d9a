"""PASSWORD: the plain password, compared with its hash."""

from __future__ import annotations

from collections.abc import Mapping

from idp.domain import challenge as names
from idp.domain.errors import PasswordResetRequired, WrongPassword
from idp.domain.user import UserStatus
from idp.flows.challenges.challenge import Challenge, Proof, Question, SignInContext
from idp.flows.passwords import verify_password
from idp.flows.user_migration import MigrationFailed, brings_users, migrate_at_sign_in

ATTEMPTS = "password"


def start(context: SignInContext) -> Question:
    """Ask for the password; there is nothing to tell the client."""
    del context
    return Question({})


def answer(context: SignInContext, responses: Mapping[str, str]) -> Proof:
    """Compare the password; nobody and users without a password cost the same.

    Raises:
        WrongPassword.
        MigrationFailed: another directory that the pool asks does not bring the user, and the client does not hide that.
        PasswordResetRequired: an imported user has no password yet, and the client does not hide users.
    """
    if brings_users(context.user_pool, context.flow) and context.user is None:
        return _migrated(context, responses["PASSWORD"])
    require_password_of_import(context)
    user = verify_password(context.services, context.user_pool, context.user, responses["PASSWORD"])
    if user is None:
        raise WrongPassword
    return Proof() if user is context.user else Proof(lambda _: user)


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


def _migrated(context: SignInContext, password: str) -> Proof:
    """Let another directory judge the password, and take over the user it knows."""
    try:
        user = migrate_at_sign_in(
            context.services,
            context.user_pool,
            context.client,
            context.username,
            password,
            validation_data=context.client_metadata,
        )
    except MigrationFailed as error:
        if not context.client.hides_unknown_users:
            raise
        verify_password(context.services, context.user_pool, None, password)
        raise WrongPassword from error
    return Proof(lambda _: user)


CHALLENGE = Challenge(
    names.PASSWORD, start, answer, required=("PASSWORD",), wrong=(WrongPassword, MigrationFailed), attempts=ATTEMPTS
)
