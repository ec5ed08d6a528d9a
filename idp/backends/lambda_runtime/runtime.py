"""Run functions: find or start a process, hand it the event, and put the answer into Lambda's words."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from math import ceil
from pathlib import Path
from uuid import uuid4

from idp.backends.lambda_runtime.environment import function_environment
from idp.backends.lambda_runtime.function import FunctionCode, InvokeResult, RoleCredentials
from idp.backends.lambda_runtime.invocation_log import InvocationLog, log_path
from idp.backends.lambda_runtime.pool import Kind, WarmPool
from idp.backends.lambda_runtime.sandbox import EventNotTaken, Invocation, Outcome, Sandbox
from idp.backends.lambda_runtime.task_root import unpacked


class LambdaRuntime:
    """Runs Python handlers in processes of their own; thread-safe.

    The processes are no security boundary against one another: they run with the server's own uid. They get none of its
    variables and descriptors, and end with it, however it ends.

    Args:
        directory: holds unpacked code and logs; several servers may share it.
        endpoint_url: where AWS SDKs inside functions send their requests.
        credentials: a new session of the function's role, for one process; `None` when it has no role.
        max_processes: of all functions together; past it, idle processes make room, and calls wait.
        idle_s: how long a process is kept without work.
        wait_s: how long a call waits when every process is busy.
        monotonic: seconds of a clock that never goes back.
    """

    def __init__(
        self,
        *,
        directory: Path,
        endpoint_url: Callable[[], str],
        credentials: Callable[[FunctionCode], RoleCredentials | None],
        max_processes: int = 16,
        idle_s: float = 300,
        wait_s: float = 2,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._directory = directory.absolute()
        self._endpoint_url = endpoint_url
        self._credentials = credentials
        self._monotonic = monotonic
        self._pool = WarmPool(max_processes=max_processes, idle_s=idle_s, wait_s=wait_s, monotonic=monotonic)

    def invoke(
        self,
        function: FunctionCode,
        payload: bytes,
        *,
        region: str,
        timeout_s: float | None = None,
        client_context: str | None = None,
        identity: Mapping[str, str] | None = None,
    ) -> InvokeResult:
        """Run the handler on one event and wait for its answer.

        Args:
            function: what to run, at which revision.
            payload: the event, JSON.
            region: what SDKs inside the function take for theirs.
            timeout_s: shortens the function's own timeout; loading its module is not counted.
            client_context: JSON.
            identity: `cognitoIdentityId` and `cognitoIdentityPoolId` of whoever calls.

        Raises:
            FunctionThrottled: all processes are busy.
            InvalidCode: the deployment package cannot be unpacked.
        """
        request_id = str(uuid4())
        log = InvocationLog(log_path(self._directory / "logs", function))
        limit_s = function.timeout_s if timeout_s is None else min(timeout_s, function.timeout_s)
        headers = partial(_headers, request_id, function.arn, limit_s, _context_headers(client_context, identity))
        log.add_line(f"START RequestId: {request_id} Version: {function.version}")
        invocation = Invocation(request_id, payload, limit_s, headers=headers, take_output=log.add)
        outcome = self._run(function, region, invocation, log)
        return InvokeResult(
            payload=outcome.payload,
            function_error="Unhandled" if outcome.is_error else None,
            executed_version=function.version,
            log_tail=log.close(),
        )

    def forget(self, arn: str) -> None:
        """End the processes of a function that was deleted or updated; busy ones finish their event first.

        Args:
            arn: with a version, or without for all of them.
        """
        self._pool.forget(arn)

    def close(self) -> None:
        """End all processes; later invocations are throttled."""
        self._pool.close()

    def _run(self, function: FunctionCode, region: str, invocation: Invocation, log: InvocationLog) -> Outcome:
        kind = Kind(function.arn, function.version, region, function.revision)
        while True:
            with self._pool.lease(kind, partial(self._start, function, region)) as sandbox:
                try:
                    return self._run_in(sandbox, function, invocation, log)
                except EventNotTaken:
                    continue

    def _run_in(self, sandbox: Sandbox, function: FunctionCode, invocation: Invocation, log: InvocationLog) -> Outcome:
        is_cold = sandbox.init_s is None
        started_at = self._monotonic()
        outcome = sandbox.run(invocation)
        init_s = sandbox.init_s if is_cold else None
        duration_s = self._monotonic() - started_at - (init_s or 0.0)
        report = _report(function, duration_s, init_s=init_s, peak_memory_mb=sandbox.process.peak_memory_mb)
        if outcome.note:
            log.add_line(_note(invocation.request_id, outcome.note))
        log.add_line(f"END RequestId: {invocation.request_id}")
        log.add_line(f"REPORT RequestId: {invocation.request_id}\t{report}")
        return outcome

    def _start(self, function: FunctionCode, region: str) -> Sandbox:
        task_root = unpacked(self._directory / "code", function)
        environment = function_environment(
            function,
            task_root,
            region=region,
            endpoint_url=self._endpoint_url(),
            credentials=self._credentials(function),
        )
        return Sandbox(function.handler, task_root, environment=environment, monotonic=self._monotonic)


def _headers(request_id: str, function_arn: str, limit_s: float, context: Mapping[str, str]) -> Mapping[str, str]:
    """Return the headers beside an event that leaves now; the handler reads its deadline by the system's clock."""
    now_ms = time.time_ns() // 1_000_000
    return {
        "Lambda-Runtime-Aws-Request-Id": request_id,
        "Lambda-Runtime-Deadline-Ms": str(now_ms + int(limit_s * 1000)),
        "Lambda-Runtime-Invoked-Function-Arn": function_arn,
        "Lambda-Runtime-Trace-Id": f"Root=1-{now_ms // 1000:08x}-{request_id.replace('-', '')[:24]};Sampled=0",
        **context,
    }


def _context_headers(client_context: str | None, identity: Mapping[str, str] | None) -> Mapping[str, str]:
    headers = {}
    if client_context is not None:
        headers["Lambda-Runtime-Client-Context"] = json.dumps(json.loads(client_context))
    if identity is not None:
        headers["Lambda-Runtime-Cognito-Identity"] = json.dumps(dict(identity))
    return headers


def _report(function: FunctionCode, duration_s: float, *, init_s: float | None, peak_memory_mb: int | None) -> str:
    """Return the figures of a REPORT line, each followed by a tab as Lambda writes them."""
    figures = [
        f"Duration: {duration_s * 1000:.2f} ms",
        f"Billed Duration: {ceil(duration_s * 1000)} ms",
        f"Memory Size: {function.memory_mb} MB",
    ]
    if peak_memory_mb is not None:
        figures.append(f"Max Memory Used: {peak_memory_mb} MB")
    if init_s is not None:
        figures.append(f"Init Duration: {init_s * 1000:.2f} ms")
    return "\t".join(figures) + "\t"


def _note(request_id: str, note: str) -> str:
    return f"{datetime.now(UTC).isoformat(timespec='milliseconds').replace('+00:00', 'Z')} {request_id} {note}"
