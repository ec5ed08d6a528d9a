"""Sealed sign-in sessions that clients do not carry: too long for the API, or not sent back by clients there are."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from idp.store.tables.one_time import kept_sessions as t
from idp.store.types import Moment

_FIND = sa.select(t.c.sealed).where(t.c.key == sa.bindparam("key"))
_KEEP = sa.text(
    "INSERT INTO kept_sessions (key, sealed, expires_at) VALUES (:key, :sealed, :expires_at)"
    " ON CONFLICT (key) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at"
).bindparams(sa.bindparam("expires_at", type_=Moment))
_EXPIRED = t.delete().where(t.c.expires_at < sa.bindparam("moment"))


class KeptSessions:
    """The kept sessions."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def keep(self, key: str, sealed: str, *, until: datetime) -> None:
        """Keep a session under a key, in place of an earlier one."""
        self._connection.execute(_KEEP, {"key": key, "sealed": sealed, "expires_at": until})

    def find(self, key: str) -> str | None:
        """Return the session under a key; None when there is none."""
        found: str | None = self._connection.execute(_FIND, {"key": key}).scalar_one_or_none()
        return found

    def delete_expired(self, moment: datetime) -> int:
        """Forget sessions that expired before the moment; return how many."""
        return self._connection.execute(_EXPIRED, {"moment": moment}).rowcount
