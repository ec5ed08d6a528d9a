"""Upstream providers: rows to `IdentityProvider` and back; their details are sealed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from idp.domain.errors import ConcurrentModification, ProviderTaken, ResourceConflict
from idp.domain.identity_provider import IdentityProvider
from idp.store.sealing import Seals
from idp.store.tables.identity_providers import identity_provider_identifiers as identifiers, identity_providers as t
from idp.store.types import Moment

PURPOSE = "identity-provider"

_KEY = (t.c.pool_id == sa.bindparam("b_pool_id"), t.c.name == sa.bindparam("b_name"))
_FIND = sa.select(t).where(*_KEY)
_NAMES = sa.select(t.c.name).where(t.c.pool_id == sa.bindparam("pool_id"))
_PAGE = (
    sa.select(t)
    .where(t.c.pool_id == sa.bindparam("pool_id"), t.c.name > sa.bindparam("after"))
    .order_by(t.c.name)
    .limit(sa.bindparam("limit"))
)
_OWNER = sa.select(identifiers.c.provider_name).where(
    identifiers.c.pool_id == sa.bindparam("pool_id"), identifiers.c.identifier == sa.bindparam("identifier")
)
_OWNERS = sa.select(identifiers.c.identifier, identifiers.c.provider_name).where(
    identifiers.c.pool_id == sa.bindparam("pool_id"),
    identifiers.c.identifier.in_(sa.bindparam("identifiers", expanding=True)),
)
_IDENTIFIED = (
    sa.select(identifiers.c.provider_name)
    .where(
        identifiers.c.pool_id == sa.bindparam("pool_id"),
        identifiers.c.provider_name.in_(sa.bindparam("names", expanding=True)),
    )
    .limit(1)
)
_TYPES = sa.select(t.c.type).where(
    t.c.pool_id == sa.bindparam("pool_id"), t.c.name.in_(sa.bindparam("names", expanding=True))
)
_IDENTIFIERS = (
    sa.select(identifiers.c.identifier)
    .where(identifiers.c.pool_id == sa.bindparam("pool_id"), identifiers.c.provider_name == sa.bindparam("name"))
    .order_by(identifiers.c.identifier)
)
_DROP_IDENTIFIERS = identifiers.delete().where(
    identifiers.c.pool_id == sa.bindparam("pool_id"), identifiers.c.provider_name == sa.bindparam("name")
)
_UPDATE = t.update().where(*_KEY, t.c.version == sa.bindparam("b_version"))
_DELETE = t.delete().where(*_KEY)
_DUE = (
    sa.select(t)
    .where(t.c.metadata_due_at <= sa.bindparam("now", type_=Moment))
    .order_by(t.c.metadata_due_at)
    .limit(sa.bindparam("limit"))
)


class IdentityProviders:
    """The stored providers."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, provider: IdentityProvider) -> None:
        """Store a new provider.

        Raises:
            ProviderTaken; ResourceConflict: another provider has one of its identifiers.
        """
        try:
            self._connection.execute(t.insert(), self._row(provider))
        except sa.exc.IntegrityError as error:
            raise ProviderTaken from error
        self._add_identifiers(provider)

    def find(self, pool_id: str, name: str) -> IdentityProvider | None:
        """Return the provider; None when the pool has none of that name."""
        row = self._connection.execute(_FIND, _key(pool_id, name)).mappings().first()
        if row is None:
            return None
        found = self._connection.execute(_IDENTIFIERS, {"pool_id": pool_id, "name": name}).scalars()
        return self._provider(row, tuple(found))

    def find_by_identifier(self, pool_id: str, identifier: str) -> IdentityProvider | None:
        """Return the provider that has an identifier."""
        owner = self._connection.execute(_OWNER, {"pool_id": pool_id, "identifier": identifier}).scalar_one_or_none()
        return None if owner is None else self.find(pool_id, owner)

    def owners(self, pool_id: str, wanted: Sequence[str]) -> dict[str, str]:
        """Return which of the identifiers there are in a pool, and the names of the providers that have them."""
        values = {"pool_id": pool_id, "identifiers": wanted}
        return {row.identifier: row.provider_name for row in self._connection.execute(_OWNERS, values)}

    def are_identified(self, pool_id: str, names: Sequence[str]) -> bool:
        """Say whether any of the providers has an identifier."""
        return self._connection.execute(_IDENTIFIED, {"pool_id": pool_id, "names": names}).first() is not None

    def types_of(self, pool_id: str, names: Sequence[str]) -> frozenset[str]:
        """Return the types of the providers."""
        return frozenset(self._connection.execute(_TYPES, {"pool_id": pool_id, "names": names}).scalars())

    def names(self, pool_id: str) -> frozenset[str]:
        """Return the names of all providers of a pool (their number is limited)."""
        return frozenset(self._connection.execute(_NAMES, {"pool_id": pool_id}).scalars())

    def list_page(self, pool_id: str, *, after: str = "", limit: int) -> list[IdentityProvider]:
        """Return up to `limit` providers of a pool without their identifiers, by name, after the name given."""
        values = {"pool_id": pool_id, "after": after, "limit": limit}
        return [self._provider(row, ()) for row in self._connection.execute(_PAGE, values).mappings()]

    def save(self, provider: IdentityProvider) -> IdentityProvider:
        """Store a changed provider.

        Raises:
            ConcurrentModification: somebody saved it first; ResourceConflict: as `add`.
        """
        saved = replace(provider, version=provider.version + 1)
        values = {**_key(provider.pool_id, provider.name), "b_version": provider.version, **self._row(saved)}
        if self._connection.execute(_UPDATE, values).rowcount == 0:
            raise ConcurrentModification
        self._connection.execute(_DROP_IDENTIFIERS, {"pool_id": provider.pool_id, "name": provider.name})
        self._add_identifiers(provider)
        return saved

    def list_due(self, now: datetime, *, limit: int) -> list[IdentityProvider]:
        """Return up to `limit` providers of all pools without their identifiers whose metadata is to be read again by now."""
        return [
            self._provider(row, ()) for row in self._connection.execute(_DUE, {"now": now, "limit": limit}).mappings()
        ]

    def refresh(self, provider: IdentityProvider, *, metadata: str | None, due_at: datetime | None) -> bool:
        """Store a provider's metadata alone; False, and nothing stored, when somebody saved it first."""
        values = {"metadata": metadata, "metadata_due_at": due_at, "version": provider.version + 1}
        key = {**_key(provider.pool_id, provider.name), "b_version": provider.version}
        return self._connection.execute(_UPDATE, {**key, **values}).rowcount == 1

    def delete(self, pool_id: str, name: str) -> bool:
        """Delete a provider with its identifiers; False when there is none."""
        return self._connection.execute(_DELETE, _key(pool_id, name)).rowcount == 1

    def _add_identifiers(self, provider: IdentityProvider) -> None:
        rows = [
            {"pool_id": provider.pool_id, "identifier": identifier, "provider_name": provider.name}
            for identifier in provider.identifiers
        ]
        try:
            if rows:
                self._connection.execute(identifiers.insert(), rows)
        except sa.exc.IntegrityError as error:
            raise ResourceConflict from error

    def _provider(self, row: sa.RowMapping, identifiers_of: Iterable[str]) -> IdentityProvider:
        details = self._seals.open(PURPOSE, row["details"], context=_context(row["pool_id"], row["name"]))
        return IdentityProvider(**{**row, "details": orjson.loads(details), "identifiers": tuple(identifiers_of)})

    def _row(self, provider: IdentityProvider) -> dict[str, Any]:
        row = {column.name: getattr(provider, column.name) for column in t.columns}
        details = orjson.dumps(dict(provider.details))
        row["details"] = self._seals.seal(PURPOSE, details, context=_context(provider.pool_id, provider.name))
        return row


def _key(pool_id: str, name: str) -> dict[str, str]:
    return {"b_pool_id": pool_id, "b_name": name}


def _context(pool_id: str, name: str) -> bytes:
    return f"{pool_id}/{name}".encode()
