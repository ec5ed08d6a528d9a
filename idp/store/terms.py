"""Clients' terms of use and privacy policies: rows to `Terms` and back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from idp.domain.errors import TermsTaken
from idp.domain.terms import Terms
from idp.store.tables.branding import terms as t

_BY_ID = sa.select(t).where(t.c.pool_id == sa.bindparam("pool_id"), t.c.id == sa.bindparam("id"))
_BY_CLIENT = sa.select(t).where(t.c.client_id == sa.bindparam("client_id"), t.c.name == sa.bindparam("name"))
_PAGE = (
    sa.select(t)
    .where(t.c.pool_id == sa.bindparam("pool_id"), t.c.id > sa.bindparam("after"))
    .order_by(t.c.id)
    .limit(sa.bindparam("limit"))
)
_COUNT = sa.select(sa.func.count()).select_from(t).where(t.c.pool_id == sa.bindparam("pool_id"))
_SAVE = t.update().where(t.c.id == sa.bindparam("b_id"))
_DELETE = t.delete().where(t.c.pool_id == sa.bindparam("pool_id"), t.c.id == sa.bindparam("id"))


class TermsDocuments:
    """The stored documents."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, terms: Terms) -> None:
        """Store a new document; raises TermsTaken when the client has one of that name."""
        try:
            self._connection.execute(t.insert(), _row(terms))
        except sa.exc.IntegrityError as error:
            raise TermsTaken from error

    def find(self, pool_id: str, terms_id: str) -> Terms | None:
        """Return a document of a pool."""
        row = self._connection.execute(_BY_ID, {"pool_id": pool_id, "id": terms_id}).mappings().first()
        return None if row is None else Terms(**row)

    def find_of_client(self, client_id: str, name: str) -> Terms | None:
        """Return a client's document of that name."""
        row = self._connection.execute(_BY_CLIENT, {"client_id": client_id, "name": name}).mappings().first()
        return None if row is None else Terms(**row)

    def list_page(self, pool_id: str, *, after: str = "", limit: int) -> list[Terms]:
        """Return up to `limit` documents of a pool, by id, after the id given."""
        values = {"pool_id": pool_id, "after": after, "limit": limit}
        return [Terms(**row) for row in self._connection.execute(_PAGE, values).mappings()]

    def count(self, pool_id: str) -> int:
        """Return how many documents a pool has."""
        return self._connection.execute(_COUNT, {"pool_id": pool_id}).scalar_one()

    def save(self, terms: Terms) -> None:
        """Store a changed document; raises TermsTaken when the client has another one of that name."""
        try:
            self._connection.execute(_SAVE, {"b_id": terms.id, **_row(terms)})
        except sa.exc.IntegrityError as error:
            raise TermsTaken from error

    def delete(self, pool_id: str, terms_id: str) -> bool:
        """Delete a document; False when there is none."""
        return self._connection.execute(_DELETE, {"pool_id": pool_id, "id": terms_id}).rowcount == 1


def _row(terms: Terms) -> dict[str, Any]:
    return {column.name: getattr(terms, column.name) for column in t.columns}
