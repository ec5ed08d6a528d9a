"""Domains of user pools: rows to `PoolDomain` and back.  A name is one pool's, whatever the account."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from idp.domain.domain import PoolDomain
from idp.domain.errors import ResourceConflict
from idp.store.tables.user_pools import domains as t

_BY_NAME = sa.select(t).where(t.c.name == sa.bindparam("name"))
_OF_POOL = sa.select(t).where(t.c.pool_id == sa.bindparam("pool_id")).order_by(t.c.name)
_SAVE = t.update().where(t.c.name == sa.bindparam("b_name"))
_DELETE = t.delete().where(t.c.name == sa.bindparam("name"), t.c.pool_id == sa.bindparam("pool_id"))


class Domains:
    """The stored domains."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, domain: PoolDomain) -> None:
        """Store a new domain; raises ResourceConflict when the name is taken."""
        try:
            self._connection.execute(t.insert(), _row(domain))
        except sa.exc.IntegrityError as error:
            raise ResourceConflict from error

    def find(self, name: str) -> PoolDomain | None:
        """Return the domain of that name; None when there is none."""
        row = self._connection.execute(_BY_NAME, {"name": name}).mappings().first()
        return None if row is None else PoolDomain(**row)

    def of_pool(self, pool_id: str) -> list[PoolDomain]:
        """Return a pool's domains: at most one prefix and one custom domain."""
        return [PoolDomain(**row) for row in self._connection.execute(_OF_POOL, {"pool_id": pool_id}).mappings()]

    def save(self, domain: PoolDomain) -> None:
        """Store a changed domain."""
        self._connection.execute(_SAVE, {"b_name": domain.name, **_row(domain)})

    def delete(self, name: str, pool_id: str) -> bool:
        """Delete a pool's domain; False when it has none of that name."""
        return self._connection.execute(_DELETE, {"name": name, "pool_id": pool_id}).rowcount == 1


def _row(domain: PoolDomain) -> dict[str, Any]:
    return {column.name: getattr(domain, column.name) for column in t.columns}
