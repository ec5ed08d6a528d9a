"""One process of one function, and the conversation with it: it takes one event after another.

No thread waits for a process: whoever invokes the function serves its Runtime API for as long as the invocation lasts.
Between invocations the process's request for the next event waits in its socket.
"""

import selectors
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from idp.backends.lambda_runtime import failures
from idp.backends.lambda_runtime.api import BodyTooLarge, Closed, Connection, Request
from idp.backends.lambda_runtime.process import FunctionProcess

_INIT_LIMIT_S = 10.0
"""What loading the handler's module may take before the function's own timeout begins.

Source: Lambda developer guide, "Understanding the Lambda execution environment lifecycle", Init phase.
"""

_MAX_CONNECTIONS = 8


class EventNotTaken(Exception):
    """A process that had served before ended without asking for this event, which another process may have."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """One event on its way to a handler.

    Attributes:
        headers: what the Runtime API sends beside the event; with the request id, without line breaks.
        take_output: receives what the process prints.
    """

    request_id: str
    payload: bytes = field(repr=False)
    timeout_s: float
    headers: Callable[[], Mapping[str, str]] = field(repr=False)
    take_output: Callable[[bytes], None] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an invocation ended.

    Attributes:
        is_error: whether `payload` describes an error.
        note: the runtime's own word for the log, or empty.
    """

    payload: bytes = field(repr=False)
    is_error: bool = False
    note: str = ""


class Sandbox:
    """A function's process with its Runtime API; for one thread at a time, but for `kill`.

    Args:
        environment: all variables of the process but AWS_LAMBDA_RUNTIME_API.
        monotonic: seconds of a clock that never goes back.

    Attributes:
        started_at: by `monotonic`.
        init_s: what loading the handler's module took; `None` until it is loaded.
        is_reusable: whether the last event left the process fit for another one.
    """

    def __init__(
        self, handler: str, task_root: Path, *, environment: Mapping[str, str], monotonic: Callable[[], float]
    ) -> None:
        self._monotonic = monotonic
        self.started_at = monotonic()
        self.init_s: float | None = None
        self.is_reusable = False
        self._deadline = 0.0
        self._is_delivered = False
        self._has_exited = False
        self._connections: set[Connection] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        try:
            self.process = FunctionProcess(handler, task_root, environment={**environment, **self._address()})
        except BaseException:
            self._listener.close()
            raise
        self._listener.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(self.process.output, selectors.EVENT_READ, self._forward_output)
        self._selector.register(self.process.exit, selectors.EVENT_READ, self._notice_exit)

    def run(self, invocation: Invocation) -> Outcome:
        """Hand the event to the process and wait for its answer, its end, or the end of its time.

        Raises:
            EventNotTaken: the process was warm, and ended before it asked for the event.
        """
        init_limit_s = _INIT_LIMIT_S if self.init_s is None else 0.0
        self._deadline = self._monotonic() + invocation.timeout_s + init_limit_s
        self._is_delivered = self.is_reusable = False
        try:
            return self._converse(invocation)
        except TimeoutError:
            note = failures.timeout_sentence(invocation.timeout_s)
            return Outcome(failures.timed_out(invocation.request_id, invocation.timeout_s), is_error=True, note=note)
        except BodyTooLarge:
            return Outcome(failures.response_too_large(), is_error=True)
        finally:
            self._forward_output(invocation)

    def close(self) -> None:
        """End the process group and let go of all descriptors."""
        self.process.close()
        self._selector.close()
        self._listener.close()
        for connection in self._connections:
            connection.close()

    def _address(self) -> Mapping[str, str]:
        host, port = self._listener.getsockname()
        return {"AWS_LAMBDA_RUNTIME_API": f"{host}:{port}"}

    def _converse(self, invocation: Invocation) -> Outcome:
        while events := self._wait():
            for key, _ in events:
                take_turn: Callable[[Invocation], Outcome | None] = key.data
                outcome = take_turn(invocation)
                if outcome is not None:
                    return outcome
        return self._outcome_of_exit(invocation)

    def _wait(self) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready; nothing once the process has ended and all it said is heard.

        Raises:
            TimeoutError: the invocation's time is over.
        """
        remaining_s = self._remaining_s()
        if remaining_s <= 0:
            raise TimeoutError
        events = self._selector.select(0 if self._has_exited else remaining_s)
        if not events and not self._has_exited:
            raise TimeoutError
        return events

    def _remaining_s(self) -> float:
        return self._deadline - self._monotonic()

    def _accept(self, _: Invocation) -> None:
        try:
            peer, _address = self._listener.accept()
        except (BlockingIOError, ConnectionError):
            return
        if len(self._connections) >= _MAX_CONNECTIONS:
            peer.close()
            return
        connection = Connection(peer, remaining_s=self._remaining_s)
        self._connections.add(connection)
        self._selector.register(connection, selectors.EVENT_READ, partial(self._serve, connection))

    def _forward_output(self, invocation: Invocation) -> None:
        output = self.process.read_output()
        if output:
            invocation.take_output(output)
        elif output == b"" and self.process.output in self._selector.get_map():
            self._selector.unregister(self.process.output)

    def _notice_exit(self, _: Invocation) -> None:
        self._has_exited = True
        self._selector.unregister(self.process.exit)

    def _serve(self, connection: Connection, invocation: Invocation) -> Outcome | None:
        try:
            return self._answer(connection, connection.receive(), invocation)
        except Closed:
            self._selector.unregister(connection)
            self._connections.remove(connection)
            connection.close()
            return None

    def _answer(self, connection: Connection, request: Request, invocation: Invocation) -> Outcome | None:
        if not self._is_delivered:
            return self._begin(connection, request, invocation)
        report = request.reports(invocation.request_id)
        if report is None:
            connection.refuse("400 Bad Request", "InvalidRequestID", "Invalid request ID")
            return None
        connection.accept_report()
        self.is_reusable = True
        return Outcome(request.body, is_error=report == "error")

    def _begin(self, connection: Connection, request: Request, invocation: Invocation) -> Outcome | None:
        """Answer a process that has not been handed the event yet."""
        if request.asks_next:
            self._deliver(connection, invocation)
            return None
        if request.reports_init_error:
            connection.accept_report()
            return Outcome(request.body, is_error=True)
        connection.refuse("403 Forbidden", "InvalidStateTransition", "No invocation is in progress")
        return None

    def _deliver(self, connection: Connection, invocation: Invocation) -> None:
        now = self._monotonic()
        if self.init_s is None:
            self.init_s = now - self.started_at
        self._deadline = now + invocation.timeout_s
        self._is_delivered = True
        connection.answer("200 OK", invocation.payload, invocation.headers())

    def _outcome_of_exit(self, invocation: Invocation) -> Outcome:
        if self.init_s is not None and not self._is_delivered:
            raise EventNotTaken
        returncode = self.process.kill()
        note = f"{failures.exit_sentence(returncode)}\nRuntime.ExitError"
        return Outcome(failures.exited(invocation.request_id, returncode), is_error=True, note=note)
