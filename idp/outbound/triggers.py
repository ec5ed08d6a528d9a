"""Running a pool's Lambda triggers: five seconds, three tries, and errors in Cognito's words (spec USER_POOLS section 8.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import orjson

from idp.domain.errors import ResourceNotFound, TooManyRequests, TriggerAnswerInvalid, TriggerFailed, TriggerRefused

if TYPE_CHECKING:
    from idp.domain.trigger import TriggerCall
    from idp.services import FunctionResult, Functions

TIMEOUT_S = 5.0
TRIES = 3


class LambdaTriggers:
    """Runs triggers as stored Lambda functions."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    def invoke(self, call: TriggerCall) -> Mapping[str, object]:
        """Run one trigger and return its whole answer.

        Raises:
            TriggerRefused: the function answered with an error; its message is in ours.
            TriggerFailed: it could not be run, or was too slow three times.
            TriggerAnswerInvalid: its answer is not a JSON object.
        """
        result = self._run(call)
        try:
            answer = orjson.loads(result.payload)
        except orjson.JSONDecodeError as error:
            raise TriggerAnswerInvalid("Invalid lambda function output : Invalid JSON") from error
        if result.function_error is not None:
            said = answer.get("errorMessage", "") if isinstance(answer, dict) else ""
            raise TriggerRefused(f"{call.name} failed with error {said}.")
        if not isinstance(answer, dict):
            raise TriggerAnswerInvalid
        return answer

    def _run(self, call: TriggerCall) -> FunctionResult:
        payload = orjson.dumps(call.event)
        for _ in range(TRIES):
            try:
                result = self._functions.invoke(call.arn, payload, timeout_s=TIMEOUT_S)
            except ResourceNotFound as error:
                raise TriggerFailed(f"{call.name} invocation failed due to error ResourceNotFoundException.") from error
            except TooManyRequests as error:
                raise TriggerFailed(f"{call.name} invocation failed due to error TooManyRequestsException.") from error
            if not _timed_out(result):
                return result
        raise TriggerFailed(
            f"{call.name} invocation failed due to error Socket timeout while invoking Lambda function."
        )


def _timed_out(result: FunctionResult) -> bool:
    return result.function_error is not None and b'"Sandbox.Timedout"' in result.payload
