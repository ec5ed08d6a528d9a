"""Managed login's styles: rows to `ManagedLoginBranding` and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from idp.domain.errors import BrandingTaken, ConcurrentModification
from idp.domain.managed_login import Asset, ManagedLoginBranding
from idp.store.tables.branding import managed_login_brandings as t

_BY_ID = sa.select(t).where(t.c.pool_id == sa.bindparam("pool_id"), t.c.id == sa.bindparam("id"))
_BY_CLIENT = sa.select(t).where(t.c.client_id == sa.bindparam("client_id"))
_COUNT = sa.select(sa.func.count()).select_from(t).where(t.c.pool_id == sa.bindparam("pool_id"))
_SAVE = t.update().where(t.c.id == sa.bindparam("b_id"), t.c.version == sa.bindparam("b_version"))
_DELETE = t.delete().where(t.c.pool_id == sa.bindparam("pool_id"), t.c.id == sa.bindparam("id"))


class ManagedLoginBrandings:
    """The stored styles."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, branding: ManagedLoginBranding) -> None:
        """Store a new style; raises BrandingTaken when the client has one."""
        try:
            self._connection.execute(t.insert(), _row(branding))
        except sa.exc.IntegrityError as error:
            raise BrandingTaken from error

    def find(self, pool_id: str, branding_id: str) -> ManagedLoginBranding | None:
        """Return a style of a pool."""
        row = self._connection.execute(_BY_ID, {"pool_id": pool_id, "id": branding_id}).mappings().first()
        return None if row is None else _branding(row)

    def find_of_client(self, client_id: str) -> ManagedLoginBranding | None:
        """Return the style of a client."""
        row = self._connection.execute(_BY_CLIENT, {"client_id": client_id}).mappings().first()
        return None if row is None else _branding(row)

    def count(self, pool_id: str) -> int:
        """Return how many styles a pool has."""
        return self._connection.execute(_COUNT, {"pool_id": pool_id}).scalar_one()

    def save(self, branding: ManagedLoginBranding) -> ManagedLoginBranding:
        """Store a changed style; raises ConcurrentModification when somebody saved it first."""
        saved = replace(branding, version=branding.version + 1)
        values = {"b_id": branding.id, "b_version": branding.version, **_row(saved)}
        if self._connection.execute(_SAVE, values).rowcount == 0:
            raise ConcurrentModification
        return saved

    def delete(self, pool_id: str, branding_id: str) -> bool:
        """Delete a style; False when there is none."""
        return self._connection.execute(_DELETE, {"pool_id": pool_id, "id": branding_id}).rowcount == 1


def _branding(row: sa.RowMapping) -> ManagedLoginBranding:
    return ManagedLoginBranding(**{**row, "assets": tuple(Asset.from_document(each) for each in row["assets"])})


def _row(branding: ManagedLoginBranding) -> dict[str, Any]:
    row = {column.name: getattr(branding, column.name) for column in t.columns}
    return {**row, "assets": [asset.document() for asset in branding.assets]}
