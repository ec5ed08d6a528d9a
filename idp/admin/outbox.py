"""The outbox: messages to users of the account's pools, kept instead of sent, with the codes in them."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from idp.admin.call import Call
from idp.admin.records import Answer, Record, Text

MAX_MESSAGES = 200


class OutboxQuery(Record):
    """Which messages are wanted."""

    model_config = ConfigDict(strict=False)

    to: Text | None = Field(default=None, max_length=2048, description="An address or a username; all when left out.")
    limit: int = Field(default=50, ge=1, le=MAX_MESSAGES, description="How many messages at most.")


class OutboxMessage(Answer):
    """A message."""

    id: int
    user_pool_id: str
    username: str
    kind: str
    medium: Literal["EMAIL", "SMS"]
    to: str
    subject: str
    body: str = Field(repr=False)
    code: str | None = Field(default=None, repr=False, description="The code or temporary password in it.")
    sent_at: str = Field(json_schema_extra={"format": "date-time"})


class Messages(Answer):
    """Messages, newest first."""

    items: list[OutboxMessage]


def list_messages(call: Call, query: OutboxQuery) -> Messages:
    """List the newest messages to users of the account's pools."""
    with call.services.reading() as work:
        messages = work.outbox.list_newest(to=query.to, account=call.account, limit=query.limit)
    return Messages(items=[OutboxMessage.model_validate(each.describe()) for each in messages])
