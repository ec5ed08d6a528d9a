"""App clients: rows to `Client` and back; secrets are sealed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from idp.domain.client import Client
from idp.domain.errors import ConcurrentModification
from idp.store.sealing import Seals
from idp.store.tables.user_pools import clients as t

PURPOSE = "client-secret"

_BY_ID = sa.select(t).where(t.c.id == sa.bindparam("id"))
_PAGE = (
    sa.select(t)
    .where(t.c.pool_id == sa.bindparam("pool_id"), t.c.id > sa.bindparam("after"))
    .order_by(t.c.id)
    .limit(sa.bindparam("limit"))
)
_COUNT = sa.select(sa.func.count()).select_from(t).where(t.c.pool_id == sa.bindparam("pool_id"))
_UPDATE = t.update().where(t.c.id == sa.bindparam("b_id"), t.c.version == sa.bindparam("b_version"))
_DELETE = t.delete().where(t.c.id == sa.bindparam("id"))


class Clients:
    """The stored app clients."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, client: Client) -> None:
        """Store a new client."""
        self._connection.execute(t.insert(), self._row(client))

    def find(self, client_id: str) -> Client | None:
        """Return the client, whatever its pool; None when there is none."""
        row = self._connection.execute(_BY_ID, {"id": client_id}).mappings().first()
        return None if row is None else self._client(row)

    def list_page(self, pool_id: str, *, after: str = "", limit: int) -> list[Client]:
        """Return up to `limit` clients of a pool, by id, after the id given."""
        values = {"pool_id": pool_id, "after": after, "limit": limit}
        return [self._client(row) for row in self._connection.execute(_PAGE, values).mappings()]

    def count(self, pool_id: str) -> int:
        """Return how many clients a pool has."""
        return self._connection.execute(_COUNT, {"pool_id": pool_id}).scalar_one()

    def save(self, client: Client) -> Client:
        """Store a changed client; raises ConcurrentModification when somebody saved it first."""
        saved = replace(client, version=client.version + 1)
        values = {"b_id": client.id, "b_version": client.version, **self._row(saved)}
        if self._connection.execute(_UPDATE, values).rowcount == 0:
            raise ConcurrentModification
        return saved

    def delete(self, client_id: str) -> None:
        """Delete a client with its sessions and codes."""
        self._connection.execute(_DELETE, {"id": client_id})

    def _client(self, row: sa.RowMapping) -> Client:
        sealed = row["secret"]
        secret = None if sealed is None else self._seals.open(PURPOSE, sealed, context=row["id"].encode()).decode()
        return Client(**{**row, "secret": secret})

    def _row(self, client: Client) -> dict[str, Any]:
        row = {column.name: getattr(client, column.name) for column in t.columns}
        if client.secret is not None:
            row["secret"] = self._seals.seal(PURPOSE, client.secret.encode(), context=client.id.encode())
        return row
