"""Running stored functions: in the Lambda runtime, as their execution role, now or from a queue."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from idp.backends.lambda_runtime import FunctionCode, FunctionThrottled, InvalidCode, LambdaRuntime, RoleCredentials
from idp.domain.errors import DomainError, InternalFailure, TooManyRequests
from idp.domain.function import LATEST
from idp.domain.function_name import parse_function_name
from idp.flows.execution_roles import issue_execution_session
from idp.outbound.background import Background
from idp.services import FunctionResult

if TYPE_CHECKING:
    from idp.domain.function import Function
    from idp.services import Services

ASYNCHRONOUS_TRIES = 3
"""Of an event whose function fails.  Source: Lambda developer guide, "Error handling for asynchronous invocation" (two
retries, after one and two minutes; here they follow at once)."""

_log = logging.getLogger(__name__)


class StoredFunctions:
    """Runs functions of the database; thread-safe.  No process, thread or socket is there before the first invocation.

    Args:
        services: gives the process's services, of which this object is one.
    """

    def __init__(self, services: Callable[[], Services]) -> None:
        self._services = services
        self._starting = threading.Lock()
        self._runtime: LambdaRuntime | None = None
        self._queue = Background()

    def invoke(
        self, arn: str, payload: bytes, *, timeout_s: float | None = None, client_context: str | None = None
    ) -> FunctionResult:
        """Run the function synchronously.

        Raises:
            ResourceNotFound: no such function.
            TooManyRequests: every process is busy.
            InternalFailure: the deployment package cannot be unpacked.
        """
        function = self._get(arn)
        try:
            result = self._started_runtime().invoke(
                self._code_of(function),
                payload,
                region=function.region,
                timeout_s=timeout_s,
                client_context=client_context,
            )
        except FunctionThrottled as error:
            raise TooManyRequests("Rate Exceeded.") from error
        except InvalidCode as error:
            raise InternalFailure("Lambda could not unzip the deployment package.") from error
        return FunctionResult(
            payload=result.payload,
            function_error=None if result.function_error is None else "Unhandled",
            executed_version=result.executed_version,
            log_tail=result.log_tail,
        )

    def enqueue(self, arn: str, payload: bytes, *, client_context: str | None = None) -> None:
        """Run the function later; if it fails, again up to three times in all.

        Raises:
            ResourceNotFound: no such function.
            TooManyRequests: too many events wait.
        """
        self._get(arn)
        if not self._queue.submit(partial(self._run_queued, arn, payload, client_context)):
            raise TooManyRequests("Rate Exceeded.")

    def forget(self, arn: str) -> None:
        """End the processes of a function that was deleted or updated; busy ones finish their event first."""
        with self._starting:
            runtime = self._runtime
        if runtime is not None:
            runtime.forget(arn)

    def reset(self) -> None:
        """End every process: the database was emptied."""
        with self._starting:
            runtime, self._runtime = self._runtime, None
        if runtime is not None:
            runtime.close()

    def close(self) -> None:
        """End every process for good; later invocations are throttled."""
        self._queue.close()
        self._started_runtime().close()

    def _get(self, arn: str) -> Function:
        settings = self._services().settings
        wanted = parse_function_name(arn, account=settings.account, region=settings.region)
        wanted.require_latest()
        function = self._services().catalog.functions.find(wanted.arn)
        if function is None:
            raise wanted.with_qualifier(LATEST).not_found()
        return function

    def _run_queued(self, arn: str, payload: bytes, client_context: str | None) -> None:
        for _ in range(ASYNCHRONOUS_TRIES):
            try:
                if self.invoke(arn, payload, client_context=client_context).function_error is None:
                    return
            except DomainError as error:
                _log.warning("an event for %s was not delivered: %s", arn, error.message)
        _log.warning("an event for %s was given up after %d tries", arn, ASYNCHRONOUS_TRIES)

    def _started_runtime(self) -> LambdaRuntime:
        with self._starting:
            if self._runtime is None:
                settings = self._services().settings
                self._runtime = LambdaRuntime(
                    directory=settings.data / "functions",
                    endpoint_url=lambda: settings.base_url,
                    credentials=self._credentials_of,
                )
            return self._runtime

    def _code_of(self, function: Function) -> FunctionCode:
        return FunctionCode(
            arn=function.arn,
            name=function.name,
            version=LATEST,
            revision=function.revision_id,
            handler=function.handler,
            runtime=function.runtime,
            timeout_s=function.timeout_s,
            memory_mb=function.memory_mb,
            environment=function.environment or {},
            zip_bytes=partial(self._zip_of, function),
        )

    def _zip_of(self, function: Function) -> bytes:
        with self._services().reading() as work:
            code = work.functions.find_code(function.account, function.region, function.name)
        if code is None:
            raise InvalidCode(f"{function.arn} was deleted")
        return code

    def _credentials_of(self, code: FunctionCode) -> RoleCredentials | None:
        return issue_execution_session(self._services(), self._get(code.arn))
