"""Policies for clients by metadata document, and the URLs seen: rows to `CimdPolicy` and `ClientMetadataUrl` and back."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from idp.domain.cimd_policy import CimdPolicy, ClientMetadataUrl
from idp.store.tables.cimd import cimd_policies as t, client_metadata_urls as urls

_OF_POOL = t.c.pool_id == sa.bindparam("pool_id")
_LIST = sa.select(t).where(_OF_POOL).order_by(t.c.id)
_BY_ID = sa.select(t).where(_OF_POOL, t.c.id == sa.bindparam("id"))
_PAGE = sa.select(t).where(_OF_POOL, t.c.id > sa.bindparam("after")).order_by(t.c.id).limit(sa.bindparam("limit"))
_COUNT = sa.select(sa.func.count()).select_from(t).where(_OF_POOL)
_SAVE = t.update().where(t.c.id == sa.bindparam("b_id"))
_DELETE = t.delete().where(_OF_POOL, t.c.id == sa.bindparam("id"))
_OF_POLICY = urls.c.policy_id == sa.bindparam("b_policy_id")
_URL = sa.select(urls).where(_OF_POLICY, urls.c.url == sa.bindparam("url"))
_URL_PAGE = (
    sa.select(urls)
    .where(_OF_POLICY, urls.c.url > sa.bindparam("after"))
    .order_by(urls.c.url)
    .limit(sa.bindparam("limit"))
)
_SAVE_URL = urls.update().where(_OF_POLICY, urls.c.url == sa.bindparam("b_url"))


class CimdPolicies:
    """The stored policies and URLs."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, policy: CimdPolicy) -> None:
        """Store a new policy."""
        self._connection.execute(t.insert(), _row(t, policy))

    def find(self, pool_id: str, policy_id: str) -> CimdPolicy | None:
        """Return a policy of a pool."""
        row = self._connection.execute(_BY_ID, {"pool_id": pool_id, "id": policy_id}).mappings().first()
        return None if row is None else CimdPolicy(**row)

    def of_pool(self, pool_id: str) -> list[CimdPolicy]:
        """Return all policies of a pool."""
        return [CimdPolicy(**row) for row in self._connection.execute(_LIST, {"pool_id": pool_id}).mappings()]

    def list_page(self, pool_id: str, *, after: str = "", limit: int) -> list[CimdPolicy]:
        """Return up to `limit` policies of a pool, by id, after the id given."""
        values = {"pool_id": pool_id, "after": after, "limit": limit}
        return [CimdPolicy(**row) for row in self._connection.execute(_PAGE, values).mappings()]

    def count(self, pool_id: str) -> int:
        """Return how many policies a pool has."""
        return self._connection.execute(_COUNT, {"pool_id": pool_id}).scalar_one()

    def save(self, policy: CimdPolicy) -> None:
        """Store a changed policy."""
        self._connection.execute(_SAVE, {"b_id": policy.id, **_row(t, policy)})

    def delete(self, pool_id: str, policy_id: str) -> bool:
        """Delete a policy and what was seen under it; False when there is none."""
        return self._connection.execute(_DELETE, {"pool_id": pool_id, "id": policy_id}).rowcount == 1

    def put_url(self, seen: ClientMetadataUrl) -> None:
        """Store what is known of a URL, unless the policy is gone or another process has just stored it, too."""
        key = {"b_policy_id": seen.policy_id, "b_url": seen.url}
        if self._connection.execute(_SAVE_URL, {**key, **_row(urls, seen)}).rowcount == 0:
            with suppress(sa.exc.IntegrityError), self._connection.begin_nested():
                self._connection.execute(urls.insert(), _row(urls, seen))

    def find_url(self, policy_id: str, url: str) -> ClientMetadataUrl | None:
        """Return what is known of a URL."""
        row = self._connection.execute(_URL, {"b_policy_id": policy_id, "url": url}).mappings().first()
        return None if row is None else ClientMetadataUrl(**row)

    def list_urls(self, policy_id: str, *, after: str = "", limit: int) -> list[ClientMetadataUrl]:
        """Return up to `limit` URLs seen under a policy, in order, after the URL given."""
        values = {"b_policy_id": policy_id, "after": after, "limit": limit}
        return [ClientMetadataUrl(**row) for row in self._connection.execute(_URL_PAGE, values).mappings()]


def _row(table: sa.Table, stored: CimdPolicy | ClientMetadataUrl) -> dict[str, Any]:
    return {column.name: getattr(stored, column.name) for column in table.columns}
