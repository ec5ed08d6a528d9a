"""Long-term access keys: rows to `AccessKey` and back; secrets are sealed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from idp.domain.iam import AccessKey, IamUser
from idp.store.sealing import Seals
from idp.store.tables.iam import access_keys as t, iam_users

PURPOSE = "access-key"

_USER_COLUMNS = [column.label(f"owner_{column.name}") for column in iam_users.c]
_WITH_USER = (
    sa.select(t, *_USER_COLUMNS)
    .select_from(t.outerjoin(iam_users, iam_users.c.id == t.c.user_id))
    .where(t.c.id == sa.bindparam("id"))
)
_OWNED = (
    t.c.account == sa.bindparam("b_account"),
    t.c.user_id.is_not_distinct_from(sa.bindparam("b_user_id", type_=sa.Text)),
)
_OLDEST_FIRST = (t.c.created_at, t.c.id)
_OF_ACCOUNT = sa.select(t).where(t.c.account == sa.bindparam("b_account")).order_by(*_OLDEST_FIRST)
_OF_USER = _OF_ACCOUNT.where(t.c.user_id == sa.bindparam("b_user_id"))
_OF_ROOT = _OF_ACCOUNT.where(t.c.user_id.is_(None))
_SET_ACTIVE = t.update().where(*_OWNED, t.c.id == sa.bindparam("b_id")).values(active=sa.bindparam("active"))
_DELETE = t.delete().where(*_OWNED, t.c.id == sa.bindparam("b_id"))


class AccessKeys:
    """The stored access keys.  An owner is an account and a user's unique id, None for the account's root."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, key: AccessKey) -> None:
        """Store a new key."""
        row = {column.name: getattr(key, column.name) for column in t.columns}
        row["secret"] = self._seals.seal(PURPOSE, key.secret.encode(), context=key.id.encode())
        self._connection.execute(t.insert(), row)

    def find_with_user(self, key_id: str) -> tuple[AccessKey, IamUser | None] | None:
        """Return a key and the user it belongs to (None: the root) in one query; None when there is no such key."""
        row = self._connection.execute(_WITH_USER, {"id": key_id}).mappings().first()
        if row is None:
            return None
        user = {column.name: row[f"owner_{column.name}"] for column in iam_users.c}
        return self._key(row), None if user["id"] is None else IamUser(**user)

    def of_owner(self, account: str, user_id: str | None) -> list[AccessKey]:
        """Return all keys of an owner, oldest first."""
        # PostgreSQL finds no IS NOT DISTINCT FROM by an index, so the root is asked for in its own words.
        query = _OF_ROOT if user_id is None else _OF_USER
        values = {"b_account": account, "b_user_id": user_id}
        return [self._key(row) for row in self._connection.execute(query, values).mappings()]

    def set_active(self, account: str, user_id: str | None, key_id: str, *, active: bool) -> bool:
        """Switch a key on or off; False when the owner has no such key."""
        values = {"b_account": account, "b_user_id": user_id, "b_id": key_id, "active": active}
        return self._connection.execute(_SET_ACTIVE, values).rowcount == 1

    def delete(self, account: str, user_id: str | None, key_id: str) -> bool:
        """Delete a key; False when the owner has no such key."""
        values = {"b_account": account, "b_user_id": user_id, "b_id": key_id}
        return self._connection.execute(_DELETE, values).rowcount == 1

    def _key(self, row: sa.RowMapping) -> AccessKey:
        values: dict[str, Any] = {column.name: row[column.name] for column in t.columns}
        values["secret"] = self._seals.open(PURPOSE, row["secret"], context=row["id"].encode()).decode()
        return AccessKey(**values)
