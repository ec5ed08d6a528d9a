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
_COLUMNS = [column for column in t.columns if column is not t.c.account]
_WRITTEN = [column.name for column in _COLUMNS if column is not t.c.id]
_ACCOUNT = sa.select(user_pools.c.account).where(user_pools.c.id == sa.bindparam("pool_id")).scalar_subquery()
_INSERT = t.insert().values(
    {name: sa.bindparam(name, type_=t.c[name].type) for name in _WRITTEN} | {"account": _ACCOUNT}
)


class Outbox:
    """The kept messages."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, message: Message) -> None:
        """Keep a message."""
        row = {name: getattr(message, name) for name in _WRITTEN}
        row |= {name: self._seals.seal(PURPOSE, row[name].encode(), context=_context(row)) for name in _present(row)}
        self._connection.execute(_INSERT, row)

    def list_newest(self, *, to: str | None = None, account: str | None = None, limit: int = 50) -> list[Message]:
        """Return up to `limit` messages, newest first.

        Args:
            to: an address or a username; None for all.
            account: whose pools' messages; None for all.
        """
        query = sa.select(*_COLUMNS).order_by(t.c.id.desc()).limit(limit)
        if to is not None:
            query = query.where(t.c.id.in_(_ids_to(to, account, limit)))
        elif account is not None:
            query = query.where(t.c.account == account)
        return [self._message(row) for row in self._connection.execute(query).mappings()]

    def _message(self, row: sa.RowMapping) -> Message:
        opened = {name: self._seals.open(PURPOSE, row[name], context=_context(row)).decode() for name in _present(row)}
        return Message(**{**row, **opened})


def _ids_to(to: str, account: str | None, limit: int) -> sa.CompoundSelect[Any]:
    """Find the newest by address and the newest by username, each by an index: what is the newest of all is among them."""
    newest = sa.select(t.c.id).order_by(t.c.id.desc()).limit(limit)
    if account is not None:
        newest = newest.where(t.c.account == account)
    found = [newest.where(column == to).subquery() for column in (t.c.recipient, t.c.username)]
    return sa.union_all(*(sa.select(each.c.id) for each in found))


def _present(row: Any) -> list[str]:
    return [name for name in _SEALED if row[name] is not None]


def _context(row: Any) -> bytes:
    return f"{row['pool_id']}/{row['recipient']}".encode()
