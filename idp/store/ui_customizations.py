"""What classic hosted pages look like: rows to `UiCustomization` and back."""

from __future__ import annotations

import sqlalchemy as sa

from idp.domain.ui_customization import UiCustomization
from idp.store.tables.branding import ui_customizations as t

_KEY = (t.c.pool_id == sa.bindparam("pool_id"), t.c.client_id == sa.bindparam("client_id"))
_FIND = sa.select(t).where(*_KEY)
_DELETE = t.delete().where(*_KEY)


class UiCustomizations:
    """The stored customizations."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, customization: UiCustomization) -> None:
        """Store a customization in place of the older one."""
        self.delete(customization.pool_id, customization.client_id)
        row = {column.name: getattr(customization, column.name) for column in t.columns}
        self._connection.execute(t.insert(), row)

    def find(self, pool_id: str, client_id: str) -> UiCustomization | None:
        """Return the customization of a client, or of `ALL`."""
        row = self._connection.execute(_FIND, {"pool_id": pool_id, "client_id": client_id}).mappings().first()
        return None if row is None else UiCustomization(**row)

    def delete(self, pool_id: str, client_id: str) -> None:
        """Delete a customization; gone already is fine."""
        self._connection.execute(_DELETE, {"pool_id": pool_id, "client_id": client_id})
