"""Running a pool's triggers: five seconds, three tries, and errors in Cognito's words (spec USER_POOLS section 8.1).

A trigger's function is a Lambda function, a webhook or a Python callable; the form of its name says which.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from idp.domain.errors import (
    AccessDenied,
    DomainError,
    InternalFailure,
    ResourceConflict,
    ResourceNotFound,
    TooManyRequests,
    TriggerAnswerInvalid,
    TriggerFailed,
    TriggerRefused,
)
from idp.domain.trigger_functions import is_callable, is_webhook
from idp.outbound.background import Background, Job

if TYPE_CHECKING:
    from idp.domain.trigger import TriggerCall
    from idp.outbound.trigger_records import TriggerRecords
    from idp.services import FunctionResult, Functions

TIMEOUT_S = 5.0
TRIES = 3
TIMED_OUT = b'"Sandbox.Timedout"'
ERROR_CODES: Mapping[type[DomainError], str] = {
    AccessDenied: "AccessDeniedException",
    InternalFailure: "ServiceException",
    ResourceConflict: "ResourceConflictException",
    ResourceNotFound: "ResourceNotFoundException",
    TooManyRequests: "TooManyRequestsException",
}
"""Why a function did not run, as Lambda's Invoke calls it.  Source: AWS Lambda API, Invoke, "Errors"."""

log = logging.getLogger(__name__)


class TriggerRuntime(Protocol):
    """Runs functions of one form."""

    def run(self, call: TriggerCall, payload: bytes, *, timeout_s: float | None) -> FunctionResult:
        """Run the function on a JSON event.

        Args:
            timeout_s: None for the limit of the function's own.

        Raises:
            DomainError: it could not be run, for a reason of `ERROR_CODES`.
        """
        ...


class LambdaFunctions:
    """Runs stored Lambda functions."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    def run(self, call: TriggerCall, payload: bytes, *, timeout_s: float | None) -> FunctionResult:
        """Run the function; as `TriggerRuntime`."""
        return self._functions.invoke(call.arn, payload, timeout_s=timeout_s)


class TriggerRunner:
    """Runs triggers of every form; thread-safe.

    Args:
        callables: None where Python callables are not allowed.
        records: None when runs are not remembered.
        submit: queues a job that nobody waits for; False when there is no room.
        monotonic: seconds of a clock that never goes back.
    """

    def __init__(
        self,
        *,
        lambdas: TriggerRuntime,
        webhooks: TriggerRuntime,
        callables: TriggerRuntime | None,
        records: TriggerRecords | None = None,
        submit: Callable[[Job], bool] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lambdas = lambdas
        self._webhooks = webhooks
        self._callables = callables
        self._records = records
        self._submit = submit or Background().submit
        self._monotonic = monotonic

    def invoke(self, call: TriggerCall) -> Mapping[str, object]:
        """Run one trigger and return its whole answer.

        Raises:
            TriggerRefused: the function answered with an error; its message is in ours.
            TriggerFailed: it could not be run, or was too slow three times.
            TriggerAnswerInvalid: its answer is not a JSON object.
        """
        answer: Mapping[str, object] = self._remembered(
            call, lambda: _answer_of(call, self._run(call, timeout_s=TIMEOUT_S))
        )
        return answer

    def enqueue(self, call: TriggerCall) -> None:
        """Run a trigger whose answer nobody waits for; it has its own time, and three tries when it fails.

        Raises:
            TriggerFailed: too many wait.
        """
        if not self._submit(partial(self._run_queued, call)):
            raise _failed(call, ERROR_CODES[TooManyRequests])

    def _run_queued(self, call: TriggerCall) -> None:
        for _ in range(TRIES):
            try:
                self._remembered(call, lambda: _said(call, self._run(call, timeout_s=None)))
            except DomainError as error:
                log.warning("%s of %s was not delivered: %s", call.source, call.pool_id, error.message)
            else:
                return

    def _remembered(self, call: TriggerCall, run: Callable[[], Any]) -> Any:
        if self._records is None:
            return run()
        started_s = self._monotonic()
        try:
            answer = run()
        except DomainError as error:
            self._records.add(call, None, error=error.message, duration_s=self._monotonic() - started_s)
            raise
        self._records.add(call, answer, error=None, duration_s=self._monotonic() - started_s)
        return answer

    def _run(self, call: TriggerCall, *, timeout_s: float | None) -> FunctionResult:
        """Run the function; one that is too slow gets two more tries, if somebody waits for it."""
        payload, runtime = orjson.dumps(call.event), self._runtime_of(call)
        for _ in range(1 if timeout_s is None else TRIES):
            try:
                result = runtime.run(call, payload, timeout_s=timeout_s)
            except tuple(ERROR_CODES) as error:
                raise _failed(call, _error_code(error)) from error
            if not _timed_out(result):
                return result
        raise _failed(call, "Socket timeout while invoking Lambda function")

    def _runtime_of(self, call: TriggerCall) -> TriggerRuntime:
        if is_webhook(call.arn):
            return self._webhooks
        if not is_callable(call.arn):
            return self._lambdas
        if self._callables is None:
            raise _failed(call, ERROR_CODES[AccessDenied])
        return self._callables


def _answer_of(call: TriggerCall, result: FunctionResult) -> Mapping[str, object]:
    """Return what a function answered, if it is an object."""
    answer = _said(call, result)
    if not isinstance(answer, dict):
        raise TriggerAnswerInvalid
    return answer


def _said(call: TriggerCall, result: FunctionResult) -> Any:
    """Return what a function answered, or raise what it refuses with."""
    try:
        answer = orjson.loads(result.payload)
    except orjson.JSONDecodeError as error:
        raise TriggerAnswerInvalid("Invalid lambda function output : Invalid JSON") from error
    if result.function_error is not None:
        said = answer.get("errorMessage", "") if isinstance(answer, dict) else ""
        raise TriggerRefused(f"{call.name} failed with error {said}.")
    return answer


def _failed(call: TriggerCall, reason: str) -> TriggerFailed:
    return TriggerFailed(f"{call.name} invocation failed due to error {reason}.")


def _error_code(error: DomainError) -> str:
    return next(code for kind, code in ERROR_CODES.items() if isinstance(error, kind))


def _timed_out(result: FunctionResult) -> bool:
    return result.function_error is not None and TIMED_OUT in result.payload
