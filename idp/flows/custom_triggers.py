"""The three functions of a custom sign-in: what decides, what asks, and what judges.

They hear the client metadata of the present answer alone, never that of InitiateAuth.
Source: spec USER_POOLS sections 1.8, 1.13 and 8.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from idp.domain.challenge import CUSTOM_CHALLENGE
from idp.domain.custom_auth import SRP_A, CreatedChallenge, read_created, read_decision
from idp.domain.errors import InvalidParameter
from idp.domain.trigger import read_flag
from idp.flows.triggers import find_function, run_trigger, user_attributes, with_metadata

if TYPE_CHECKING:
    from idp.flows.challenges.challenge import SignInContext

NOT_CONFIGURED = "Custom auth lambda trigger is not configured for the user pool."


def define_auth_challenge(context: SignInContext) -> str | None:
    """Ask what comes next; None when tokens may be issued.

    Raises:
        NotAuthorized: the sign-in has failed.
        InvalidParameter: the pool has no such function.
        TriggerRefused, TriggerFailed, TriggerAnswerInvalid.
    """
    answer = _run(
        context,
        "DefineAuthChallenge",
        {"session": list(context.history)},
        ("challengeName", "issueTokens", "failAuthentication"),
    )
    return read_decision(answer, expects_password=[each["challengeName"] for each in context.history] == [SRP_A])


def create_auth_challenge(context: SignInContext) -> CreatedChallenge:
    """Have a challenge made; raises as `define_auth_challenge`."""
    answer = _run(
        context,
        "CreateAuthChallenge",
        {"challengeName": CUSTOM_CHALLENGE, "session": list(context.history)},
        ("publicChallengeParameters", "privateChallengeParameters", "challengeMetadata"),
    )
    return read_created(answer)


def verify_auth_challenge(context: SignInContext, private: Mapping[str, str], answer: str) -> bool:
    """Have an answer judged; raises as `define_auth_challenge`."""
    judged = _run(
        context,
        "VerifyAuthChallengeResponse",
        {"privateChallengeParameters": dict(private), "challengeAnswer": answer},
        ("answerCorrect",),
    )
    return read_flag(judged, "answerCorrect")


def _run(context: SignInContext, name: str, request: Mapping[str, Any], response: tuple[str, ...]) -> Mapping[str, Any]:
    if find_function(context.user_pool, name)[0] is None:
        raise InvalidParameter(NOT_CONFIGURED)
    user = context.user
    event = {"userAttributes": {} if user is None else user_attributes(context.user_pool, user), **request}
    if context.client.hides_unknown_users:
        event["userNotFound"] = user is None
    return run_trigger(
        context.services,
        context.user_pool,
        name,
        f"{name}_Authentication",
        client_id=context.client.id,
        username=context.username if user is None else user.username,
        request=with_metadata(event, context.client_metadata if context.is_answering else None),
        response=dict.fromkeys(response),
    )
