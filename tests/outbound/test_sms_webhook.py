"""SMS goes out by a webhook."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import orjson
import pytest

from idp.domain.errors import CodeDeliveryFailed
from idp.domain.message import Message
from idp.outbound.http import HttpClient
from idp.outbound.mail import MailerByMedium, SmsWebhook
from tests.fakes import START

MESSAGE = Message(
    pool_id="us-east-1_abcdefghi",
    username="ann",
    kind="SignUp",
    medium="SMS",
    recipient="+15555550100",
    subject="",
    body="Your verification code is 123456. ",
    sent_at=START,
)


class Webhook(HTTPServer):
    """Answers every POST with one status and keeps what came."""

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.status = status
        self.posts: list[tuple[str | None, dict[str, Any]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/sms"


class _Answer(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.headers["Authorization"], orjson.loads(body)))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def a_webhook(status: int) -> Iterator[Webhook]:
    with Webhook(status) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_an_sms_is_posted_as_json_with_the_bearer_token() -> None:
    with a_webhook(204) as webhook:
        SmsWebhook(HttpClient(), webhook.url, "t0ken").send(MESSAGE)
    body = {
        "to": "+15555550100",
        "body": "Your verification code is 123456. ",
        "kind": "SignUp",
        "userPoolId": "us-east-1_abcdefghi",
    }
    assert webhook.posts == [("Bearer t0ken", body)]


def test_no_authorization_is_sent_without_a_token() -> None:
    with a_webhook(200) as webhook:
        SmsWebhook(HttpClient(), webhook.url, None).send(MESSAGE)
    assert webhook.posts[0][0] is None


@pytest.mark.parametrize("status", [302, 400, 503])
def test_any_answer_but_2xx_is_a_failed_delivery(status: int) -> None:
    with a_webhook(status) as webhook, pytest.raises(CodeDeliveryFailed):
        SmsWebhook(HttpClient(), webhook.url, None).send(MESSAGE)


def test_a_webhook_that_is_away_is_a_failed_delivery() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(CodeDeliveryFailed):
        SmsWebhook(HttpClient(), f"http://127.0.0.1:{port}/", None).send(MESSAGE)


class Kept:
    """A mailer that keeps messages."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def send(self, message: Message) -> None:
        self.messages.append(message)


def test_each_medium_goes_its_own_way() -> None:
    email, sms = Kept(), Kept()
    MailerByMedium(email=email, sms=sms).send(MESSAGE)
    assert (email.messages, sms.messages) == ([], [MESSAGE])
