"""Making, changing and deleting the app clients of a user pool.  Source: spec USER_POOLS sections 3.1, 12.2 and 12.3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from idp.domain.attributes import check_permissions
from idp.domain.client import Client
from idp.domain.client_secret import MAX_SECRETS, ClientSecret, new_secret
from idp.domain.client_settings import check_client, completed
from idp.domain.errors import InvalidParameter, LimitExceeded, ResourceNotFound
from idp.domain.feature_plan import check_plan_of_client
from idp.domain.identifiers import new_client_id, new_client_secret

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork

MAX_CLIENTS = 10_000


def create_client(
    services: Services,
    user_pool: UserPool,
    *,
    name: str,
    settings: Mapping[str, Any],
    secret: str | None = None,
    generate_secret: bool = False,
    client_id: str | None = None,
) -> Client:
    """Register a client.

    Args:
        settings: CreateUserPoolClient's members without ids, name and secret.
        secret: one that the caller chose; not together with `generate_secret`.
        client_id: a chosen one (seeds); a new one when None.

    Raises:
        InvalidParameter, InvalidOAuthFlow, ScopeNotFound, FeatureUnavailable, LimitExceeded.
    """
    if generate_secret and secret is not None:
        raise InvalidParameter("Only one of GenerateSecret and ClientSecret can be given.")
    check_permissions(user_pool.schema, completed(settings), verb="creating")
    now = services.clock.now()
    client_id = client_id or new_client_id(services.random)
    value = new_client_secret(services.random) if generate_secret else secret
    client = Client(
        id=client_id,
        pool_id=user_pool.id,
        name=name,
        settings=completed(settings),
        created_at=now,
        updated_at=now,
        secrets=() if value is None else (new_secret(client_id, value, now),),
    )
    with services.unit_of_work() as work:
        _check(work, user_pool, client)
        if work.clients.count(user_pool.id) >= MAX_CLIENTS:
            raise LimitExceeded("The maximum number of user pool clients has been reached.")
        work.clients.add(client)
        work.commit()
    return client


def describe_client(services: Services, user_pool: UserPool, client_id: str) -> Client:
    """Return a client as it is stored now; raises ResourceNotFound."""
    with services.reading() as work:
        return stored_client(work, user_pool, client_id)


def update_client(
    services: Services, user_pool: UserPool, client_id: str, *, name: str | None, settings: Mapping[str, Any]
) -> Client:
    """Replace a client's settings; name (when None) and secret stay.

    Raises:
        ResourceNotFound, InvalidParameter, InvalidOAuthFlow, ScopeNotFound, FeatureUnavailable, ConcurrentModification.
    """
    check_permissions(user_pool.schema, completed(settings), verb="updating")
    with services.unit_of_work() as work:
        stored = stored_client(work, user_pool, client_id)
        changed = replace(
            stored, name=name or stored.name, settings=completed(settings), updated_at=services.clock.now()
        )
        _check(work, user_pool, changed)
        saved = work.clients.save(changed)
        work.commit()
    services.catalog.clients.forget(client_id)
    return saved


def delete_client(services: Services, user_pool: UserPool, client_id: str) -> None:
    """Delete a client with its sessions; raises ResourceNotFound."""
    with services.unit_of_work() as work:
        stored_client(work, user_pool, client_id)
        work.clients.delete(client_id)
        work.ui_customizations.delete(user_pool.id, client_id)
        work.commit()
    services.catalog.clients.forget(client_id)


def add_client_secret(
    services: Services, user_pool: UserPool, client_id: str, *, value: str | None = None
) -> ClientSecret:
    """Give a client that has a secret a second one, which is as good as the first from now on.

    Args:
        value: one that the caller chose; a new one when None.

    Unknown: the sentences.

    Raises:
        ResourceNotFound; InvalidParameter: the client is public, or has that very secret; LimitExceeded.
    """
    value = value or new_client_secret(services.random)
    with services.unit_of_work() as work:
        work.clients.lock(client_id)
        client = stored_client(work, user_pool, client_id)
        if not client.secrets:
            raise InvalidParameter("Client secrets can only be added to a client that was created with one.")
        if len(client.secrets) >= MAX_SECRETS:
            raise LimitExceeded(f"A client can have at most {MAX_SECRETS} active secrets.")
        if client.has_secret(value):
            raise InvalidParameter("The client has this secret already.")
        secret = new_secret(client_id, value, services.clock.now(), existing=client.secrets)
        work.clients.add_secret(client_id, secret)
        work.commit()
    services.catalog.clients.forget(client_id)
    return secret


def delete_client_secret(services: Services, user_pool: UserPool, client_id: str, secret_id: str) -> None:
    """Let one of a client's two secrets be good no more.

    Unknown: the sentences.

    Raises:
        ResourceNotFound: no such client, or it has no such secret. InvalidParameter: it is the only one.
    """
    with services.unit_of_work() as work:
        work.clients.lock(client_id)
        client = stored_client(work, user_pool, client_id)
        if secret_id not in {secret.id for secret in client.secrets}:
            raise ResourceNotFound("Client secret does not exist.")
        if len(client.secrets) == 1:
            raise InvalidParameter("The last secret of a client cannot be deleted.")
        work.clients.delete_secret(client_id, secret_id)
        work.commit()
    services.catalog.clients.forget(client_id)


def list_clients(services: Services, user_pool: UserPool, *, after: str, limit: int) -> list[Client]:
    """Return up to `limit` clients of a pool, by id, after the id given."""
    with services.reading() as work:
        return work.clients.list_page(user_pool.id, after=after, limit=limit)


def stored_client(work: UnitOfWork, user_pool: UserPool, client_id: str) -> Client:
    """Return a client as it is stored now; raises ResourceNotFound, also for another pool's."""
    client = work.clients.find(client_id)
    if client is None or client.pool_id != user_pool.id:
        raise ResourceNotFound(f"User pool client {client_id} does not exist.")
    return client


def _check(work: UnitOfWork, user_pool: UserPool, client: Client) -> None:
    """Check a client against what its pool has."""
    check_plan_of_client(user_pool.settings, client)
    check_client(
        client,
        custom_scopes=_custom_scopes(work, user_pool),
        identity_providers=work.identity_providers.names(user_pool.id),
    )


def _custom_scopes(work: UnitOfWork, user_pool: UserPool) -> frozenset[str]:
    servers = work.resource_servers.of_pool(user_pool.id)
    return frozenset(scope for server in servers for scope in server.scope_texts())
