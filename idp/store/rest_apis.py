"""Deployed APIs: rows to `RestApi` and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from idp.domain.errors import ConcurrentModification
from idp.domain.rest_api import RestApi
from idp.store.tables.apis import rest_apis as t

_BY_ID = sa.select(t).where(t.c.id == sa.bindparam("id"))
_DEPLOYMENT = sa.select(t.c.version, t.c.deployed_at).where(t.c.id == sa.bindparam("id"))
_UPDATE = t.update().where(t.c.id == sa.bindparam("b_id"), t.c.version == sa.bindparam("b_version"))
_DELETE = t.delete().where(t.c.id == sa.bindparam("id"))


class RestApis:
    """The stored APIs."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, rest_api: RestApi) -> None:
        """Store a new API."""
        self._connection.execute(t.insert(), _row(rest_api))

    def find(self, api_id: str) -> RestApi | None:
        """Return the API; None when there is none."""
        row = self._connection.execute(_BY_ID, {"id": api_id}).mappings().first()
        return None if row is None else RestApi(**row)

    def find_deployment(self, api_id: str) -> tuple[int, datetime] | None:
        """Return version and time of the newest deployment; None when there is no such API."""
        row = self._connection.execute(_DEPLOYMENT, {"id": api_id}).first()
        return None if row is None else (row.version, row.deployed_at)

    def save(self, rest_api: RestApi, *, replaced_version: int) -> None:
        """Store a new deployment.

        Raises:
            ConcurrentModification: somebody else deployed since the version to be replaced was read.
        """
        values = {"b_id": rest_api.id, "b_version": replaced_version, **_row(rest_api)}
        if self._connection.execute(_UPDATE, values).rowcount == 0:
            raise ConcurrentModification

    def delete(self, api_id: str) -> None:
        """Delete an API."""
        self._connection.execute(_DELETE, {"id": api_id})


def _row(rest_api: RestApi) -> dict[str, Any]:
    return {column.name: getattr(rest_api, column.name) for column in t.columns}
