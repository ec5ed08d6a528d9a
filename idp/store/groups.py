"""Groups and memberships: rows to `Group` and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from idp.domain.errors import GroupTaken
from idp.domain.group import Group
from idp.domain.user import User
from idp.store.sealing import Seals
from idp.store.tables.user_pools import groups as t
from idp.store.tables.users import group_members as members, users
from idp.store.users import user_of_row

_BY_NAME = sa.select(t).where(t.c.pool_id == sa.bindparam("pool_id"), t.c.name == sa.bindparam("name"))
_PAGE = (
    sa.select(t)
    .where(t.c.pool_id == sa.bindparam("pool_id"), t.c.name > sa.bindparam("after"))
    .order_by(t.c.name)
    .limit(sa.bindparam("limit"))
)
_OF_USER = (
    sa.select(t)
    .join(members, sa.and_(members.c.pool_id == t.c.pool_id, members.c.group_name == t.c.name))
    .where(
        members.c.user_id == sa.bindparam("user_id"),
        members.c.pool_id == sa.bindparam("pool_id"),
        members.c.group_name > sa.bindparam("after"),
    )
    .order_by(members.c.group_name)
    .limit(sa.bindparam("limit"))
)
_MEMBERS = (
    sa.select(users)
    .join(members, members.c.user_id == users.c.id)
    .where(
        members.c.pool_id == sa.bindparam("pool_id"),
        members.c.group_name == sa.bindparam("name"),
        members.c.user_id > sa.bindparam("after"),
    )
    .order_by(members.c.user_id)
    .limit(sa.bindparam("limit"))
)
_COUNT = sa.select(sa.func.count()).select_from(t).where(t.c.pool_id == sa.bindparam("pool_id"))
_SAVE = t.update().where(t.c.pool_id == sa.bindparam("b_pool_id"), t.c.name == sa.bindparam("b_name"))
_DELETE = t.delete().where(t.c.pool_id == sa.bindparam("pool_id"), t.c.name == sa.bindparam("name"))
_REMOVE = members.delete().where(
    members.c.user_id == sa.bindparam("user_id"), members.c.group_name == sa.bindparam("name")
)

MAX_GROUPS_OF_USER = 100


class Groups:
    """The stored groups."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, group: Group) -> None:
        """Store a new group; raises GroupTaken when the pool has one of that name."""
        try:
            self._connection.execute(t.insert(), _row(group))
        except sa.exc.IntegrityError as error:
            raise GroupTaken from error

    def find(self, pool_id: str, name: str) -> Group | None:
        """Return the group; None when there is none."""
        row = self._connection.execute(_BY_NAME, {"pool_id": pool_id, "name": name}).mappings().first()
        return None if row is None else Group(**row)

    def save(self, group: Group) -> None:
        """Store a changed group."""
        self._connection.execute(_SAVE, {"b_pool_id": group.pool_id, "b_name": group.name, **_row(group)})

    def delete(self, pool_id: str, name: str) -> None:
        """Delete a group and its memberships."""
        self._connection.execute(_DELETE, {"pool_id": pool_id, "name": name})

    def list_page(self, pool_id: str, *, after: str = "", limit: int) -> list[Group]:
        """Return up to `limit` groups of a pool, by name, after the name given."""
        return self._many(_PAGE, {"pool_id": pool_id, "after": after, "limit": limit})

    def of_user(self, user: User, *, after: str = "", limit: int = MAX_GROUPS_OF_USER) -> list[Group]:
        """Return up to `limit` groups that a user is in, by name, after the name given."""
        return self._many(_OF_USER, {"user_id": user.id, "pool_id": user.pool_id, "after": after, "limit": limit})

    def count(self, pool_id: str) -> int:
        """Return how many groups a pool has."""
        return self._connection.execute(_COUNT, {"pool_id": pool_id}).scalar_one()

    def add_member(self, group: Group, user: User) -> None:
        """Put a user into a group; twice is once."""
        row = {"pool_id": group.pool_id, "group_name": group.name, "user_id": user.id}
        with self._connection.begin_nested() as nested:
            try:
                self._connection.execute(members.insert(), row)
            except sa.exc.IntegrityError:
                nested.rollback()

    def remove_member(self, group: Group, user: User) -> None:
        """Take a user out of a group; out already is fine."""
        self._connection.execute(_REMOVE, {"user_id": user.id, "name": group.name})

    def list_members(self, pool_id: str, name: str, *, after: int = 0, limit: int) -> list[User]:
        """Return up to `limit` users of a group, by row id, after the row id given."""
        values = {"pool_id": pool_id, "name": name, "after": after, "limit": limit}
        return [user_of_row(row, self._seals) for row in self._connection.execute(_MEMBERS, values).mappings()]

    def _many(self, query: sa.Select[Any], values: Mapping[str, object]) -> list[Group]:
        return [Group(**row) for row in self._connection.execute(query, values).mappings()]


def _row(group: Group) -> dict[str, Any]:
    return {column.name: getattr(group, column.name) for column in t.columns}
