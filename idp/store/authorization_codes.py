"""Authorization codes: rows to `AuthorizationCode` and back.

A code is spent by one conditional UPDATE, so that of two processes that present it at once one succeeds. One that comes
back is marked, so that the session its first use began ends, even when that session is only now being made.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from idp.domain.authorization_code import AuthorizationCode
from idp.domain.user import User
from idp.store.sealing import Seals
from idp.store.tables.oauth import authorization_codes as t
from idp.store.tables.users import users
from idp.store.users import user_of_row

_OF_CLIENT = ("client_id", "client_url", "redirect_uri", "code_challenge", "scope", "nonce")
_KEPT = ("digest", "user_id", "browser_digest", *_OF_CLIENT)
_MOMENTS = ("authenticated_at", "expires_at")
_COLUMNS = [t.c[name].label(f"code_{name}") for name in (*_KEPT, *_MOMENTS)]
_WITH_USER = sa.select(users, *_COLUMNS).join(t, t.c.user_id == users.c.id).where(t.c.digest == sa.bindparam("digest"))
_SPEND = (
    t.update()
    .where(t.c.digest == sa.bindparam("b_digest"), t.c.spent_at.is_(None), t.c.expires_at > sa.bindparam("moment"))
    .values(spent_at=sa.bindparam("moment"))
)
_BIND = (
    t.update()
    .where(t.c.digest == sa.bindparam("b_digest"), t.c.replayed_at.is_(None))
    .values(session_id=sa.bindparam("b_session_id"))
)
_MARK_REPLAYED = t.update().where(t.c.digest == sa.bindparam("b_digest")).values(replayed_at=sa.bindparam("moment"))
_SESSION = sa.select(t.c.session_id).where(t.c.digest == sa.bindparam("digest"))
_EXPIRED = t.delete().where(t.c.expires_at < sa.bindparam("moment"))


class AuthorizationCodes:
    """The stored codes."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, code: AuthorizationCode) -> None:
        """Store a new code."""
        self._connection.execute(t.insert(), {name: getattr(code, name) for name in (*_KEPT, *_MOMENTS)})

    def find_with_user(self, digest: str) -> tuple[AuthorizationCode, User] | None:
        """Return a code, spent or not, and its user in one query."""
        row = self._connection.execute(_WITH_USER, {"digest": digest}).mappings().first()
        if row is None:
            return None
        code = AuthorizationCode(**{name: row[f"code_{name}"] for name in (*_KEPT, *_MOMENTS)})
        return code, user_of_row(row, self._seals)

    def spend(self, digest: str, moment: datetime) -> bool:
        """Use a code; False when it was used before or has expired."""
        return self._connection.execute(_SPEND, {"b_digest": digest, "moment": moment}).rowcount == 1

    def bind_session(self, digest: str, session_id: str) -> bool:
        """Note which user session a code began; False when the code came back in the meantime."""
        return self._connection.execute(_BIND, {"b_digest": digest, "b_session_id": session_id}).rowcount == 1

    def mark_replayed(self, digest: str, moment: datetime) -> str | None:
        """Note that a spent code came back; return the user session it began, if that is there yet."""
        self._connection.execute(_MARK_REPLAYED, {"b_digest": digest, "moment": moment})
        session_id: str | None = self._connection.execute(_SESSION, {"digest": digest}).scalar_one_or_none()
        return session_id

    def delete_expired(self, moment: datetime) -> int:
        """Delete codes that expired before the moment; return how many."""
        return self._connection.execute(_EXPIRED, {"moment": moment}).rowcount
