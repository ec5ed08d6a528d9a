"""Resource servers of a user pool and their custom scopes.  Source: spec USER_POOLS sections 3.1 and 11.2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.domain.errors import InvalidParameter, LimitExceeded, ResourceConflict, ResourceNotFound

if TYPE_CHECKING:
    from idp.domain.resource_server import ResourceServer
    from idp.domain.user_pool import UserPool
    from idp.services import Services

MAX_RESOURCE_SERVERS = 300


def create_resource_server(services: Services, server: ResourceServer) -> ResourceServer:
    """Register a resource server.

    Raises:
        InvalidParameter: the pool has one of that identifier; LimitExceeded.
    """
    with services.unit_of_work() as work:
        if work.resource_servers.count(server.pool_id) >= MAX_RESOURCE_SERVERS:
            raise LimitExceeded("The maximum number of resource servers has been reached.")
        try:
            work.resource_servers.add(server)
        except ResourceConflict as error:
            raise InvalidParameter(f"{server.identifier} already exists in user pool {server.pool_id}.") from error
        work.commit()
    return server


def get_resource_server(services: Services, user_pool: UserPool, identifier: str) -> ResourceServer:
    """Return a resource server; raises ResourceNotFound."""
    with services.reading() as work:
        server = work.resource_servers.find(user_pool.id, identifier)
    if server is None:
        raise _not_found(identifier)
    return server


def update_resource_server(services: Services, server: ResourceServer) -> ResourceServer:
    """Replace name and scopes; clients keep scopes that are no more.  Raises ResourceNotFound."""
    with services.unit_of_work() as work:
        if not work.resource_servers.save(server):
            raise _not_found(server.identifier)
        work.commit()
    return server


def delete_resource_server(services: Services, user_pool: UserPool, identifier: str) -> None:
    """Delete a resource server; raises ResourceNotFound."""
    with services.unit_of_work() as work:
        if not work.resource_servers.delete(user_pool.id, identifier):
            raise _not_found(identifier)
        work.commit()


def list_resource_servers(services: Services, user_pool: UserPool, *, after: str, limit: int) -> list[ResourceServer]:
    """Return up to `limit` resource servers of a pool, by identifier, after the one given."""
    with services.reading() as work:
        return work.resource_servers.list_page(user_pool.id, after=after, limit=limit)


def _not_found(identifier: str) -> ResourceNotFound:
    return ResourceNotFound(f"Resource server {identifier} does not exist.")
