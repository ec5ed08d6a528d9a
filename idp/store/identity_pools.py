"""Identity pools: rows to `IdentityPool` and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from idp.domain.errors import ConcurrentModification
from idp.domain.identity_pool import IdentityPool
from idp.store.tables.iam import identity_pools as t

_BY_ID = sa.select(t).where(t.c.id == sa.bindparam("id"))
_PAGE = (
    sa.select(t)
    .where(t.c.account == sa.bindparam("account"), t.c.region == sa.bindparam("region"), t.c.id > sa.bindparam("after"))
    .order_by(t.c.id)
    .limit(sa.bindparam("limit"))
)
_UPDATE = t.update().where(t.c.id == sa.bindparam("b_id"), t.c.version == sa.bindparam("b_version"))
_DELETE = t.delete().where(t.c.id == sa.bindparam("id"))


class IdentityPools:
    """The stored identity pools."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, pool: IdentityPool) -> None:
        """Store a new pool."""
        self._connection.execute(t.insert(), _row(pool))

    def find(self, pool_id: str) -> IdentityPool | None:
        """Return the pool, whatever its account; None when there is none."""
        row = self._connection.execute(_BY_ID, {"id": pool_id}).mappings().first()
        return None if row is None else IdentityPool(**row)

    def list_page(self, account: str, region: str, *, after: str = "", limit: int) -> list[IdentityPool]:
        """Return up to `limit` pools of an account and region, by id, after the id given."""
        values = {"account": account, "region": region, "after": after, "limit": limit}
        return [IdentityPool(**row) for row in self._connection.execute(_PAGE, values).mappings()]

    def save(self, pool: IdentityPool) -> IdentityPool:
        """Store a changed pool; raises ConcurrentModification when somebody saved it first."""
        saved = replace(pool, version=pool.version + 1)
        values = {"b_id": pool.id, "b_version": pool.version, **_row(saved)}
        if self._connection.execute(_UPDATE, values).rowcount == 0:
            raise ConcurrentModification
        return saved

    def delete(self, pool_id: str) -> None:
        """Delete a pool with its identities."""
        self._connection.execute(_DELETE, {"id": pool_id})


def _row(pool: IdentityPool) -> dict[str, Any]:
    return {column.name: getattr(pool, column.name) for column in t.columns}
