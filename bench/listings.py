"""The measured listings: pages of fifty, the first and the last, in a pool with little and in one with much."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bench.rows import ANN, GROUP
from bench.scenarios import Iteration, World
from bench.targets import FIRST
from bench.wire import Connection, aws, signed

PAGE = 50
TOKENS = ("PaginationToken", "NextToken")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Listing:
    """A listing of a JSON service.

    Attributes:
        size: the parameter that says how long a page is.
        parameters: of the first page.
    """

    name: str
    size: str
    parameters: Callable[[World], Mapping[str, Any]]
    service: str = "cognito-idp"

    @property
    def operation(self) -> str:
        """Return the operation's name: the first word."""
        return self.name.split()[0]

    def first_page(self, world: World) -> Iteration:
        """Read the first page."""
        request = self._request(world, {self.size: PAGE})
        return lambda connection: connection.send(request)

    def last_page(self, world: World) -> Iteration:
        """Read the last page, which is as long as the others."""
        connection, going_on = Connection(world.url), dict[str, str]()
        while True:
            answer = connection.call(self._request(world, {self.size: PAGE, **going_on}))
            token = next(((name, answer[name]) for name in TOKENS if name in answer), None)
            if token is None:
                break
            going_on = dict([token])
        connection.close()
        request = self._request(world, {self.size: PAGE, **going_on})
        return lambda connection: connection.send(request)

    def _request(self, world: World, more: Mapping[str, Any]) -> bytes:
        return aws(world.url, self.service, self.operation, {**self.parameters(world), **more}, world.key)


def _of_pool(world: World) -> Mapping[str, Any]:
    return {"UserPoolId": world.pool_id}


def _with(**more: Any) -> Callable[[World], Mapping[str, Any]]:
    return lambda world: {"UserPoolId": world.pool_id, **more}


PAGED = (
    Listing("ListUsers", "Limit", _of_pool),
    Listing("ListUsers (status ^=)", "Limit", _with(Filter='cognito:user_status ^= "CONF"')),
    Listing("ListUsers (email ^=)", "Limit", _with(Filter='email ^= "user"')),
    Listing("ListUsersInGroup", "Limit", _with(GroupName=GROUP)),
    Listing("ListGroups", "Limit", _of_pool),
    Listing("AdminListUserAuthEvents", "MaxResults", _with(Username=ANN)),
    Listing("AdminListDevices", "Limit", _with(Username=ANN)),
    Listing("ListUserPoolClients", "MaxResults", _of_pool),
    Listing("ListIdentityProviders", "MaxResults", _of_pool),
    Listing("ListResourceServers", "MaxResults", _of_pool),
    Listing(
        "ListIdentities", "MaxResults", lambda world: {"IdentityPoolId": world.identity_pool_id}, "cognito-identity"
    ),
    Listing(
        "ListIdentities (HideDisabled)",
        "MaxResults",
        lambda world: {"IdentityPoolId": world.identity_pool_id, "HideDisabled": True},
        "cognito-identity",
    ),
)


def sessions(world: World) -> Iteration:
    """List the sessions of a user who signed in often."""
    request = aws(world.url, "cognito-idp", "AdminListUserSessions", _with(Username=ANN)(world), world.key)
    return lambda connection: connection.send(request)


def roles(world: World) -> Iteration:
    """Read the first page of the account's roles."""
    request = _roles(world, {})
    return lambda connection: connection.send(request)


def last_roles_below_a_path(world: World) -> Iteration:
    """Read the last page of the roles below a path."""
    connection, going_on = Connection(world.url), {"PathPrefix": "/team/"}
    while found := re.search(rb"<Marker>(.+)</Marker>", connection.send(_roles(world, going_on))):
        going_on["Marker"] = found[1].decode()
    connection.close()
    request = _roles(world, going_on)
    return lambda connection: connection.send(request)


def outbox(world: World, **query: str) -> Iteration:
    """Read the newest messages to the account's users."""
    path = f"/admin/v1/outbox?{urlencode({**query, 'limit': PAGE})}"
    request = signed(world.url, path, "idp", world.key)
    return lambda connection: connection.send(request)


def _roles(world: World, more: Mapping[str, str]) -> bytes:
    body = urlencode({"Action": "ListRoles", "Version": "2010-05-08", "MaxItems": PAGE, **more}).encode()
    return signed(world.url, "/", "iam", world.key, method="POST", headers=FORM, body=body)


OF_THE_ACCOUNT: Mapping[str, Callable[[World], Iteration]] = {
    f"ListRoles{FIRST}": roles,
    "ListRoles, last page below a path": last_roles_below_a_path,
    f"outbox{FIRST}": outbox,
    "outbox, to one person": lambda world: outbox(world, to="ann@example.com"),
}
