"""Leases: of several processes, the one that holds a name's lease does its work, until it gives it back or it ends."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from idp.store.tables.jobs import leases as t
from idp.store.types import Moment

_NAME: sa.BindParameter[str] = sa.bindparam("b_name")
_HOLDER: sa.BindParameter[str] = sa.bindparam("b_holder")
_NOW, _UNTIL = sa.bindparam("now", type_=Moment), sa.bindparam("until", type_=Moment)
_TAKE = t.update().where(t.c.name == _NAME, t.c.expires_at <= _NOW).values(holder=_HOLDER, expires_at=_UNTIL)
_RENEW = t.update().where(t.c.name == _NAME, t.c.holder == _HOLDER, t.c.expires_at > _NOW).values(expires_at=_UNTIL)
_GIVE_BACK = t.update().where(t.c.name == _NAME, t.c.holder == _HOLDER).values(expires_at=_NOW)
_MARK_DONE = t.update().where(t.c.name == _NAME).values(done_at=_NOW)
_DONE_AT = sa.select(t.c.done_at).where(t.c.name == _NAME)


class Leases:
    """The stored leases, by name."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def take(self, name: str, holder: str, *, now: datetime, until: datetime) -> bool:
        """Take a lease that nobody holds; False when somebody does (also when they came in the same moment)."""
        values = {"b_name": name, "b_holder": holder, "now": now, "until": until}
        if self._connection.execute(_TAKE, values).rowcount:
            return True
        try:
            with self._connection.begin_nested():
                self._connection.execute(t.insert(), {"name": name, "holder": holder, "expires_at": until})
        except sa.exc.IntegrityError:
            return False
        return True

    def renew(self, name: str, holder: str, *, now: datetime, until: datetime) -> bool:
        """Hold a lease for longer; False when it has ended: somebody else may hold it."""
        values = {"b_name": name, "b_holder": holder, "now": now, "until": until}
        return self._connection.execute(_RENEW, values).rowcount == 1

    def give_back(self, name: str, holder: str, *, now: datetime) -> None:
        """End a lease, if it is still the holder's."""
        self._connection.execute(_GIVE_BACK, {"b_name": name, "b_holder": holder, "now": now})

    def mark_done(self, name: str, *, now: datetime) -> None:
        """Remember that the lease's work was finished now."""
        self._connection.execute(_MARK_DONE, {"b_name": name, "now": now})

    def done_at(self, name: str) -> datetime | None:
        """Return when the lease's work was last finished; None when it never was."""
        return self._connection.execute(_DONE_AT, {"b_name": name}).scalar_one_or_none()
