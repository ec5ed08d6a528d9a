"""Filling a pool with what is listed, by the tables and not by the API: a hundred thousand rows of a kind in a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import sqlalchemy as sa

from bench import users
from bench.scenarios import World
from idp.bootstrap import load_master_key
from idp.outbound.sealer import Sealer
from idp.settings import Settings
from idp.store import identity_providers as providers, outbox as messages
from idp.store.engine import Database
from idp.store.tables import metadata

MAX_CLIENTS, MAX_PROVIDERS, MAX_RESOURCE_SERVERS = 10_000, 1_000, 300
LIVE_SESSIONS = 20
ENABLED_IDENTITIES = 10
ACCOUNT = "000000000000"
GROUP = "group000000"
ANN = "user500"

Row = Mapping[str, Any]


def fill(settings: Settings, world: World, size: int) -> None:
    """Store users, a group of them all, and of one user, of the pool and of the identity pool `size` of each kind.

    Of clients (the pool has one already), providers and resource servers no more than a pool may have. Of the user's
    sessions a few are live, the others made room for them; of the identities one in ten is enabled.
    """
    users.fill(settings, world.pool_id, range(size))
    sealer = Sealer(load_master_key(settings))
    database = Database(settings.sqlalchemy_url, synchronous="NORMAL")
    with database.writing() as connection:
        table = metadata.tables["users"]
        ids = connection.execute(sa.select(table.c.id).where(table.c.pool_id == world.pool_id)).scalars().all()
        is_ann = sa.and_(table.c.pool_id == world.pool_id, table.c.username == ANN)
        ann = connection.execute(sa.select(table.c.id).where(is_ann)).scalar_one()
        for name, rows in _rows(world, ann, size, sealer).items():
            _insert(connection, name, rows)
        members = ({"user_id": each, "pool_id": world.pool_id, "group_name": GROUP} for each in ids)
        _insert(connection, "group_members", members)
        connection.commit()
    database.dispose()


def fill_account(settings: Settings, world: World, size: int) -> None:
    """Store roles, one in ten of them below a path, and messages, one in ten to one person."""
    sealer = Sealer(load_master_key(settings))
    database = Database(settings.sqlalchemy_url, synchronous="NORMAL")
    with database.writing() as connection:
        _insert(connection, "roles", (_role(number) for number in range(size)))
        _insert(connection, "outbox", _messages(world, size, sealer))
        connection.commit()
    database.dispose()


def _insert(connection: sa.Connection, table: str, rows: Iterator[Row]) -> None:
    connection.execute(metadata.tables[table].insert(), [dict(row) for row in rows])


def _rows(world: World, ann: int, size: int, sealer: Sealer) -> dict[str, Iterator[Row]]:
    """Return the rows of each table, in the order in which they refer to one another."""
    pool, now = world.pool_id, datetime.now(UTC)
    stamps = {"created_at": now, "updated_at": now}

    def up_to(count: int, row: Callable[[int], Row]) -> Iterator[Row]:
        return (row(number) for number in range(count))

    return {
        "groups": up_to(size, lambda n: {"pool_id": pool, "name": f"group{n:06}", **stamps}),
        "auth_events": up_to(size, lambda n: _event(pool, ann, now - timedelta(seconds=n), n)),
        "user_sessions": up_to(size, lambda n: _session(world, ann, now - timedelta(seconds=n), n)),
        "devices": up_to(size, lambda n: _device(ann, now, n)),
        "identities": up_to(size, lambda n: _identity(world, now, n)),
        "clients": up_to(min(size, MAX_CLIENTS) - 1, lambda n: _client(pool, now, n)),
        "identity_providers": up_to(min(size, MAX_PROVIDERS), lambda n: _provider(pool, now, n, sealer)),
        "resource_servers": up_to(
            min(size, MAX_RESOURCE_SERVERS),
            lambda n: {"pool_id": pool, "identifier": f"server{n:06}", "name": "server", "scopes": {}},
        ),
    }


def _event(pool: str, ann: int, moment: datetime, number: int) -> Row:
    origin = {"source": "192.0.2.1", "device_name": "Firefox"}
    judged = {"response": "Pass", "risk": {}, "challenges": {"Password": "Success"}}
    event = {"id": f"{pool}-{number}", "user_id": ann, "kind": "SignIn", "created_at": moment}
    return {**event, **origin, **judged}


def _session(world: World, ann: int, moment: datetime, number: int) -> Row:
    whose = {"pool_id": world.pool_id, "user_id": ann, "client_id": world.client_id}
    times = {"authenticated_at": moment, "active_at": moment, "expires_at": moment + timedelta(days=30)}
    origin = {"source": "192.0.2.1", "device_name": "Firefox", "scope": "openid", "hosted": False}
    revoked_at = moment if number >= LIVE_SESSIONS else None
    identifiers = {"id": str(uuid5(NAMESPACE_OID, f"{world.pool_id}/{number}")), "event_id": "event"}
    return {**identifiers, **whose, **times, **origin, "revoked_at": revoked_at}


def _device(ann: int, now: datetime, number: int) -> Row:
    times = {"created_at": now, "updated_at": now, "authenticated_at": now}
    key = f"us-east-1_{number:08}-0000-4000-8000-000000000000"
    return {"user_id": ann, "key": key, "is_remembered": True, "last_source": "192.0.2.1", **times}


def _identity(world: World, now: datetime, number: int) -> Row:
    identifier = f"us-east-1:{number:08}-{world.identity_pool_id[-27:]}"
    is_disabled = number % ENABLED_IDENTITIES != 0
    times = {"created_at": now, "updated_at": now}
    return {"id": identifier, "pool_id": world.identity_pool_id, "disabled": is_disabled, **times}


def _client(pool: str, now: datetime, number: int) -> Row:
    kept = {"settings": {}, "sso_minutes": 60, "version": 1, "created_at": now, "updated_at": now}
    return {"id": f"{pool[-9:].lower()}{number:06}", "pool_id": pool, "name": "client", **kept}


def _provider(pool: str, now: datetime, number: int, sealer: Sealer) -> Row:
    name = f"provider{number:06}"
    details = sealer.seal(providers.PURPOSE, b"{}", context=f"{pool}/{name}".encode())
    kept = {"details": details, "attribute_mapping": {}, "acr_mapping": {}, "version": 1}
    return {"pool_id": pool, "name": name, "type": "OIDC", **kept, "created_at": now, "updated_at": now}


def _role(number: int) -> Row:
    path = "/team/" if number % 10 == 0 else f"/others/{number % 100}/"
    names = {"account": ACCOUNT, "name": f"role{number:06}", "id": f"AROABENCH{number:06}", "path": path}
    return {**names, "trust_policy": "{}", "max_session_s": 3600, "tags": {}, "created_at": datetime.now(UTC)}


def _messages(world: World, size: int, sealer: Sealer) -> Iterator[Row]:
    now = datetime.now(UTC)
    for number in range(size):
        recipient = "ann@example.com" if number % 10 == 0 else "others@example.com"
        whose = {"account": ACCOUNT, "pool_id": world.pool_id, "username": recipient, "recipient": recipient}
        body = sealer.seal(messages.PURPOSE, b"a message", context=f"{world.pool_id}/{recipient}".encode())
        yield {**whose, "kind": "SignUp", "medium": "EMAIL", "subject": "s", "body": body, "sent_at": now}
