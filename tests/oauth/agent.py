"""A client's own server on this machine, with the metadata document that it names itself by."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

OWN_CALLBACK = "https://agent.example.com/callback"


class Agent(BaseHTTPRequestHandler):
    """Answers every request with what the server holds, and counts."""

    server: AgentServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class AgentServer(ThreadingHTTPServer):
    """A client's own server, with its metadata document."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Agent)
        self.asked: list[str] = []
        self.status = 200
        self.headers = {"Content-Type": "application/json"}
        self.body = b""
        self.document: dict[str, Any] = {
            "client_id": self.url,
            "client_name": "Agent",
            "redirect_uris": [OWN_CALLBACK],
            "grant_types": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_method": "none",
        }
        self.says()

    @property
    def url(self) -> str:
        """Return the URL of the document."""
        return f"http://localhost:{self.server_port}/client.json"

    @property
    def listed_url(self) -> str:
        """Return the URL as the API spells it."""
        return self.url.replace("http://", "https://")

    def says(self, **changes: Any) -> None:
        """Serve the document, with some members changed."""
        self.body = json.dumps({**self.document, **changes}).encode()
