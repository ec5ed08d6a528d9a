"""Ways out for messages: the outbox table, SMTP, and a webhook for SMS."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from contextlib import AbstractContextManager
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import orjson

from idp.domain.errors import CodeDeliveryFailed

if TYPE_CHECKING:
    from idp.domain.message import Message
    from idp.outbound.http import HttpClient
    from idp.services import Mailer

TIMEOUT_S = 10.0


class OutboxMailer:
    """Keeps messages in the database, for whoever develops against the server."""

    def __init__(self, unit_of_work: Callable[[], AbstractContextManager[Any]]) -> None:
        self._unit_of_work = unit_of_work

    def send(self, message: Message) -> None:
        """Keep the message."""
        with self._unit_of_work() as work:
            work.outbox.add(message)
            work.commit()


class SmtpMailer:
    """Hands e-mail to an SMTP server (RFC 5321), with TLS by `smtps://` or STARTTLS where the server offers it."""

    def __init__(self, url: str, sender: str) -> None:
        """Connect to nothing yet.

        Args:
            url: `smtp://` or `smtps://`, with user and password in it when the server asks for them.
        """
        self._url = urlsplit(url)
        self._sender = sender

    def send(self, message: Message) -> None:
        """Send the message as HTML, beside a text where it has one (multipart/alternative, RFC 2046 section 5.1.4).

        Raises:
            CodeDeliveryFailed: the server does not take it, or an address or the subject breaks the mail format.
        """
        try:
            mail = self._mail(message)
            with self._connect() as server:
                self._greet(server)
                server.send_message(mail)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise CodeDeliveryFailed from error

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = message.sender or self._sender
        if message.reply_to is not None:
            mail["Reply-To"] = message.reply_to
        mail["To"] = message.recipient
        mail["Subject"] = message.subject
        if message.text_body is None:
            mail.set_content(message.body, subtype="html")
        else:
            mail.set_content(message.text_body)
            mail.add_alternative(message.body, subtype="html")
        return mail

    def _connect(self) -> smtplib.SMTP:
        host = self._url.hostname or "localhost"
        if self._url.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, self._url.port or 465, timeout=TIMEOUT_S, context=context)
        return smtplib.SMTP(host, self._url.port or 25, timeout=TIMEOUT_S)

    def _greet(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self._url.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))


class SmsWebhook:
    """Posts SMS as JSON `{"to", "body", "kind", "userPoolId"}` to a URL; any 2xx answer means taken."""

    def __init__(self, http: HttpClient, url: str, token: str | None) -> None:
        self._http = http
        self._url = url
        self._token = token

    def send(self, message: Message) -> None:
        """Post the message; raises CodeDeliveryFailed when the webhook does not take it."""
        body = {"to": message.recipient, "body": message.body, "kind": message.kind, "userPoolId": message.pool_id}
        headers = {"Content-Type": "application/json"}
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            answer = self._http.request("POST", self._url, headers=headers, body=orjson.dumps(body))
        except OSError as error:
            raise CodeDeliveryFailed from error
        if answer.status // 100 != 2:
            raise CodeDeliveryFailed


class MailerByMedium:
    """Sends e-mail one way and SMS another."""

    def __init__(self, *, email: Mailer, sms: Mailer) -> None:
        self._email = email
        self._sms = sms

    def send(self, message: Message) -> None:
        """Send the message by its medium."""
        (self._email if message.medium == "EMAIL" else self._sms).send(message)
