"""Sealed one-time strings (sign-in sessions, SRP's secret block) that were used: remembered until they expire anyway."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from idp.store.tables.one_time import spent_tickets as t
from idp.store.types import Moment

_SPEND = sa.text(
    "INSERT INTO spent_tickets (id, expires_at) VALUES (:id, :expires_at) ON CONFLICT DO NOTHING"
).bindparams(sa.bindparam("expires_at", type_=Moment))
_EXPIRED = t.delete().where(t.c.expires_at < sa.bindparam("moment"))
_IS_SPENT = sa.select(t.c.id).where(t.c.id == sa.bindparam("id"))


class SpentTickets:
    """The list of used tickets."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def spend(self, ticket_id: str, expires_at: datetime) -> bool:
        """Use a ticket; False when it was used before (also by another process at the same moment)."""
        return self._connection.execute(_SPEND, {"id": ticket_id, "expires_at": expires_at}).rowcount == 1

    def is_spent(self, ticket_id: str) -> bool:
        """Say whether a ticket was used."""
        return self._connection.execute(_IS_SPENT, {"id": ticket_id}).first() is not None

    def delete_expired(self, moment: datetime) -> int:
        """Forget tickets that expired before the moment; return how many."""
        return self._connection.execute(_EXPIRED, {"moment": moment}).rowcount
