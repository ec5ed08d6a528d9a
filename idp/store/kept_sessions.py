"""Sealed sign-in sessions that clients do not carry: too long for the API, or not sent back by clients there are."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from idp.store.tables.one_time import kept_sessions as t

_FIND = sa.select(t.c.sealed).where(t.c.key == sa.bindparam("key"))
_REPLACE = (
    t.update()
    .where(t.c.key == sa.bindparam("b_key"))
    .values(sealed=sa.bindparam("renewed"), expires_at=sa.bindparam("until"))
)
_EXPIRED = t.delete().where(t.c.expires_at < sa.bindparam("moment"))


class KeptSessions:
    """The kept sessions."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def keep(self, key: str, sealed: str, *, until: datetime) -> None:
        """Keep a session under a key, in place of an earlier one."""
        with self._connection.begin_nested() as nested:
            try:
                self._connection.execute(t.insert(), {"key": key, "sealed": sealed, "expires_at": until})
            except sa.exc.IntegrityError:
                nested.rollback()
                self._connection.execute(_REPLACE, {"b_key": key, "renewed": sealed, "until": until})

    def find(self, key: str) -> str | None:
        """Return the session under a key; None when there is none."""
        found: str | None = self._connection.execute(_FIND, {"key": key}).scalar_one_or_none()
        return found

    def delete_expired(self, moment: datetime) -> int:
        """Forget sessions that expired before the moment; return how many."""
        return self._connection.execute(_EXPIRED, {"moment": moment}).rowcount
