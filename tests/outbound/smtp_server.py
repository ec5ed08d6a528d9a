"""A mail server on a loopback port that keeps what it is given (RFC 5321, as much as a client needs)."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class SmtpServer(socketserver.ThreadingTCPServer):
    """Takes every mail but those to addresses it is told to refuse; `logins` holds the AUTH lines."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *, asks_for_password: bool = False, refuses: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.asks_for_password = asks_for_password
        self.refuses = refuses
        self.mails: list[EmailMessage] = []
        self.logins: list[str] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Conversation(socketserver.StreamRequestHandler):
    server: SmtpServer

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.partition(" ")[0].upper()
            if verb == "DATA":
                self._say("354 go on")
                self._keep()
            if verb == "AUTH":
                self.server.logins.append(line)
            self._say(self._answer(verb, line))

    def _answer(self, verb: str, line: str) -> str:
        if verb == "EHLO":
            return "250-here\r\n250 AUTH PLAIN" if self.server.asks_for_password else "250 here"
        if verb == "RCPT" and self.server.refuses and self.server.refuses in line:
            return "550 no such mailbox"
        return {"AUTH": "235 welcome", "QUIT": "221 bye"}.get(verb, "250 fine")

    def _keep(self) -> None:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        self.server.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def smtp_server(*, asks_for_password: bool = False, refuses: str = "") -> Iterator[SmtpServer]:
    """Run a mail server while the block runs."""
    with SmtpServer(asks_for_password=asks_for_password, refuses=refuses) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
