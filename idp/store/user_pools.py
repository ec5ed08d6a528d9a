"""User pools: rows to `UserPool` and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from idp.domain.errors import ConcurrentModification
from idp.domain.user_pool import UserPool
from idp.store.tables.user_pools import user_pools as t
from idp.store.tables.users import users

_BY_ID = sa.select(t).where(t.c.id == sa.bindparam("id"))
_PAGE = (
    sa.select(t)
    .where(t.c.account == sa.bindparam("account"), t.c.region == sa.bindparam("region"), t.c.id > sa.bindparam("after"))
    .order_by(t.c.id)
    .limit(sa.bindparam("limit"))
)
_COUNT = (
    sa.select(sa.func.count())
    .select_from(t)
    .where(t.c.account == sa.bindparam("account"), t.c.region == sa.bindparam("region"))
)
_COUNT_USERS = sa.select(sa.func.count()).select_from(users).where(users.c.pool_id == sa.bindparam("id"))
_UPDATE = t.update().where(t.c.id == sa.bindparam("b_id"), t.c.version == sa.bindparam("b_version"))
_DELETE = t.delete().where(t.c.id == sa.bindparam("id"))


class UserPools:
    """The stored user pools."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, user_pool: UserPool) -> None:
        """Store a new pool."""
        self._connection.execute(t.insert(), _row(user_pool))

    def find(self, pool_id: str) -> UserPool | None:
        """Return the pool, whatever its account; None when there is none."""
        row = self._connection.execute(_BY_ID, {"id": pool_id}).mappings().first()
        return None if row is None else UserPool(**row)

    def list_page(self, account: str, region: str, *, after: str = "", limit: int) -> list[UserPool]:
        """Return up to `limit` pools of an account and region, by id, after the id given."""
        values = {"account": account, "region": region, "after": after, "limit": limit}
        return [UserPool(**row) for row in self._connection.execute(_PAGE, values).mappings()]

    def save(self, user_pool: UserPool) -> UserPool:
        """Store a changed pool, unless somebody saved it since it was read.

        Returns:
            The pool with its new version.

        Raises:
            ConcurrentModification: the stored version is another one.
        """
        saved = replace(user_pool, version=user_pool.version + 1)
        values = {"b_id": user_pool.id, "b_version": user_pool.version, **_row(saved)}
        if self._connection.execute(_UPDATE, values).rowcount == 0:
            raise ConcurrentModification
        return saved

    def delete(self, pool_id: str) -> None:
        """Delete a pool and everything in it; raises ConcurrentModification when it got a domain in this moment."""
        try:
            self._connection.execute(_DELETE, {"id": pool_id})
        except sa.exc.IntegrityError as error:
            raise ConcurrentModification from error

    def count(self, account: str, region: str) -> int:
        """Return how many pools an account has in a region."""
        return self._connection.execute(_COUNT, {"account": account, "region": region}).scalar_one()

    def count_users(self, pool_id: str) -> int:
        """Return the number of users of a pool."""
        return self._connection.execute(_COUNT_USERS, {"id": pool_id}).scalar_one()


def _row(user_pool: UserPool) -> dict[str, Any]:
    return {column.name: getattr(user_pool, column.name) for column in t.columns}
