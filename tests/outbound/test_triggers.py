"""Triggers run as Lambda functions; what goes wrong is told in Cognito's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from idp.domain.errors import (
    DomainError,
    ResourceNotFound,
    TooManyRequests,
    TriggerAnswerInvalid,
    TriggerFailed,
    TriggerRefused as Refused,
)
from idp.domain.trigger import TriggerCall
from idp.outbound.triggers import LambdaFunctions, TriggerRunner
from idp.services import FunctionResult

ARN = "arn:aws:lambda:us-east-1:000000000000:function:gate"
POOL_ID = "us-east-1_abcdefghi"
CALL = TriggerCall("PreSignUp", "PreSignUp_SignUp", ARN, {"version": "1", "userPoolId": POOL_ID, "response": {}})
TOO_SLOW = FunctionResult(b'{"errorType":"Sandbox.Timedout","errorMessage":"too slow"}', "Unhandled", "$LATEST")


class ScriptedFunctions:
    """Functions that answer by script, one answer a call; the last one stays."""

    def __init__(self, *answers: Callable[[], FunctionResult]) -> None:
        self._answers = list(answers)
        self.payloads: list[tuple[str, bytes, float | None]] = []

    def invoke(
        self, arn: str, payload: bytes, *, timeout_s: float | None = None, client_context: str | None = None
    ) -> FunctionResult:
        self.payloads.append((arn, payload, timeout_s))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return answer()

    def forget(self, arn: str) -> None:
        """Keep nothing."""


def runner(functions: Any) -> TriggerRunner:
    lambdas = LambdaFunctions(functions)
    return TriggerRunner(lambdas=lambdas, webhooks=lambdas, callables=None)


def says(payload: bytes) -> Callable[[], FunctionResult]:
    return lambda: FunctionResult(payload, None, "$LATEST")


def fails(payload: bytes) -> Callable[[], FunctionResult]:
    return lambda: FunctionResult(payload, "Unhandled", "$LATEST")


def too_slow() -> FunctionResult:
    return TOO_SLOW


def missing() -> FunctionResult:
    raise ResourceNotFound


def busy() -> FunctionResult:
    raise TooManyRequests


def test_the_function_gets_the_event_and_five_seconds() -> None:
    functions = ScriptedFunctions(says(b'{"response":{"autoConfirmUser":true}}'))
    assert runner(functions).invoke(CALL) == {"response": {"autoConfirmUser": True}}
    assert functions.payloads == [(ARN, orjson.dumps(CALL.event), 5.0)]


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (
            fails(b'{"errorMessage":"callback is not a function"}'),
            Refused,
            "failed with error callback is not a function.",
        ),
        (fails(b'["no object"]'), Refused, "failed with error ."),
        (missing, TriggerFailed, "invocation failed due to error ResourceNotFoundException."),
        (busy, TriggerFailed, "invocation failed due to error TooManyRequestsException."),
        (too_slow, TriggerFailed, "invocation failed due to error Socket timeout while invoking Lambda function."),
    ],
    ids=["error", "error without a message", "missing", "throttled", "too slow"],
)
def test_a_function_that_fails_is_told_by_the_triggers_name(
    answer: Callable[[], FunctionResult], kind: type[DomainError], message: str
) -> None:
    with pytest.raises(kind) as refusal:
        runner(ScriptedFunctions(answer)).invoke(CALL)
    assert refusal.value.message == f"PreSignUp {message}"


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (b"not json", "Invalid lambda function output : Invalid JSON"),
        (b"", "Invalid lambda function output : Invalid JSON"),
        (b"null", "Unrecognizable lambda output"),
        (b"[]", "Unrecognizable lambda output"),
    ],
)
def test_an_answer_that_is_no_event_is_refused(payload: bytes, message: str) -> None:
    with pytest.raises(TriggerAnswerInvalid) as refusal:
        runner(ScriptedFunctions(says(payload))).invoke(CALL)
    assert refusal.value.message == message


def test_a_slow_function_is_tried_three_times() -> None:
    functions = ScriptedFunctions(too_slow, too_slow, says(b'{"response":{}}'))
    assert runner(functions).invoke(CALL) == {"response": {}}
    assert len(functions.payloads) == 3


def test_a_function_that_answered_with_an_error_is_not_tried_again() -> None:
    functions = ScriptedFunctions(fails(b'{"errorMessage":"no"}'))
    with pytest.raises(Refused):
        runner(functions).invoke(CALL)
    assert len(functions.payloads) == 1
