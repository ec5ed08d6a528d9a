"""Browser sessions: rows to `BrowserSession` and back.

Of the cookie only the SHA-256 is stored; what an upstream provider calls the user's session is sealed.
"""

from __future__ import annotations

from datetime import datetime

import orjson
import sqlalchemy as sa

from idp.domain.browser_session import BrowserSession, UpstreamSession, pending_of, state_of
from idp.domain.origin import Origin
from idp.domain.user import User
from idp.store.sealing import Seals
from idp.store.tables.oauth import browser_sessions as t
from idp.store.tables.users import users
from idp.store.types import Moment
from idp.store.users import user_of_row

PURPOSE = "upstream-session"

_COLUMNS = [column.label(f"browser_{column.name}") for column in t.columns]
_WITH_USER = (
    sa.select(users, *_COLUMNS)
    .select_from(t.outerjoin(users, t.c.user_id == users.c.id))
    .where(t.c.digest == sa.bindparam("digest"))
)
_DELETE = t.delete().where(t.c.digest == sa.bindparam("digest"))
_USE = (
    t.update()
    .where(t.c.digest == sa.bindparam("b_digest"), t.c.is_fresh.is_(True), t.c.client_id == sa.bindparam("b_client_id"))
    .values(is_fresh=False)
)
_TOUCH = (
    t.update()
    .where(t.c.digest == sa.bindparam("b_digest"))
    .values(
        active_at=sa.bindparam("moment", type_=Moment),
        source=sa.bindparam("address"),
        device_name=sa.bindparam("device"),
    )
)
_LIST_SIGNED_IN = (
    sa.select(*_COLUMNS)
    .where(t.c.user_id == sa.bindparam("user_id"), t.c.expires_at > sa.bindparam("moment"))
    .order_by(t.c.active_at.desc(), t.c.digest.desc())
    .limit(sa.bindparam("limit"))
)
_EXPIRED = t.delete().where(t.c.expires_at < sa.bindparam("moment"))


class BrowserSessions:
    """The stored browser sessions."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, session: BrowserSession) -> None:
        """Store a new session."""
        self._connection.execute(
            t.insert(),
            {
                "digest": session.digest,
                "pool_id": session.pool_id,
                "user_id": session.user_id,
                "state": state_of(session.pending),
                "authenticated_at": session.authenticated_at,
                "expires_at": session.expires_at,
                "client_id": session.client_id,
                "is_fresh": session.is_fresh,
                "active_at": session.active_at,
                "source": session.source,
                "device_name": session.device_name,
                "identity_provider": session.identity_provider,
                "upstream_session": self._sealed(session),
            },
        )

    def find_with_user(self, digest: str) -> tuple[BrowserSession, User | None] | None:
        """Return a session and the user who signed in, if one has, in one query."""
        row = self._connection.execute(_WITH_USER, {"digest": digest}).mappings().first()
        if row is None:
            return None
        user = None if row["browser_user_id"] is None else user_of_row(row, self._seals)
        return self._session(row), user

    def list_signed_in(self, user_id: int, moment: datetime, *, limit: int) -> list[BrowserSession]:
        """Return the sessions of a user that are not over, the one used last first."""
        values = {"user_id": user_id, "moment": moment, "limit": limit}
        return [self._session(row) for row in self._connection.execute(_LIST_SIGNED_IN, values).mappings()]

    def use(self, digest: str, client_id: str) -> bool:
        """Take a fresh sign-in for the client where it was made; False when it was taken before, or made elsewhere."""
        return self._connection.execute(_USE, {"b_digest": digest, "b_client_id": client_id}).rowcount == 1

    def touch(self, digest: str, moment: datetime, origin: Origin) -> None:
        """Note that tokens were given by a session, and to whom."""
        values = {"b_digest": digest, "moment": moment, "address": origin.address, "device": origin.device_name}
        self._connection.execute(_TOUCH, values)

    def delete(self, digest: str) -> None:
        """End a session."""
        self._connection.execute(_DELETE, {"digest": digest})

    def delete_expired(self, moment: datetime) -> int:
        """Delete sessions that ended before the moment; return how many."""
        return self._connection.execute(_EXPIRED, {"moment": moment}).rowcount

    def _session(self, row: sa.RowMapping) -> BrowserSession:
        return BrowserSession(
            digest=row["browser_digest"],
            pool_id=row["browser_pool_id"],
            user_id=row["browser_user_id"],
            pending=pending_of(row["browser_state"]),
            authenticated_at=row["browser_authenticated_at"],
            expires_at=row["browser_expires_at"],
            client_id=row["browser_client_id"],
            is_fresh=row["browser_is_fresh"],
            active_at=row["browser_active_at"],
            source=row["browser_source"],
            device_name=row["browser_device_name"],
            identity_provider=row["browser_identity_provider"],
            upstream=self._upstream(row),
        )

    def _upstream(self, row: sa.RowMapping) -> UpstreamSession | None:
        if row["browser_upstream_session"] is None:
            return None
        context = row["browser_digest"].encode()
        return UpstreamSession(
            **orjson.loads(self._seals.open(PURPOSE, row["browser_upstream_session"], context=context))
        )

    def _sealed(self, session: BrowserSession) -> str | None:
        if session.upstream is None:
            return None
        return self._seals.seal(PURPOSE, orjson.dumps(session.upstream), context=session.digest.encode())
