"""A pool whose functions sign people in, for tests: right is one word, and three wrong answers are too many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.aws.cognito_idp.people import Pool, a_pool, with_ann

if TYPE_CHECKING:
    from tests.fakes import ScriptedTriggers

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:custom"
NAMES = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")
CONFIG: dict[str, Any] = dict.fromkeys(NAMES, FUNCTION)
WORD = "open sesame"

Event = Mapping[str, Any]
Response = dict[str, Any]


def answering(function: Callable[[Event], Response]) -> Callable[[Event], Response]:
    """Return a trigger that answers its event with this `response`."""
    return lambda event: {**event, "response": {**event["response"], **function(event)}}


def ask_for_the_word(event: Event) -> Response:
    """Let the password come first where SRP does; issue tokens for the word, and fail after three wrong ones."""
    session = event["request"]["session"]
    if [each["challengeName"] for each in session] == ["SRP_A"]:
        return {"challengeName": "PASSWORD_VERIFIER", "issueTokens": False, "failAuthentication": False}
    asked = [each for each in session if each["challengeName"] == "CUSTOM_CHALLENGE"]
    if asked and asked[-1]["challengeResult"]:
        return {"issueTokens": True, "failAuthentication": False}
    if len(asked) == 3:
        return {"issueTokens": False, "failAuthentication": True}
    return {"challengeName": "CUSTOM_CHALLENGE", "issueTokens": False, "failAuthentication": False}


def make_the_question(event: Event) -> Response:
    """Ask for the word."""
    count = len(event["request"]["session"])
    return {
        "publicChallengeParameters": {"hint": "to the cave"},
        "privateChallengeParameters": {"word": WORD},
        "challengeMetadata": f"WORD-{count}",
    }


def compare_the_word(event: Event) -> Response:
    """Judge an answer."""
    request = event["request"]
    return {"answerCorrect": request["challengeAnswer"] == request["privateChallengeParameters"]["word"]}


def script(triggers: ScriptedTriggers) -> None:
    """Let the three functions do as above."""
    triggers.on("DefineAuthChallenge", answering(ask_for_the_word))
    triggers.on("CreateAuthChallenge", answering(make_the_question))
    triggers.on("VerifyAuthChallengeResponse", answering(compare_the_word))


def a_custom_pool(idp: Any, *, settings: dict[str, Any] | None = None, **client: Any) -> Pool:
    """Make a pool with the three functions, and Ann in it."""
    return with_ann(a_pool(idp, settings={"LambdaConfig": CONFIG, **(settings or {})}, **client))


def requests_of(triggers: ScriptedTriggers, name: str) -> list[Any]:
    """Return what a function was asked so far: the events' `request`."""
    return [call.event["request"] for call in triggers.calls if call.name == name]
