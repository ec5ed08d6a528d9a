"""Risk configurations: rows to documents and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from idp.store.tables.risk import risk_configurations as t

WHOLE_POOL = ""

_KEY = (t.c.pool_id == sa.bindparam("b_pool_id"), t.c.client_id == sa.bindparam("b_client_id"))
_FIND = (
    sa.select(t.c.client_id, t.c.document, t.c.updated_at)
    .where(t.c.pool_id == sa.bindparam("b_pool_id"), t.c.client_id.in_([sa.bindparam("b_client_id"), WHOLE_POOL]))
    .order_by(t.c.client_id.desc())
    .limit(1)
)
_DELETE = t.delete().where(*_KEY)


class RiskConfigurations:
    """The stored configurations, by pool and client."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def find(self, pool_id: str, client_id: str | None) -> tuple[Mapping[str, Any], str | None, datetime] | None:
        """Return what counts for a client (None: for the pool), whose it is, and since when; None when nothing is set."""
        values = {"b_pool_id": pool_id, "b_client_id": client_id or WHOLE_POOL}
        row = self._connection.execute(_FIND, values).mappings().first()
        return None if row is None else (row["document"], row["client_id"] or None, row["updated_at"])

    def put(self, pool_id: str, client_id: str | None, document: Mapping[str, Any], moment: datetime) -> None:
        """Replace the configuration of a client, or of the pool."""
        self.delete(pool_id, client_id)
        row = {"pool_id": pool_id, "client_id": client_id or WHOLE_POOL, "document": document, "updated_at": moment}
        self._connection.execute(t.insert(), row)

    def delete(self, pool_id: str, client_id: str | None) -> None:
        """Let a client have what its pool has, or the pool nothing."""
        self._connection.execute(_DELETE, {"b_pool_id": pool_id, "b_client_id": client_id or WHOLE_POOL})
