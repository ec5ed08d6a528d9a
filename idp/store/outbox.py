"""Messages kept instead of sent, newest first."""

from __future__ import annotations

import sqlalchemy as sa

from idp.domain.message import Message
from idp.store.tables.messages import outbox as t
from idp.store.tables.user_pools import user_pools

_COLUMNS = [column.name for column in t.columns if column.name != "id"]


class Outbox:
    """The kept messages."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, message: Message) -> None:
        """Keep a message."""
        self._connection.execute(t.insert(), {name: getattr(message, name) for name in _COLUMNS})

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
        return [Message(**row) for row in self._connection.execute(query).mappings()]
