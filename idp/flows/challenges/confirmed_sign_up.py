"""The code of ConfirmSignUp in place of the first factor: its Session signs in who has just confirmed.

No client is ever asked this; it is answered by InitiateAuth with that Session.
Source: AWS API_InitiateAuth, Session; spec USER_POOLS section 1.9, last row of the requests.
"""

from __future__ import annotations

from collections.abc import Mapping

from idp.domain.challenge import SELECT_CHALLENGE
from idp.domain.errors import InvalidSession
from idp.domain.first_factor import ONE_TIME
from idp.flows.challenges.challenge import Challenge, Proof, Question, SignInContext
from idp.flows.first_factors import available_challenges
from idp.flows.sign_up_sessions import CONFIRMED_SIGN_UP


def start(context: SignInContext) -> Question:
    """Refuse: this is never asked."""
    del context
    raise InvalidSession


def answer(context: SignInContext, responses: Mapping[str, str]) -> Proof:
    """Take the code that was given back for the factor of its kind, if the user may sign in by that; else let them choose."""
    del responses
    factor = next(factor for factor, attribute in ONE_TIME.items() if attribute == context.secrets["attribute"])
    if factor in available_challenges(context):
        return Proof(passes=factor)
    return Proof(asks=SELECT_CHALLENGE)


CHALLENGE = Challenge(CONFIRMED_SIGN_UP, start, answer, required=())
