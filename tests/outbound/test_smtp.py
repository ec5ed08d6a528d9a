"""E-mail goes out by SMTP."""

from __future__ import annotations

import base64
import socket
from dataclasses import replace

import pytest

from idp.domain.errors import CodeDeliveryFailed
from idp.domain.message import Message
from idp.outbound.mail import SmtpMailer
from tests.fakes import START
from tests.outbound.smtp_server import smtp_server

SENDER = "no-reply@idp.localhost"
MESSAGE = Message(
    pool_id="us-east-1_abcdefghi",
    username="ann",
    kind="SignUp",
    medium="EMAIL",
    recipient="ann@example.com",
    subject="Your verification code",
    body="Your verification code is <b>123456</b>. Grüße!",
    sent_at=START,
)


def test_an_email_arrives_as_html_with_subject_sender_and_recipient() -> None:
    with smtp_server() as server:
        SmtpMailer(f"smtp://{server.address}", SENDER).send(MESSAGE)
    mail = server.mails[0]
    assert (mail["From"], mail["To"], mail["Subject"]) == (SENDER, "ann@example.com", "Your verification code")
    assert mail.get_content_type() == "text/html"
    assert mail.get_content().strip() == "Your verification code is <b>123456</b>. Grüße!"


def test_an_email_comes_from_the_pools_own_sender() -> None:
    with smtp_server() as server:
        SmtpMailer(f"smtp://{server.address}", SENDER).send(replace(MESSAGE, sender="Shop <shop@example.com>"))
    assert server.mails[0]["From"] == "Shop <shop@example.com>"


def test_answers_go_where_the_pool_says() -> None:
    with smtp_server() as server:
        SmtpMailer(f"smtp://{server.address}", SENDER).send(replace(MESSAGE, reply_to="help@example.com"))
    assert server.mails[0]["Reply-To"] == "help@example.com"


def test_an_email_with_a_text_has_both_and_the_html_is_the_better_one() -> None:
    with smtp_server() as server:
        SmtpMailer(f"smtp://{server.address}", SENDER).send(replace(MESSAGE, text_body="123456. Grüße!"))
    text, markup = server.mails[0].iter_parts()
    assert server.mails[0].get_content_type() == "multipart/alternative"
    assert (text.get_content_type(), text.get_content().strip()) == ("text/plain", "123456. Grüße!")
    assert (markup.get_content_type(), markup.get_content().strip()) == ("text/html", MESSAGE.body)


def test_the_urls_user_and_password_log_in() -> None:
    with smtp_server(asks_for_password=True) as server:
        SmtpMailer(f"smtp://me:p%40ss@{server.address}", SENDER).send(MESSAGE)
    assert base64.b64decode(server.logins[0].removeprefix("AUTH PLAIN ")) == b"\0me\0p@ss"


def test_nothing_is_sent_when_the_server_takes_no_password_but_one_is_set() -> None:
    with smtp_server() as server, pytest.raises(CodeDeliveryFailed):
        SmtpMailer(f"smtp://me:secret@{server.address}", SENDER).send(MESSAGE)
    assert server.mails == []


def test_a_refused_recipient_is_a_failed_delivery() -> None:
    with smtp_server(refuses="ann@") as server, pytest.raises(CodeDeliveryFailed):
        SmtpMailer(f"smtp://{server.address}", SENDER).send(MESSAGE)


def test_a_server_that_is_away_is_a_failed_delivery() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(CodeDeliveryFailed):
        SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER).send(MESSAGE)


@pytest.mark.parametrize(
    "forged",
    [
        replace(MESSAGE, subject="Hello\r\nBcc: eve@example.com"),
        replace(MESSAGE, recipient="ann@example.com\r\nBcc: eve@example.com"),
        replace(MESSAGE, sender="shop@example.com\nBcc: eve@example.com"),
    ],
    ids=["subject", "recipient", "sender"],
)
def test_a_line_break_smuggles_no_header_in(forged: Message) -> None:
    with smtp_server() as server, pytest.raises(CodeDeliveryFailed):
        SmtpMailer(f"smtp://{server.address}", SENDER).send(forged)
    assert server.mails == []
