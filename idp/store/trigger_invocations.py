"""The newest runs of triggers, of which a bounded number is kept."""

from __future__ import annotations

from typing import Any

import orjson
import sqlalchemy as sa

from idp.domain.trigger_invocation import TriggerInvocation
from idp.store.sealing import Seals
from idp.store.tables.triggers import trigger_invocations as t

KEPT = 1_000
PURPOSE = "trigger-invocation"
_COLUMNS = ("pool_id", "name", "source", "function", "started_at", "duration_ms")
_CONTENT = ("event", "answer", "error")


class TriggerInvocations:
    """The kept runs."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, run: TriggerInvocation) -> None:
        """Keep a run in place of the oldest, when there are enough."""
        content = orjson.dumps({name: getattr(run, name) for name in _CONTENT})
        sealed = self._seals.seal(PURPOSE, content, context=run.pool_id.encode())
        row = {name: getattr(run, name) for name in _COLUMNS} | {"sealed_content": sealed}
        added = self._connection.execute(t.insert(), row).inserted_primary_key
        assert added is not None, "the table has a key"
        self._connection.execute(t.delete().where(t.c.id <= added[0] - KEPT))

    def list_newest(
        self, *, pool_id: str | None = None, name: str | None = None, limit: int
    ) -> list[TriggerInvocation]:
        """Return up to `limit` runs, newest first.

        Args:
            pool_id: whose; None for all pools'.
            name: of which trigger, as LambdaConfig calls it; None for all.
        """
        query = sa.select(t).order_by(t.c.id.desc()).limit(limit)
        if pool_id is not None:
            query = query.where(t.c.pool_id == pool_id)
        if name is not None:
            query = query.where(t.c.name == name)
        return [self._run(row) for row in self._connection.execute(query).mappings()]

    def _run(self, row: Any) -> TriggerInvocation:
        content = orjson.loads(self._seals.open(PURPOSE, row["sealed_content"], context=row["pool_id"].encode()))
        return TriggerInvocation(id=row["id"], **{name: row[name] for name in _COLUMNS}, **content)
