"""Counters of attempts: failed passwords in a row, codes asked for in an hour. They hold across processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from idp.store.tables.one_time import attempts as t
from idp.store.types import Moment

_KEY = (
    t.c.pool_id == sa.bindparam("b_pool_id"),
    t.c.subject == sa.bindparam("b_subject"),
    t.c.kind == sa.bindparam("b_kind"),
)
_FIND = sa.select(t).where(*_KEY)
_CLEAR = t.delete().where(*_KEY)
_SINCE = sa.bindparam("since", type_=Moment)
_MOMENT = sa.bindparam("moment", type_=Moment)
_INCREASE = (
    t.update()
    .where(*_KEY, t.c.count == sa.bindparam("seen_count"), t.c.last_at == sa.bindparam("seen_at", type_=Moment))
    .values(
        count=sa.case((t.c.last_at <= _SINCE, 1), else_=t.c.count + 1),
        first_at=sa.case((t.c.last_at <= _SINCE, _MOMENT), else_=t.c.first_at),
        last_at=_MOMENT,
    )
)
_INCREASE_WITHIN = (
    t.update()
    .where(*_KEY, sa.or_(t.c.first_at <= _SINCE, t.c.count < sa.bindparam("allowed", type_=sa.Integer)))
    .values(
        count=sa.case((t.c.first_at <= _SINCE, 1), else_=t.c.count + 1),
        first_at=sa.case((t.c.first_at <= _SINCE, _MOMENT), else_=t.c.first_at),
        last_at=_MOMENT,
    )
)
_OLD = t.delete().where(t.c.last_at < sa.bindparam("moment"))


@dataclass(frozen=True, slots=True)
class AttemptCount:
    """How often something was tried, first and last when."""

    count: int
    first_at: datetime
    last_at: datetime


class Attempts:
    """The stored counters, by pool, subject (a username, real or not) and kind."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def find(self, pool_id: str, subject: str, kind: str) -> AttemptCount | None:
        """Return a counter; None when nothing was counted."""
        row = self._connection.execute(_FIND, _key(pool_id, subject, kind)).mappings().first()
        return None if row is None else AttemptCount(row["count"], row["first_at"], row["last_at"])

    def increase(
        self,
        pool_id: str,
        subject: str,
        kind: str,
        moment: datetime,
        *,
        seen: AttemptCount | None,
        idle_since: datetime,
    ) -> bool:
        """Count one more, if the counter is still as it was seen; one that was idle since `idle_since` begins anew.

        Returns:
            False, and nothing counted, when somebody else counted or forgot meanwhile.
        """
        if seen is None:
            return self._begin(pool_id, subject, kind, moment)
        values = {"moment": moment, "since": idle_since, "seen_count": seen.count, "seen_at": seen.last_at}
        return self._connection.execute(_INCREASE, {**_key(pool_id, subject, kind), **values}).rowcount == 1

    def increase_within(
        self, pool_id: str, subject: str, kind: str, moment: datetime, *, limit: int, since: datetime
    ) -> bool:
        """Count one more, unless the limit is reached; a counter that began before `since` begins anew.

        Returns:
            False, and nothing counted, when the limit is reached: exact also when many try at once.
        """
        key = _key(pool_id, subject, kind)
        values = {**key, "moment": moment, "since": since, "allowed": limit}
        if self._connection.execute(_INCREASE_WITHIN, values).rowcount:
            return True
        if self._begin(pool_id, subject, kind, moment):
            return True
        # There is a counter: a full one, or one that another process began in the same moment.
        return self._connection.execute(_INCREASE_WITHIN, values).rowcount == 1

    def clear(self, pool_id: str, subject: str, kind: str) -> None:
        """Forget a counter."""
        self._connection.execute(_CLEAR, _key(pool_id, subject, kind))

    def delete_older(self, moment: datetime) -> int:
        """Forget counters that nothing was added to since the moment; return how many."""
        return self._connection.execute(_OLD, {"moment": moment}).rowcount

    def _begin(self, pool_id: str, subject: str, kind: str, moment: datetime) -> bool:
        """Begin a counter at one; False when there is one."""
        row = {"pool_id": pool_id, "subject": subject, "kind": kind, "count": 1, "first_at": moment, "last_at": moment}
        try:
            with self._connection.begin_nested():
                self._connection.execute(t.insert(), row)
        except sa.exc.IntegrityError:
            return False
        return True


def _key(pool_id: str, subject: str, kind: str) -> dict[str, str]:
    return {"b_pool_id": pool_id, "b_subject": subject, "b_kind": kind}
