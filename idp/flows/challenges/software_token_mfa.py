"""SOFTWARE_TOKEN_MFA: the present code of the user's authenticator app, each code once.  Source: spec USER_POOLS 1.7, 5.4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from idp.domain import challenge as names
from idp.domain.errors import CodeExpired, CodeMismatch, SoftwareTokenNotFound
from idp.domain.totp import matching_steps
from idp.flows.challenges.challenge import Challenge, Proof, Question, SignInContext
from idp.flows.challenges.one_time_code import ATTEMPTS

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.store.software_tokens import SoftwareToken
    from idp.store.unit_of_work import UnitOfWork

RESPONSE = "SOFTWARE_TOKEN_MFA_CODE"
REUSED = "Your software token has already been used once."


class WrongTokenCode(CodeMismatch):
    """The code is not one of the app's present codes."""

    sentence = "Invalid code received for user"


def start(context: SignInContext) -> Question:
    """Ask for a code of the app that the user named."""
    user = _user(context)
    with context.services.reading() as work:
        token = work.software_tokens.find(user.id)
    name = None if token is None else token.friendly_name
    return Question({"USER_ID_FOR_SRP": user.username, "FRIENDLY_DEVICE_NAME": name or ""})


def answer(context: SignInContext, responses: Mapping[str, str]) -> Proof:
    """Check the code; it is taken in the transaction that spends the session.

    Raises:
        WrongTokenCode; CodeExpired: it was taken before; SoftwareTokenNotFound: the app was removed meanwhile.
    """
    user = _user(context)
    with context.services.reading() as work:
        token = work.software_tokens.find(user.id)
    if token is None or token.secret is None:
        raise SoftwareTokenNotFound
    steps = matching_steps(token.secret, responses[RESPONSE], context.services.clock.now())
    if not steps:
        raise WrongTokenCode
    return Proof(lambda work: _spend(work, user, token, steps[0]))


def _spend(work: UnitOfWork, user: User, token: SoftwareToken, step: int) -> User:
    if not work.software_tokens.spend(token, step):
        raise CodeExpired(REUSED)
    return user


def _user(context: SignInContext) -> User:
    """Return the user: nobody gets this far without one."""
    assert context.user is not None
    return context.user


CHALLENGE = Challenge(
    names.SOFTWARE_TOKEN_MFA, start, answer, required=(RESPONSE,), wrong=(WrongTokenCode,), attempts=ATTEMPTS
)
