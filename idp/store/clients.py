"""App clients and their secrets: rows to `Client` and back; secrets are sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from idp.domain.client import Client
from idp.domain.client_secret import ClientSecret
from idp.domain.errors import ConcurrentModification
from idp.store.sealing import Seals
from idp.store.tables.user_pools import client_secrets, clients as t

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
_SETTINGS_OF_POOL = sa.select(t.c.id, t.c.settings).where(t.c.pool_id == sa.bindparam("pool_id"))
_CHANGE_SETTINGS = (
    t.update().where(t.c.id == sa.bindparam("b_id")).values(settings=sa.bindparam("changed"), version=t.c.version + 1)
)
_DELETE = t.delete().where(t.c.id == sa.bindparam("id"))
_LOCK = t.update().where(t.c.id == sa.bindparam("b_id")).values(version=t.c.version)
_SECRETS = (
    sa.select(client_secrets)
    .where(client_secrets.c.client_id.in_(sa.bindparam("client_ids", expanding=True)))
    .order_by(client_secrets.c.created_at, client_secrets.c.id)
)
_DELETE_SECRET = client_secrets.delete().where(
    client_secrets.c.client_id == sa.bindparam("client_id"), client_secrets.c.id == sa.bindparam("id")
)


class Clients:
    """The stored app clients."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, client: Client) -> None:
        """Store a new client with its secrets."""
        self._connection.execute(t.insert(), _row(client))
        for secret in client.secrets:
            self.add_secret(client.id, secret)

    def find(self, client_id: str) -> Client | None:
        """Return the client, whatever its pool; None when there is none."""
        row = self._connection.execute(_BY_ID, {"id": client_id}).mappings().first()
        return None if row is None else self._clients([row])[0]

    def lock(self, client_id: str) -> None:
        """Let nobody else change the client, or count its secrets to add one, until the transaction ends."""
        self._connection.execute(_LOCK, {"b_id": client_id})

    def add_secret(self, client_id: str, secret: ClientSecret) -> None:
        """Store a further secret of a client."""
        sealed = self._seals.seal(PURPOSE, secret.value.encode(), context=client_id.encode())
        values = {"id": secret.id, "client_id": client_id, "created_at": secret.created_at, "value": sealed}
        self._connection.execute(client_secrets.insert(), values)

    def delete_secret(self, client_id: str, secret_id: str) -> None:
        """Delete one secret of a client."""
        self._connection.execute(_DELETE_SECRET, {"client_id": client_id, "id": secret_id})

    def list_page(self, pool_id: str, *, after: str = "", limit: int) -> list[Client]:
        """Return up to `limit` clients of a pool, by id, after the id given."""
        values = {"pool_id": pool_id, "after": after, "limit": limit}
        return self._clients(self._connection.execute(_PAGE, values).mappings().all())

    def count(self, pool_id: str) -> int:
        """Return how many clients a pool has."""
        return self._connection.execute(_COUNT, {"pool_id": pool_id}).scalar_one()

    def save(self, client: Client) -> Client:
        """Store a changed client; raises ConcurrentModification when somebody saved it first."""
        saved = replace(client, version=client.version + 1)
        values = {"b_id": client.id, "b_version": client.version, **_row(saved)}
        if self._connection.execute(_UPDATE, values).rowcount == 0:
            raise ConcurrentModification
        return saved

    def drop_identity_provider(self, pool_id: str, name: str) -> list[str]:
        """Take a provider from the SupportedIdentityProviders of a pool's clients.

        Returns:
            The ids of the clients that had it.
        """
        rows = self._connection.execute(_SETTINGS_OF_POOL, {"pool_id": pool_id}).all()
        named = [row for row in rows if name in row.settings.get("SupportedIdentityProviders", ())]
        if named:
            without = [{"b_id": row.id, "changed": _without_provider(row.settings, name)} for row in named]
            self._connection.execute(_CHANGE_SETTINGS, without)
        return [row.id for row in named]

    def delete(self, client_id: str) -> None:
        """Delete a client with its sessions and codes."""
        self._connection.execute(_DELETE, {"id": client_id})

    def _clients(self, rows: Sequence[sa.RowMapping]) -> list[Client]:
        secrets = self._secrets_of([row["id"] for row in rows])
        return [Client(**row, secrets=tuple(secrets[row["id"]])) for row in rows]

    def _secrets_of(self, client_ids: Sequence[str]) -> Mapping[str, Sequence[ClientSecret]]:
        secrets: dict[str, list[ClientSecret]] = {client_id: [] for client_id in client_ids}
        for row in self._connection.execute(_SECRETS, {"client_ids": client_ids}).mappings():
            value = self._seals.open(PURPOSE, row["value"], context=row["client_id"].encode()).decode()
            secrets[row["client_id"]].append(ClientSecret(row["id"], row["created_at"], value))
        return secrets


def _row(client: Client) -> dict[str, Any]:
    return {column.name: getattr(client, column.name) for column in t.columns}


def _without_provider(settings: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return settings without a provider; an empty list means the default, as if left out."""
    providers = [each for each in settings["SupportedIdentityProviders"] if each != name]
    kept = {member: value for member, value in settings.items() if member != "SupportedIdentityProviders"}
    return {**kept, "SupportedIdentityProviders": providers} if providers else kept
