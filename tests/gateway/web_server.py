"""A web server on a loopback port, which answers by script and remembers what it was sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Sent:
    """A request that arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class WebServer:
    """What the server shall answer, and what it was asked."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.answers: dict[str, bytes] = {}
        self.status = 200
        self.delay_s = 0.0
        self.given_up = threading.Event()
        self.headers: dict[str, str] = {}
        self.requests: list[Sent] = []


@contextmanager
def serve() -> Iterator[WebServer]:
    """Run a server."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            web.requests.append(Sent(self.command, self.path, headers, body))
            web.given_up.wait(web.delay_s)
            found = web.answers.get(self.path)
            content = b"" if found is None else found
            self.send_response(404 if found is None else web.status)
            self.send_header("Content-Length", str(len(content)))
            for name, value in web.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = answer

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web = WebServer(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield web
    finally:
        web.given_up.set()
        server.shutdown()
        thread.join()
        server.server_close()
