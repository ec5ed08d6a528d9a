"""Small Lambda functions for the tests: source text in, a function that the runtime can run out."""

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from os import close, pidfd_open
from pathlib import Path
from select import select
from typing import Any
from zipfile import ZipFile

from idp.backends.lambda_runtime import FunctionCode, LambdaRuntime, RoleCredentials

REGION = "eu-west-1"
ARN = "arn:aws:lambda:eu-west-1:000000000000:function:greeter"

ROLE_SESSION = RoleCredentials("ASIAROLE", "role-secret", "role-token")


@contextmanager
def a_runtime(directory: Path, **different: Any) -> Iterator[LambdaRuntime]:
    """Give a runtime that leaves nothing running."""
    usual: dict[str, Any] = {"endpoint_url": lambda: "http://localhost:9229", "credentials": lambda _: ROLE_SESSION}
    runtime = LambdaRuntime(directory=directory, **(usual | different))
    try:
        yield runtime
    finally:
        runtime.close()


def packed(files: Mapping[str, str]) -> bytes:
    """Return a deployment package that holds the given files."""
    package = BytesIO()
    with ZipFile(package, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return package.getvalue()


def a_function(source: str, **different: Any) -> FunctionCode:
    """Return a function whose module `app` has the given source."""
    usual: dict[str, Any] = {
        "arn": ARN,
        "name": "greeter",
        "version": "$LATEST",
        "revision": "1",
        "handler": "app.handler",
        "runtime": "python3.11",
        "timeout_s": 5.0,
        "memory_mb": 128,
        "environment": {},
        "zip_bytes": lambda: packed({"app.py": source}),
    }
    return FunctionCode(**(usual | different))


def called(runtime: LambdaRuntime, function: FunctionCode, event: Any = None, **options: Any) -> Any:
    """Return what the handler answered, parsed; options are those of `invoke`."""
    return json.loads(runtime.invoke(function, json.dumps(event).encode(), region=REGION, **options).payload)


@contextmanager
def watched(pid: int) -> Iterator[Callable[[], bool]]:
    """Give a question to ask of a running process: did it end, at the latest within five seconds from now?"""
    descriptor = pidfd_open(pid)
    try:
        yield lambda: bool(select([descriptor], [], [], 5)[0])
    finally:
        close(descriptor)


class Meeting:
    """A place where running handlers report their process id and wait until they are let go."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._guests: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]

    def next_pid(self, *, within_s: float = 5) -> int:
        """Wait for a handler to arrive, and return its process id."""
        self._listener.settimeout(within_s)
        guest, _ = self._listener.accept()
        self._guests.append(guest)
        return int.from_bytes(guest.recv(4), "big")

    def end(self) -> None:
        """Let all who came go on."""
        for guest in self._guests:
            guest.close()

    def close(self) -> None:
        """End the meeting for good."""
        self.end()
        self._listener.close()
