"""Authentication events: rows to `AuthEvent` and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from idp.domain.risk import AuthEvent, Risk
from idp.store.tables.risk import auth_events as t
from idp.store.types import Document, Moment

_UPDATE = (
    t.update()
    .where(t.c.id == sa.bindparam("b_id"), t.c.user_id == sa.bindparam("b_user_id"))
    .values(
        response=sa.bindparam("response"),
        risk=sa.bindparam("risk", type_=Document),
        challenges=sa.bindparam("challenges", type_=Document),
    )
)
_GIVE_FEEDBACK = (
    t.update()
    .where(t.c.id == sa.bindparam("b_id"), t.c.user_id == sa.bindparam("b_user_id"))
    .values(feedback=sa.bindparam("feedback", type_=Document))
)
_OF_USER = sa.select(t).where(t.c.user_id == sa.bindparam("b_user_id"))
_NEWEST = (t.c.created_at.desc(), t.c.id.desc())
_FIRST_PAGE = _OF_USER.order_by(*_NEWEST).limit(sa.bindparam("limit"))
_NEXT_PAGE = (
    _OF_USER.where(
        sa.tuple_(t.c.created_at, t.c.id) < sa.tuple_(sa.bindparam("moment", type_=Moment), sa.bindparam("b_id"))
    )
    .order_by(*_NEWEST)
    .limit(sa.bindparam("limit"))
)
_OLDER = t.delete().where(t.c.created_at < sa.bindparam("moment"))


class AuthEvents:
    """The stored events."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, event: AuthEvent) -> None:
        """Store an event, or how one that was stored went on."""
        row = _row(event)
        going_on = {name: row[name] for name in ("response", "risk", "challenges")}
        if self._connection.execute(_UPDATE, {"b_id": event.id, "b_user_id": event.user_id, **going_on}).rowcount == 0:
            self._connection.execute(t.insert(), row)

    def list_newest(self, user_id: int, *, limit: int, after: tuple[datetime, str] | None = None) -> list[AuthEvent]:
        """Return up to `limit` events of a user, newest first, after the place (moment, id) given."""
        if after is None:
            rows = self._connection.execute(_FIRST_PAGE, {"b_user_id": user_id, "limit": limit})
        else:
            values = {"b_user_id": user_id, "limit": limit, "moment": after[0], "b_id": after[1]}
            rows = self._connection.execute(_NEXT_PAGE, values)
        return [AuthEvent(**{**row, "risk": Risk(**row["risk"])}) for row in rows.mappings()]

    def give_feedback(self, user_id: int, event_id: str, feedback: dict[str, Any]) -> bool:
        """Note what is thought of an event; False when the user has no such event."""
        values = {"b_id": event_id, "b_user_id": user_id, "feedback": feedback}
        return self._connection.execute(_GIVE_FEEDBACK, values).rowcount == 1

    def delete_older(self, moment: datetime) -> int:
        """Delete events from before the moment; return how many."""
        return self._connection.execute(_OLDER, {"moment": moment}).rowcount


def _row(event: AuthEvent) -> dict[str, Any]:
    return {**{column.name: getattr(event, column.name) for column in t.columns}, "risk": asdict(event.risk)}
