"""User sessions and refresh tokens: rows to `UserSession` and back.

A refresh token is 32 random bytes; only its SHA-256 is stored. Spending one is a conditional UPDATE, so that of two
processes that present it at once one succeeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from idp.domain.origin import Origin
from idp.domain.user import User
from idp.domain.user_session import UserSession
from idp.store.sealing import Seals
from idp.store.tables.devices import devices
from idp.store.tables.users import group_members, refresh_tokens, user_sessions as t, users
from idp.store.types import Moment
from idp.store.users import user_of_row

_SESSION_COLUMNS = [column.label(f"session_{column.name}") for column in t.columns]
_INSERT = t.insert()
_INSERT_REFRESH_TOKEN = refresh_tokens.insert()
_WITH_USER = (
    sa.select(users, *_SESSION_COLUMNS).join(t, t.c.user_id == users.c.id).where(t.c.id == sa.bindparam("session_id"))
)
_HAS_DEVICE = sa.exists().where(devices.c.user_id == t.c.user_id, devices.c.key == t.c.device_key).correlate(t)
_HAS_GROUPS = sa.exists().where(group_members.c.user_id == t.c.user_id).correlate(t)
_BY_REFRESH_TOKEN = (
    sa.select(
        users,
        *_SESSION_COLUMNS,
        refresh_tokens.c.spent_at,
        _HAS_DEVICE.label("has_device"),
        _HAS_GROUPS.label("has_groups"),
    )
    .join(t, t.c.user_id == users.c.id)
    .join(refresh_tokens, refresh_tokens.c.session_id == t.c.id)
    .where(refresh_tokens.c.digest == sa.bindparam("digest"))
)
_SPEND = (
    refresh_tokens.update()
    .where(refresh_tokens.c.digest == sa.bindparam("b_digest"), refresh_tokens.c.spent_at.is_(None))
    .values(spent_at=sa.bindparam("moment"))
)
_REVOKE = (
    t.update().where(t.c.id == sa.bindparam("b_id"), t.c.revoked_at.is_(None)).values(revoked_at=sa.bindparam("moment"))
)
_REVOKE_OF_USER = (
    t.update()
    .where(t.c.user_id == sa.bindparam("b_user_id"), t.c.revoked_at.is_(None))
    .values(revoked_at=sa.bindparam("moment"))
)
_GIVE_DEVICE = (
    t.update().where(t.c.id == sa.bindparam("b_id"), t.c.device_key.is_(None)).values(device_key=sa.bindparam("key"))
)
_ACTIVE = (t.c.revoked_at.is_(None), t.c.expires_at > sa.bindparam("b_now"))
_OF_USER = t.c.user_id == sa.bindparam("b_user_id")
_USED_LAST_FIRST = (t.c.active_at.desc(), t.c.id.desc())
_LIST_ACTIVE = sa.select(t).where(_OF_USER, *_ACTIVE).order_by(*_USED_LAST_FIRST).limit(sa.bindparam("limit"))
_REVOKE_ACTIVE = (
    t.update()
    .where(t.c.id == sa.bindparam("b_id"), _OF_USER, *_ACTIVE)
    .values(revoked_at=sa.bindparam("moment", type_=Moment))
)
_REVOKE_OF_BROWSER = (
    t.update()
    .where(_OF_USER, t.c.browser_digest == sa.bindparam("b_digest"), t.c.revoked_at.is_(None))
    .values(revoked_at=sa.bindparam("moment", type_=Moment))
)
_BEYOND = sa.select(t.c.id).where(_OF_USER, *_ACTIVE).order_by(*_USED_LAST_FIRST)
_REVOKE_BEYOND = (
    t.update()
    .where(t.c.id.in_(_BEYOND.offset(sa.bindparam("kept")).scalar_subquery()))
    .values(revoked_at=sa.bindparam("moment", type_=Moment))
)
_TOUCH = (
    t.update()
    .where(t.c.id == sa.bindparam("b_id"))
    .values(
        active_at=sa.bindparam("moment", type_=Moment),
        source=sa.bindparam("address"),
        device_name=sa.bindparam("device"),
    )
)
_EXPIRED = t.delete().where(t.c.expires_at < sa.bindparam("moment"))


@dataclass(frozen=True, slots=True)
class StoredRefreshToken:
    """A refresh token that was found, with whom it belongs to.

    Attributes:
        spent_at: None for one still good.
        has_device: the user has the device of the session.
        has_groups: the user is in some; most are in none, and need no second query.
    """

    session: UserSession
    user: User
    spent_at: datetime | None
    has_device: bool
    has_groups: bool


class UserSessions:
    """The stored user sessions."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, session: UserSession, refresh_token_digest: str) -> None:
        """Store a new session and its first refresh token."""
        self._connection.execute(_INSERT, {column.name: getattr(session, column.name) for column in t.columns})
        self.add_refresh_token(session.id, refresh_token_digest)

    def add_refresh_token(self, session_id: str, digest: str) -> None:
        """Store a further refresh token of a session (rotation)."""
        row = {"digest": digest, "session_id": session_id, "spent_at": None}
        self._connection.execute(_INSERT_REFRESH_TOKEN, row)

    def find_with_user(self, session_id: str) -> tuple[UserSession, User] | None:
        """Return a session and its user in one query."""
        row = self._connection.execute(_WITH_USER, {"session_id": session_id}).mappings().first()
        return None if row is None else (_session(row), user_of_row(row, self._seals))

    def find_refresh_token(self, digest: str) -> StoredRefreshToken | None:
        """Return a refresh token with session and user in one query."""
        row = self._connection.execute(_BY_REFRESH_TOKEN, {"digest": digest}).mappings().first()
        if row is None:
            return None
        return StoredRefreshToken(
            session=_session(row),
            user=user_of_row(row, self._seals),
            spent_at=row["spent_at"],
            has_device=bool(row["has_device"]),
            has_groups=bool(row["has_groups"]),
        )

    def spend_refresh_token(self, digest: str, moment: datetime) -> bool:
        """Mark a refresh token as used; False when somebody was first."""
        return self._connection.execute(_SPEND, {"b_digest": digest, "moment": moment}).rowcount == 1

    def revoke(self, session_id: str, moment: datetime) -> None:
        """End one session."""
        self._connection.execute(_REVOKE, {"b_id": session_id, "moment": moment})

    def revoke_of_user(self, user_id: int, moment: datetime) -> None:
        """End all sessions of a user."""
        self._connection.execute(_REVOKE_OF_USER, {"b_user_id": user_id, "moment": moment})

    def list_active(self, user_id: int, moment: datetime, *, limit: int) -> list[UserSession]:
        """Return a user's sessions that are neither ended nor over, the one used last first."""
        values = {"b_user_id": user_id, "b_now": moment, "limit": limit}
        return [UserSession(**row) for row in self._connection.execute(_LIST_ACTIVE, values).mappings()]

    def revoke_active(self, user_id: int, session_id: str, moment: datetime) -> bool:
        """End one session of a user; False when the user has no such session, or it is over."""
        values = {"b_user_id": user_id, "b_id": session_id, "b_now": moment, "moment": moment}
        return self._connection.execute(_REVOKE_ACTIVE, values).rowcount == 1

    def revoke_of_browser(self, user_id: int, browser_digest: str, moment: datetime) -> None:
        """End the sessions of a user that came through one browser session."""
        values = {"b_user_id": user_id, "b_digest": browser_digest, "moment": moment}
        self._connection.execute(_REVOKE_OF_BROWSER, values)

    def revoke_beyond(self, user_id: int, kept: int, moment: datetime) -> None:
        """End a user's sessions but those used last."""
        values = {"b_user_id": user_id, "kept": kept, "b_now": moment, "moment": moment}
        self._connection.execute(_REVOKE_BEYOND, values)

    def touch(self, session_id: str, moment: datetime, origin: Origin) -> None:
        """Note that a session was used, and from where."""
        values = {"b_id": session_id, "moment": moment, "address": origin.address, "device": origin.device_name}
        self._connection.execute(_TOUCH, values)

    def give_device(self, session_id: str, device_key: str) -> None:
        """Let a session be of a device, unless it is of one already."""
        self._connection.execute(_GIVE_DEVICE, {"b_id": session_id, "key": device_key})

    def delete_expired(self, moment: datetime) -> int:
        """Delete sessions whose refresh tokens ended before the moment; return how many."""
        return self._connection.execute(_EXPIRED, {"moment": moment}).rowcount


def _session(row: sa.RowMapping) -> UserSession:
    values: dict[str, Any] = {column.name: row[f"session_{column.name}"] for column in t.columns}
    return UserSession(**values)
