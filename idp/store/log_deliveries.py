"""Where the logs of user pools go: rows to LogConfigurations and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from idp.store.tables.branding import log_deliveries as t

_FIND = sa.select(t.c.configurations).where(t.c.pool_id == sa.bindparam("pool_id"))
_DELETE = t.delete().where(t.c.pool_id == sa.bindparam("pool_id"))


class LogDeliveries:
    """The stored configurations."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, pool_id: str, configurations: Sequence[dict[str, Any]]) -> None:
        """Store what a pool logs, in place of what it did."""
        self._connection.execute(_DELETE, {"pool_id": pool_id})
        if configurations:
            self._connection.execute(t.insert(), {"pool_id": pool_id, "configurations": list(configurations)})

    def of_pool(self, pool_id: str) -> list[dict[str, Any]]:
        """Return the LogConfigurations of a pool."""
        found: list[dict[str, Any]] | None = self._connection.execute(_FIND, {"pool_id": pool_id}).scalar_one_or_none()
        return found or []

    def sources_of(self, pool_id: str) -> frozenset[str]:
        """Return which sources of events a pool logs."""
        return frozenset(each["EventSource"] for each in self.of_pool(pool_id))
