"""SELECT_MFA_TYPE: the user chooses which second factor to be asked for; choosing proves nothing.

Source: spec USER_POOLS sections 1.7 and 5.4 (last line).
"""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from idp.domain import challenge as names
from idp.domain.errors import InvalidParameter
from idp.flows.challenges.challenge import Challenge, Proof, Question, SignInContext
from idp.flows.second_factors import choices_of

ALSO_CALLED = {"EMAIL_MFA": names.EMAIL_OTP}
"""Source: AWS "Authentication flows", which names the e-mail answer so, while clients say EMAIL_OTP."""


def start(context: SignInContext) -> Question:
    """Say which factors there are; a code is sent only for the chosen one."""
    assert context.user is not None, "nobody gets this far without a user"
    choices = list(choices_of(context.services, context.user_pool, context.user))
    return Question({"MFAS_CAN_CHOOSE": orjson.dumps(choices).decode(), "USER_ID_FOR_SRP": context.user.username})


def answer(context: SignInContext, responses: Mapping[str, str]) -> Proof:
    """Go on with the chosen factor, if the user can still be asked for it.

    Raises:
        InvalidParameter: it is not one of the choices.
    """
    assert context.user is not None, "nobody gets this far without a user"
    given = responses["ANSWER"]
    factor = ALSO_CALLED.get(given, given)
    if factor not in choices_of(context.services, context.user_pool, context.user):
        raise InvalidParameter("Invalid MFA type selected.")
    return Proof(asks=factor)


CHALLENGE = Challenge(names.SELECT_MFA_TYPE, start, answer, required=("ANSWER",))
