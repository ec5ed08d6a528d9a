"""Every listing that is served: what it is asked for in the world of `world.py`, and what finding its page may cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore import xform_name

from tests.admin.operators import Operator
from tests.aws.listings.world import ALIKE, Statement, World, selects

SIZES = ("Limit", "MaxResults", "MaxItems")
TOKENS = ("PaginationToken", "NextToken", "Marker", "NextMarker")

MOST_PAGES = 10
"""More pages than any list in the world has."""

Parameters = Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True)
class Listing:
    """A listing.

    Attributes:
        service: boto3's name, or `admin` for the REST API.
        operation: the wire name; a path of the REST API.
        pages: how many there are of one row each, at least.
        is_of_one: the request names whose list it is by something stored: a user, an access token, a group, a role.
        is_short: a limit of the product keeps the list short, so that it may be sorted when it was found.
        sifted: a column by which rows are left out that the index does not know to leave out: few.
    """

    service: str
    operation: str
    parameters: Parameters
    pages: int = 3
    is_of_one: bool = False
    is_short: bool = False
    sifted: str = ""
    note: str = ""

    def __str__(self) -> str:
        """Return the id of its tests."""
        return f"{self.service} {self.operation} {self.note}".strip()

    def statements(self, world: World) -> list[list[Statement]]:
        """Read the list in pages of one, and return what was asked of the database for each page."""
        ask = self._rest(world) if self.service == "admin" else self._aws(world)
        ask(None)  # what every request reads of pools and clients is kept from here on
        found: list[list[Statement]] = []
        token: str | None = None
        while len(found) < MOST_PAGES and (not found or token is not None):
            with selects() as seen:
                token = ask(token)
            found.append(seen)
        return found

    def _aws(self, world: World) -> Callable[[str | None], str | None]:
        client = world.client(self.service)
        members = client.meta.service_model.operation_model(self.operation).input_shape.members
        size = {name: 1 for name in SIZES if name in members}
        named = next((name for name in TOKENS if name in members), "")

        def ask(token: str | None) -> str | None:
            going_on = {} if token is None else {named: token}
            answer = getattr(client, xform_name(self.operation))(**self.parameters(world), **size, **going_on)
            return next((str(answer[name]) for name in TOKENS if name in answer), None)

        return ask

    def _rest(self, world: World) -> Callable[[str | None], str | None]:
        operator, path = Operator(world.app), self.operation.format(pool=world.pool.pool_id)

        def ask(token: str | None) -> str | None:
            going_on = {} if token is None else {"cursor": token}
            answer = operator.get(path, **self.parameters(world), limit=1, **going_on)
            assert answer.status == 200, answer.json
            cursor: str | None = answer.json.get("nextCursor")
            return cursor

        return ask


def _nothing(_: World) -> Mapping[str, Any]:
    return {}


def _of_pool(world: World) -> Mapping[str, Any]:
    return {"UserPoolId": world.pool.pool_id}


def _with(**more: Any) -> Parameters:
    return lambda world: {**_of_pool(world), **more}


def _of_client(world: World) -> Mapping[str, Any]:
    return {**_of_pool(world), "ClientId": world.pool.client_id}


def _of_sub(world: World) -> Mapping[str, Any]:
    return {**_of_pool(world), "Username": world.sub}


def _of_arn(world: World) -> Mapping[str, Any]:
    return {"ResourceArn": f"arn:aws:cognito-idp:us-east-1:000000000000:userpool/{world.pool.pool_id}"}


def _of_policy(world: World) -> Mapping[str, Any]:
    return {**_of_pool(world), "CIMDPolicyId": world.policy_id}


def _of_token(world: World) -> Mapping[str, Any]:
    return {"AccessToken": world.access_token}


def _in_identity_pool(**more: Any) -> Parameters:
    return lambda world: {"IdentityPoolId": world.identity_pool_id, **more}


def _filters() -> Iterator[Listing]:
    """Return ListUsers by every attribute that it can be searched by, and both operators."""
    for attribute, value in {
        **ALIKE,
        "username": "ann",
        "cognito:user_status": "CONFIRMED",
        "status": "Enabled",
    }.items():
        is_one = attribute == "username"
        equal, prefix = f'{attribute} = "{value}"', f'{attribute} ^= "{value[:3]}"'
        yield Listing(
            "cognito-idp",
            "ListUsers",
            _with(Filter=equal),
            1 if is_one else 3,
            is_short=is_one,
            sifted="id" if is_one else "",
            note=equal,
        )
        yield Listing("cognito-idp", "ListUsers", _with(Filter=prefix), note=prefix)
    yield Listing("cognito-idp", "ListUsers", _by_sub, 1, is_short=True, sifted="id", note="sub =")
    yield Listing("cognito-idp", "ListUsers", _with(Filter='sub ^= ""'), note="sub ^=")


def _by_sub(world: World) -> Mapping[str, Any]:
    return {**_of_pool(world), "Filter": f'sub = "{world.sub}"'}


LISTINGS = (
    Listing("cognito-idp", "ListUsers", _of_pool),
    *_filters(),
    Listing("cognito-idp", "ListUserPools", _nothing),
    Listing("cognito-idp", "ListUserPoolClients", _of_pool, is_short=True, note="whose secrets are sorted"),
    Listing("cognito-idp", "ListUserPoolClients", _with(ClientType="REGULAR"), is_short=True, note="REGULAR"),
    Listing("cognito-idp", "ListUserPoolClientSecrets", _of_client, 1, is_of_one=True, is_short=True),
    Listing("cognito-idp", "ListGroups", _of_pool),
    Listing("cognito-idp", "ListUsersInGroup", _with(GroupName="1"), is_of_one=True),
    Listing("cognito-idp", "AdminListGroupsForUser", _with(Username="ann"), is_of_one=True),
    Listing("cognito-idp", "AdminListGroupsForUser", _with(Username="annie"), is_of_one=True, note="by alias"),
    Listing("cognito-idp", "AdminListGroupsForUser", _of_sub, is_of_one=True, note="by sub"),
    Listing("cognito-idp", "AdminListDevices", _with(Username="ann"), is_of_one=True),
    Listing("cognito-idp", "ListDevices", _of_token, is_of_one=True),
    Listing("cognito-idp", "AdminListUserAuthEvents", _with(Username="ann"), is_of_one=True),
    Listing(
        "cognito-idp",
        "AdminListUserSessions",
        _with(Username="ann"),
        1,
        is_of_one=True,
        is_short=True,
        sifted="expires_at",
    ),
    Listing("cognito-idp", "ListUserSessions", _of_token, 1, is_of_one=True, is_short=True, sifted="expires_at"),
    Listing("cognito-idp", "ListWebAuthnCredentials", _of_token, is_of_one=True),
    Listing("cognito-idp", "ListIdentityProviders", _of_pool),
    Listing("cognito-idp", "ListResourceServers", _of_pool),
    Listing("cognito-idp", "ListUserImportJobs", _of_pool),
    Listing("cognito-idp", "ListTerms", _of_pool),
    Listing("cognito-idp", "ListTagsForResource", _of_arn, 1),
    Listing("cognito-idp", "ListCIMDPolicies", _of_pool),
    Listing("cognito-idp", "ListClientMetadataURLs", _of_policy, is_of_one=True),
    Listing("cognito-identity", "ListIdentityPools", _nothing),
    Listing("cognito-identity", "ListIdentities", _in_identity_pool(), is_of_one=True),
    Listing(
        "cognito-identity", "ListIdentities", _in_identity_pool(HideDisabled=True), is_of_one=True, note="HideDisabled"
    ),
    Listing("iam", "ListRoles", _nothing),
    Listing("iam", "ListRoles", lambda _: {"PathPrefix": "/app"}, note="PathPrefix"),
    Listing("iam", "ListRolePolicies", lambda _: {"RoleName": "1"}, is_of_one=True),
    Listing("iam", "ListUsers", _nothing),
    Listing("iam", "ListUsers", lambda _: {"PathPrefix": "/app"}, note="PathPrefix"),
    Listing("iam", "ListUserPolicies", lambda _: {"UserName": "1"}, is_of_one=True),
    Listing("iam", "ListAccessKeys", lambda _: {"UserName": "1"}, 1, is_of_one=True, is_short=True),
    Listing("iam", "ListAccessKeys", _nothing, 1, is_short=True, note="of the root"),
    Listing("lambda", "ListFunctions", _nothing),
    Listing("admin", "/user-pools", _nothing),
    Listing("admin", "/user-pools/{pool}/clients", _nothing, is_short=True),
    Listing("admin", "/user-pools/{pool}/users", _nothing),
    Listing("admin", "/user-pools/{pool}/users", lambda _: {"filter": 'email ^= "ann"'}, note="filter"),
    Listing("admin", "/outbox", _nothing, 1),
    Listing("admin", "/outbox", lambda _: {"to": "ann@example.com"}, 1, note="to an address"),
    Listing("admin", "/problems", _nothing, 1),
)
