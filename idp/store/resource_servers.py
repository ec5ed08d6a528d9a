"""Resource servers: rows to `ResourceServer` and back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from idp.domain.errors import ResourceConflict
from idp.domain.resource_server import ResourceServer
from idp.store.tables.user_pools import resource_servers as t

_KEY = (t.c.pool_id == sa.bindparam("b_pool_id"), t.c.identifier == sa.bindparam("b_identifier"))
_FIND = sa.select(t).where(*_KEY)
_OF_POOL = sa.select(t).where(t.c.pool_id == sa.bindparam("pool_id")).order_by(t.c.identifier)
_PAGE = _OF_POOL.where(t.c.identifier > sa.bindparam("after")).limit(sa.bindparam("limit"))
_COUNT = sa.select(sa.func.count()).select_from(t).where(t.c.pool_id == sa.bindparam("pool_id"))
_SAVE = t.update().where(*_KEY)
_DELETE = t.delete().where(*_KEY)


class ResourceServers:
    """The stored resource servers."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, server: ResourceServer) -> None:
        """Store a new resource server; raises ResourceConflict when the pool has one of that identifier."""
        try:
            self._connection.execute(t.insert(), _row(server))
        except sa.exc.IntegrityError as error:
            raise ResourceConflict from error

    def find(self, pool_id: str, identifier: str) -> ResourceServer | None:
        """Return the resource server; None when there is none."""
        row = self._connection.execute(_FIND, _key(pool_id, identifier)).mappings().first()
        return None if row is None else ResourceServer(**row)

    def of_pool(self, pool_id: str) -> list[ResourceServer]:
        """Return all resource servers of a pool (their number is limited), by identifier."""
        return [ResourceServer(**row) for row in self._connection.execute(_OF_POOL, {"pool_id": pool_id}).mappings()]

    def list_page(self, pool_id: str, *, after: str = "", limit: int) -> list[ResourceServer]:
        """Return up to `limit` resource servers of a pool, by identifier, after the one given."""
        values = {"pool_id": pool_id, "after": after, "limit": limit}
        return [ResourceServer(**row) for row in self._connection.execute(_PAGE, values).mappings()]

    def count(self, pool_id: str) -> int:
        """Return how many resource servers a pool has."""
        return self._connection.execute(_COUNT, {"pool_id": pool_id}).scalar_one()

    def save(self, server: ResourceServer) -> bool:
        """Store a changed resource server; False when there is none."""
        values = {**_key(server.pool_id, server.identifier), **_row(server)}
        return self._connection.execute(_SAVE, values).rowcount == 1

    def delete(self, pool_id: str, identifier: str) -> bool:
        """Delete a resource server; False when there is none."""
        return self._connection.execute(_DELETE, _key(pool_id, identifier)).rowcount == 1


def _key(pool_id: str, identifier: str) -> dict[str, str]:
    return {"b_pool_id": pool_id, "b_identifier": identifier}


def _row(server: ResourceServer) -> dict[str, Any]:
    return {column.name: getattr(server, column.name) for column in t.columns}
