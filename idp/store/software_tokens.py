"""Users' authenticator apps: the secret that counts, the one that waits for its first code, and the last code taken.

Secrets are sealed. Every change is one conditional write, so that no code is taken twice and no secret comes to count that
another request has replaced.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from idp.domain.errors import ConcurrentModification
from idp.store.sealing import Seals
from idp.store.tables.users import software_tokens as t

PURPOSE = "software-token"

_OF_USER = t.c.user_id == sa.bindparam("b_user_id")
_FIND = sa.select(t).where(_OF_USER)
_HAS = sa.select(t.c.user_id).where(_OF_USER, t.c.secret.is_not(None))
_BEGIN = t.update().where(_OF_USER).values(pending_secret=sa.bindparam("pending"))
_REGISTER = (
    t.update()
    .where(_OF_USER, t.c.pending_secret == sa.bindparam("b_pending"))
    .values(
        secret=t.c.pending_secret,
        pending_secret=None,
        last_step=sa.bindparam("step"),
        friendly_name=sa.bindparam("name"),
    )
)
_REGISTER_FIRST = (
    t.update()
    .where(_OF_USER, t.c.secret.is_(None))
    .values(
        secret=sa.bindparam("sealed"),
        pending_secret=None,
        last_step=sa.bindparam("step"),
        friendly_name=sa.bindparam("name"),
    )
)
_SPEND = (
    t.update()
    .where(_OF_USER, t.c.secret == sa.bindparam("b_sealed"), t.c.last_step < sa.bindparam("step"))
    .values(last_step=sa.bindparam("step"))
)
_DELETE = t.delete().where(_OF_USER)


@dataclass(frozen=True, slots=True)
class SoftwareToken:
    """A user's authenticator app as it is stored.

    Attributes:
        secret: base32; None until a first app is registered.
        pending_secret: base32, of an app that has given no code yet.
        last_step: time step of the last code that was taken; no code of it or before is good.
        sealed: what the store compares to know that nobody replaced the secret.
        pending_sealed: likewise of the pending one.
    """

    user_id: int
    secret: str | None = field(repr=False)
    pending_secret: str | None = field(repr=False)
    last_step: int
    friendly_name: str | None
    sealed: str | None = field(repr=False)
    pending_sealed: str | None = field(repr=False)


class SoftwareTokens:
    """The stored apps, one a user."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def find(self, user_id: int) -> SoftwareToken | None:
        """Return a user's app, registered or waiting; None when there is neither."""
        row = self._connection.execute(_FIND, {"b_user_id": user_id}).mappings().first()
        if row is None:
            return None
        return SoftwareToken(
            user_id,
            self._open(user_id, row["secret"]),
            self._open(user_id, row["pending_secret"]),
            row["last_step"],
            row["friendly_name"],
            row["secret"],
            row["pending_secret"],
        )

    def has(self, user_id: int) -> bool:
        """Say whether a user has registered an app."""
        return self._connection.execute(_HAS, {"b_user_id": user_id}).first() is not None

    def begin(self, user_id: int, secret: str) -> None:
        """Let a secret wait for its first code, in place of an older one that waits; a registered app stays good.

        Raises:
            ConcurrentModification: another request began in the same moment.
        """
        sealed = self._seal(user_id, secret)
        if self._connection.execute(_BEGIN, {"b_user_id": user_id, "pending": sealed}).rowcount == 0:
            self._add({"user_id": user_id, "pending_secret": sealed, "last_step": 0})

    def register(self, token: SoftwareToken, *, step: int, friendly_name: str | None) -> bool:
        """Let the secret that waits count, and take its code.

        Returns:
            False, and nothing changed, when another request replaced it or was first.
        """
        values = {"b_user_id": token.user_id, "b_pending": token.pending_sealed, "step": step, "name": friendly_name}
        return self._connection.execute(_REGISTER, values).rowcount == 1

    def register_first(self, user_id: int, secret: str, *, step: int, friendly_name: str | None) -> bool:
        """Let a secret count for a user who has no app, and take its code.

        Returns:
            False, and nothing changed, when the user has one.

        Raises:
            ConcurrentModification: another request was first in the same moment.
        """
        sealed = self._seal(user_id, secret)
        values = {"b_user_id": user_id, "sealed": sealed, "step": step, "name": friendly_name}
        if self._connection.execute(_REGISTER_FIRST, values).rowcount == 1:
            return True
        if self.has(user_id):
            return False
        self._add({"user_id": user_id, "secret": sealed, "last_step": step, "friendly_name": friendly_name})
        return True

    def spend(self, token: SoftwareToken, step: int) -> bool:
        """Take the code of a time step; False when it, or a later one, was taken before or the app was replaced."""
        values = {"b_user_id": token.user_id, "b_sealed": token.sealed, "step": step}
        return self._connection.execute(_SPEND, values).rowcount == 1

    def delete(self, user_id: int) -> bool:
        """Forget a user's app; False when there is none."""
        return self._connection.execute(_DELETE, {"b_user_id": user_id}).rowcount == 1

    def _add(self, row: dict[str, Any]) -> None:
        try:
            with self._connection.begin_nested():
                self._connection.execute(t.insert(), row)
        except sa.exc.IntegrityError as error:
            raise ConcurrentModification from error

    def _seal(self, user_id: int, secret: str) -> str:
        return self._seals.seal(PURPOSE, secret.encode(), context=str(user_id).encode())

    def _open(self, user_id: int, sealed: str | None) -> str | None:
        return None if sealed is None else self._seals.open(PURPOSE, sealed, context=str(user_id).encode()).decode()
