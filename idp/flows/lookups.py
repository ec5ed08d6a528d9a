"""Finding the pool, client and user a request names, with Cognito's refusals.  Source: spec USER_POOLS section 3.1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.domain.errors import ResourceNotFound, UserNotFound

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork


def get_user_pool(services: Services, pool_id: str, *, account: str | None = None) -> UserPool:
    """Return a pool.

    Args:
        account: of the principal; another account's pool does not exist for it. None for unsigned requests.

    Raises:
        ResourceNotFound.
    """
    user_pool = services.catalog.user_pools.find(pool_id)
    if user_pool is None or account not in {None, user_pool.account}:
        raise ResourceNotFound(f"User pool {pool_id} does not exist.")
    return user_pool


def get_client(services: Services, client_id: str, *, pool_id: str | None = None) -> Client:
    """Return a client.

    Args:
        pool_id: the pool the request names; a client of another pool does not exist for it.

    Raises:
        ResourceNotFound.
    """
    client = services.catalog.clients.find(client_id)
    if client is None or pool_id not in {None, client.pool_id}:
        raise ResourceNotFound(f"User pool client {client_id} does not exist.")
    return client


def get_pool_of(services: Services, client: Client) -> UserPool:
    """Return the pool a client is registered in."""
    return get_user_pool(services, client.pool_id)


def find_user(work: UnitOfWork, user_pool: UserPool, name: str) -> User | None:
    """Return the user who goes by a name as typed: username, alias, or sub."""
    return work.users.find(user_pool.id, user_pool.fold(name))


def get_user(work: UnitOfWork, user_pool: UserPool, name: str) -> User:
    """Return the user who goes by a name as typed; raises UserNotFound."""
    user = find_user(work, user_pool, name)
    if user is None:
        raise UserNotFound
    return user
