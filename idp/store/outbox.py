"""Messages kept instead of sent, newest first; what they say is sealed, for there are codes and passwords in it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from idp.domain.message import Message
from idp.store.sealing import Seals
from idp.store.tables.messages import outbox as t
from idp.store.tables.user_pools import user_pools

PURPOSE = "outbox"
_SEALED = ("body", "code")
_COLUMNS = [column.name for column in t.columns if column.name != "id"]


class Outbox:
    """The kept messages."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, message: Message) -> None:
        """Keep a message."""
        row = {name: getattr(message, name) for name in _COLUMNS}
        row |= {name: self._seals.seal(PURPOSE, row[name].encode(), context=_context(row)) for name in _present(row)}
        self._connection.execute(t.insert(), row)

    def list_newest(self, *, to: str | None = None, account: str | None = None, limit: int = 50) -> list[Message]:
        """Return up to `limit` messages, newest first.

        Args:
            to: an address or a username; None for all.
            account: whose pools' messages; None for all.
        """
        query = sa.select(t).order_by(t.c.id.desc()).limit(limit)
        if to is not None:
            query = query.where(sa.or_(t.c.recipient == to, t.c.username == to))
        if account is not None:
            query = query.join(user_pools, user_pools.c.id == t.c.pool_id).where(user_pools.c.account == account)
        return [self._message(row) for row in self._connection.execute(query).mappings()]

    def _message(self, row: sa.RowMapping) -> Message:
        opened = {name: self._seals.open(PURPOSE, row[name], context=_context(row)).decode() for name in _present(row)}
        return Message(**{**row, **opened})


def _present(row: Any) -> list[str]:
    return [name for name in _SEALED if row[name] is not None]


def _context(row: Any) -> bytes:
    return f"{row['pool_id']}/{row['recipient']}".encode()
