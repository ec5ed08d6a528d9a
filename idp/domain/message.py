"""A message to a person: what it says and where it goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Medium = Literal["EMAIL", "SMS"]


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is ready to be sent.

    Attributes:
        kind: why it is sent: `SignUp`, `ResendCode`, `ForgotPassword`, `AdminCreateUser`, ...
        recipient: e-mail address or E.164 number.
        code: the confirmation code or temporary password in it, for the outbox to show; None when it has none.
        sender: address of the pool's EmailConfiguration; None for the default.
        reply_to: where answers to an e-mail go; None for the sender.
        text_body: an e-mail's body for readers that show no HTML; None where there is none. The outbox shows `body` alone.
    """

    pool_id: str
    username: str
    kind: str
    medium: Medium
    recipient: str
    subject: str
    body: str = field(repr=False)
    sent_at: datetime
    code: str | None = field(default=None, repr=False)
    sender: str | None = None
    reply_to: str | None = None
    text_body: str | None = field(default=None, repr=False)
    id: int = 0

    def describe(self) -> dict[str, Any]:
        """Return the message as the outbox shows it, as JSON."""
        return {
            "id": self.id,
            "userPoolId": self.pool_id,
            "username": self.username,
            "kind": self.kind,
            "medium": self.medium,
            "to": self.recipient,
            "subject": self.subject,
            "body": self.body,
            "code": self.code,
            "sentAt": self.sent_at.isoformat(),
        }
