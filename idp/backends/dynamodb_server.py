"""Tables that several worker processes share: moto's DynamoDB in a process of its own, on a loopback port.

The process that calls `start` hands the secret over its standard input, reads the port from its standard output, and keeps
the pipe open: the server ends when nobody holds it any more, however the others end.
"""

from __future__ import annotations

import hmac
import re
import secrets
import subprocess
import sys
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, NamedTuple, cast

from idp.backends.dynamodb_forward import SECRET_HEADER, SERVICE_HEADER
from idp.backends.dynamodb_in_process import InProcessTables
from idp.services import BackendRequest

MAX_BODY_BYTES = 16 * 1024 * 1024
STOPPING_S = 5.0
SCOPE = re.compile(r"Credential=(?P<account>\d{12})/\d{8}/(?P<region>[a-z0-9-]+)/dynamodb/")


class TableServer(NamedTuple):
    """A running server.

    Attributes:
        secret: what requests must bring; never printed.
    """

    process: subprocess.Popen[bytes]
    url: str
    secret: str

    def __repr__(self) -> str:
        return f"TableServer({self.url})"


def start() -> TableServer:
    """Start a server and wait until it listens."""
    secret = secrets.token_urlsafe(32)
    process = subprocess.Popen(
        [sys.executable, "-m", "idp.backends.dynamodb_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,
    )
    lifeline, output = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    lifeline.write(f"{secret}\n".encode())
    port = int(output.readline())
    output.close()
    return TableServer(process, f"http://127.0.0.1:{port}", secret)


def stop(server: TableServer) -> None:
    """End a server, and its tables with it."""
    cast("IO[bytes]", server.process.stdin).close()
    server.process.terminate()
    server.process.wait(STOPPING_S)


def main() -> None:
    """Serve until standard input is closed."""
    secret = sys.stdin.buffer.readline().strip().decode()
    with _Server(secret) as server:
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.buffer.read()
        server.shutdown()


class _Server(ThreadingHTTPServer):
    """Listens on a free loopback port."""

    def __init__(self, secret: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.secret = secret
        self.tables = InProcessTables()


class _Handler(BaseHTTPRequestHandler):
    """Answers the requests that bring the secret."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        """Run a DynamoDB request."""
        request = self._request() if self._is_ours() else None
        if request is None:
            self.close_connection = True
            self._answer(403, {}, b"")
            return
        response = self.server.tables.call(request)
        self._answer(response.status, response.headers, response.body)

    def do_DELETE(self) -> None:
        """Delete all tables."""
        if not self._is_ours():
            self._answer(403, {}, b"")
            return
        self.server.tables.reset()
        self._answer(204, {}, b"")

    def log_message(self, *_: object) -> None:
        """Log nothing: the workers log what they serve."""

    def _request(self) -> BackendRequest | None:
        scope = SCOPE.search(self.headers.get("Authorization", ""))
        size = self.headers.get("Content-Length", "")
        if scope is None or not size.isdecimal() or int(size) > MAX_BODY_BYTES:
            return None
        target = {"X-Amz-Target": self.headers.get("X-Amz-Target", "")}
        service = self.headers.get(SERVICE_HEADER, "dynamodb")
        return BackendRequest(service, scope["account"], scope["region"], target, self.rfile.read(int(size)))

    def _is_ours(self) -> bool:
        given = self.headers.get(SECRET_HEADER, "")
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self.server.secret.encode())

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    main()
