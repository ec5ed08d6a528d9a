"""Hashes of the passwords that users had before the one they have, so that they are not taken again."""

from __future__ import annotations

import sqlalchemy as sa

from idp.store.tables.users import password_history as t

_NEWEST = (
    sa.select(t.c.password_hash)
    .where(t.c.user_id == sa.bindparam("user_id"))
    .order_by(t.c.id.desc())
    .limit(sa.bindparam("limit"))
)
_LAST_KEPT = (
    sa.select(t.c.id)
    .where(t.c.user_id == sa.bindparam("b_user_id"))
    .order_by(t.c.id.desc())
    .limit(1)
    .offset(sa.bindparam("keep"))
    .scalar_subquery()
)
_DELETE_OLDER = t.delete().where(t.c.user_id == sa.bindparam("b_user_id"), t.c.id <= _LAST_KEPT)


class PasswordHistory:
    """The stored hashes, by user."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, user_id: int, password_hash: str, *, keep: int) -> None:
        """Remember one more hash of a user, and forget all but the newest `keep`."""
        self._connection.execute(t.insert(), {"user_id": user_id, "password_hash": password_hash})
        self._connection.execute(_DELETE_OLDER, {"b_user_id": user_id, "keep": keep})

    def newest(self, user_id: int, *, limit: int) -> list[str]:
        """Return up to `limit` hashes of a user, newest first."""
        return list(self._connection.execute(_NEWEST, {"user_id": user_id, "limit": limit}).scalars())
