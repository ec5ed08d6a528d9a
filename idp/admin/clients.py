"""App clients: listing, registering, reading and deleting them; the secret is in what create and get answer alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from idp.admin.call import Call
from idp.admin.client_records import Client, ClientPage, ClientSettings, ClientSummary, NewClient
from idp.admin.records import PageQuery, members_of, settings_of
from idp.admin.user_pools import UserPoolPath
from idp.flows import clients as flow

if TYPE_CHECKING:
    from idp.domain import client as domain


class ClientPath(UserPoolPath):
    """Which client of which user pool."""

    client_id: str


def list_clients(call: Call, path: UserPoolPath, query: PageQuery) -> ClientPage:
    """List a user pool's clients."""
    user_pool = call.user_pool(path.user_pool_id)
    rows, cursor = call.page(
        query,
        lambda after, limit: flow.list_clients(call.services, user_pool, after=after, limit=limit),
        start="",
        place=lambda client: client.id,
        of=f"clients of {user_pool.id}",
    )
    return ClientPage(items=[ClientSummary(**_head(each)) for each in rows], next_cursor=cursor)


def create_client(call: Call, path: UserPoolPath, body: NewClient) -> Client:
    """Register a client."""
    settings = settings_of(body)
    name, generate_secret = settings.pop("ClientName"), settings.pop("GenerateSecret", False)
    user_pool = call.user_pool(path.user_pool_id)
    created = flow.create_client(
        call.services, user_pool, name=name, settings=settings, generate_secret=generate_secret
    )
    return _shown(created)


def get_client(call: Call, path: ClientPath) -> Client:
    """Return a client, with its secret."""
    return _shown(flow.describe_client(call.services, call.user_pool(path.user_pool_id), path.client_id))


def delete_client(call: Call, path: ClientPath) -> None:
    """Delete a client with its sessions."""
    flow.delete_client(call.services, call.user_pool(path.user_pool_id), path.client_id)


def _shown(client: domain.Client) -> Client:
    members = {**members_of(ClientSettings, client.settings), **_head(client), "client_secret": client.secret}
    return Client.model_validate(members)


def _head(client: domain.Client) -> dict[str, Any]:
    return {
        "client_id": client.id,
        "client_name": client.name,
        "user_pool_id": client.pool_id,
        "created_at": client.created_at,
        "updated_at": client.updated_at,
    }
