"""The Lambda Runtime API over HTTP/1.1: one listener per process, whose only client is the runtime interface client.

Nothing here waits without a deadline, since the code at the other end is the user's.
Source: Lambda developer guide, "Using the Lambda runtime API for custom runtimes".
"""

import json
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from idp.backends.lambda_runtime.failures import MAX_PAYLOAD_BYTES

_VERSION = "/2018-06-01"
_MAX_HEAD_BYTES = 2 * 1024 * 1024
"""The client sends up to 1 MB of X-Ray cause in one header."""

_CHUNK_BYTES = 256 * 1024
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")
_INVOCATION = re.compile(_VERSION + r"/runtime/invocation/(?P<request_id>[^/]+)/(?P<report>response|error)")


class Closed(Exception):
    """The other end closed the connection, or spoke something that is not HTTP."""


class BodyTooLarge(Exception):
    """A body is larger than an invocation may answer."""


@dataclass(frozen=True, slots=True)
class Request:
    """One call of the runtime interface client."""

    method: str
    path: str
    body: bytes = field(repr=False)

    @property
    def asks_next(self) -> bool:
        """Whether the process waits for an invocation."""
        return (self.method, self.path) == ("GET", f"{_VERSION}/runtime/invocation/next")

    @property
    def reports_init_error(self) -> bool:
        """Whether the handler's module could not be loaded."""
        return (self.method, self.path) == ("POST", f"{_VERSION}/runtime/init/error")

    def reports(self, request_id: str) -> str | None:
        """Return `response` or `error` when this ends the given invocation."""
        match = _INVOCATION.fullmatch(self.path)
        if self.method != "POST" or match is None or match["request_id"] != request_id:
            return None
        return match["report"]


class Connection:
    """One kept connection from a function's process.

    Args:
        remaining_s: seconds the current invocation has left; at zero, `TimeoutError` is raised.
    """

    def __init__(self, peer: socket.socket, *, remaining_s: Callable[[], float]) -> None:
        self._peer = peer
        self._remaining_s = remaining_s
        self._received = bytearray()
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def fileno(self) -> int:
        """Return the descriptor to select on."""
        return self._peer.fileno()

    def close(self) -> None:
        """Close the socket."""
        self._peer.close()

    def receive(self) -> Request:
        """Read one request with its whole body.

        Raises:
            Closed: at the end of the stream, or when it is not HTTP.
            BodyTooLarge: past `MAX_PAYLOAD_BYTES`; the rest of the body stays unread.
            TimeoutError: the invocation's time is over.
        """
        method, path, headers = self._receive_head()
        if "100-continue" in headers.get("expect", ""):
            self._send(b"HTTP/1.1 100 Continue\r\n\r\n")
        return Request(method, path, self._receive_body(headers))

    def answer(self, status: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Send one response; `status` is code and reason, such as `202 Accepted`.

        Raises:
            Closed: the other end is gone.
            TimeoutError: the invocation's time is over.
        """
        lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._send("\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body)

    def accept_report(self) -> None:
        """Acknowledge the end of an invocation or of a failed start."""
        self.answer("202 Accepted", b'{"status":"OK"}\n', {})

    def refuse(self, status: str, error_type: str, message: str) -> None:
        """Send an error of the Runtime API."""
        self.answer(status, json.dumps({"errorMessage": message, "errorType": error_type}).encode(), {})

    def _receive_head(self) -> tuple[str, str, Mapping[str, str]]:
        head = self._read_through(b"\r\n\r\n", max_bytes=_MAX_HEAD_BYTES).decode("latin-1")
        request_line, *lines = head.split("\r\n")
        words = request_line.split(" ")
        if len(words) != 3:
            raise Closed
        headers = (line.partition(":") for line in lines)
        return words[0], words[1], {name.lower(): value.strip() for name, _, value in headers}

    def _receive_body(self, headers: Mapping[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._receive_chunks()
        length = headers.get("content-length", "0")
        if not length.isdecimal():
            raise Closed
        return self._read_exactly(_within_limit(int(length)))

    def _receive_chunks(self) -> bytes:
        body = bytearray()
        while size := self._receive_chunk_size():
            _within_limit(len(body) + size)
            body += self._read_exactly(size)
            self._read_through(b"\r\n", max_bytes=0)
        while self._read_through(b"\r\n", max_bytes=_MAX_HEAD_BYTES):
            pass
        return bytes(body)

    def _receive_chunk_size(self) -> int:
        digits = self._read_through(b"\r\n", max_bytes=1024).partition(b";")[0].strip()
        if not _CHUNK_SIZE.fullmatch(digits):
            raise Closed
        return int(digits, 16)

    def _read_through(self, end: bytes, *, max_bytes: int) -> bytes:
        """Read up to and including `end`, and return what stands before it."""
        start = 0
        while (position := self._received.find(end, start)) < 0:
            start = max(0, len(self._received) - len(end) + 1)
            if start > max_bytes:
                raise Closed
            self._fill()
        return self._take(position + len(end))[:position]

    def _read_exactly(self, count: int) -> bytes:
        while len(self._received) < count:
            self._fill()
        return self._take(count)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._received[:count])
        del self._received[:count]
        return taken

    def _fill(self) -> None:
        self._allow_time()
        try:
            received = self._peer.recv(_CHUNK_BYTES)
        except ConnectionError as error:
            raise Closed from error
        if not received:
            raise Closed
        self._received += received

    def _send(self, message: bytes) -> None:
        self._allow_time()
        try:
            self._peer.sendall(message)
        except ConnectionError as error:
            raise Closed from error

    def _allow_time(self) -> None:
        """Let the next call of the socket last no longer than the invocation may."""
        remaining_s = self._remaining_s()
        if remaining_s <= 0:
            raise TimeoutError
        self._peer.settimeout(remaining_s)


def _within_limit(count: int) -> int:
    if count > MAX_PAYLOAD_BYTES:
        raise BodyTooLarge
    return count
