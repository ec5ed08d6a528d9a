"""Codes that were sent to users: kept as keyed digests, spent by one conditional DELETE."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from idp.store.tables.one_time import confirmation_codes as t

_FIND = sa.select(t).where(t.c.user_id == sa.bindparam("user_id"), t.c.purpose == sa.bindparam("purpose"))
_DROP = t.delete().where(t.c.user_id == sa.bindparam("user_id"), t.c.purpose == sa.bindparam("purpose"))
_SPEND = _DROP.where(t.c.mac == sa.bindparam("mac"))


@dataclass(frozen=True, slots=True)
class StoredCode:
    """A code that was sent.

    Attributes:
        purpose: `sign_up`, `reset_password`, `verify:email` ...
        mac: keyed digest of the code, hex.
        attribute: `email` or `phone_number`, whose address got it.
        pending_value: the new address that got it, which is not the user's before the code comes back.
    """

    user_id: int
    purpose: str
    mac: str
    attribute: str
    expires_at: datetime
    pending_value: str | None = field(default=None, repr=False)


class ConfirmationCodes:
    """The stored codes; one for each user and purpose, so that a new one ends the older."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, code: StoredCode) -> None:
        """Store a code in place of the user's older one for the purpose."""
        self._connection.execute(_DROP, {"user_id": code.user_id, "purpose": code.purpose})
        self._connection.execute(t.insert(), {column.name: getattr(code, column.name) for column in t.columns})

    def find(self, user_id: int, purpose: str) -> StoredCode | None:
        """Return the newest code for a purpose."""
        row = self._connection.execute(_FIND, {"user_id": user_id, "purpose": purpose}).mappings().first()
        return None if row is None else StoredCode(**row)

    def spend(self, code: StoredCode) -> bool:
        """Delete the code; False when somebody spent it first."""
        values = {"user_id": code.user_id, "purpose": code.purpose, "mac": code.mac}
        return self._connection.execute(_SPEND, values).rowcount == 1

    def drop(self, user_id: int, purpose: str) -> None:
        """Forget the code for a purpose, if there is one."""
        self._connection.execute(_DROP, {"user_id": user_id, "purpose": purpose})
