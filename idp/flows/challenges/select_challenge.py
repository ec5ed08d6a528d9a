"""SELECT_CHALLENGE: choice-based sign-in begins with the choice of its first factor; and PASSWORD_SRP, which begins one.

The choice comes with InitiateAuth (PREFERRED_CHALLENGE) or as the answer to this challenge, alone or together with the
chosen factor's first input.  Source: spec USER_POOLS sections 1.7 and 1.9.
"""

from __future__ import annotations

from collections.abc import Mapping

from idp.domain.challenge import PASSWORD, PASSWORD_SRP, PASSWORD_VERIFIER, SELECT_CHALLENGE, WEB_AUTHN
from idp.domain.errors import InvalidParameter
from idp.flows.challenges import web_authn
from idp.flows.challenges.challenge import Challenge, Proof, Question, SignInContext
from idp.flows.challenges.password import require_password_of_import
from idp.flows.first_factors import available_challenges

PREFERENCE = "PREFERRED_CHALLENGE"
CHOICE = "ANSWER"
FIRST_INPUT: Mapping[str, str] = {PASSWORD: "PASSWORD", PASSWORD_SRP: "SRP_A", WEB_AUTHN: "CREDENTIAL"}
"""What completes a choice at once, when it comes with it."""


def start(context: SignInContext) -> Question:
    """Ask for a choice; what may be chosen stands beside the parameters.

    Unknown: where AWS tells clients what a passkey must sign that comes with the choice; here it is told with the question.
    """
    if WEB_AUTHN in available_challenges(context):
        return web_authn.start(context)
    return Question({})


def answer(context: SignInContext, responses: Mapping[str, str]) -> Proof:
    """Go on with the chosen challenge; one that InitiateAuth prefers and the user does not have is as good as none.

    Raises:
        InvalidParameter: the choice is none of those offered.
        PasswordResetRequired: as for a plain password.
    """
    require_password_of_import(context)
    choice = responses.get(CHOICE if context.is_answering else PREFERENCE)
    if choice is None or choice not in available_challenges(context):
        if context.is_answering:
            raise InvalidParameter("The selected challenge is not available for the user.")
        return Proof(asks=SELECT_CHALLENGE)
    is_answered = bool(responses.get(FIRST_INPUT.get(choice, "")))
    if choice == PASSWORD_SRP:
        return Proof(asks=PASSWORD_VERIFIER if is_answered else PASSWORD_SRP)
    is_asked = choice != WEB_AUTHN or "challenge" in context.secrets
    return Proof(asks=choice, is_answered=is_answered and is_asked)


def _begin_srp(_context: SignInContext, _responses: Mapping[str, str]) -> Proof:
    """Take the client's share, which PASSWORD_VERIFIER answers."""
    return Proof(asks=PASSWORD_VERIFIER)


CHALLENGE = Challenge(SELECT_CHALLENGE, start, answer, required=(CHOICE,))
BEGIN_SRP = Challenge(PASSWORD_SRP, lambda _: Question({}), _begin_srp, required=("SRP_A",))
CHALLENGES = (CHALLENGE, BEGIN_SRP)
