"""Resource servers through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sdk import refused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

API = "https://api.example.com"
READ: Any = {"ScopeName": "read", "ScopeDescription": "Read things"}
WRITE: Any = {"ScopeName": "write", "ScopeDescription": "Write things"}


@pytest.fixture
def pool_id(idp: CognitoIdentityProviderClient) -> str:
    return idp.create_user_pool(PoolName="people")["UserPool"]["Id"]


def test_a_resource_server_is_described_as_it_was_made(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    members: Any = {"UserPoolId": pool_id, "Identifier": API, "Name": "api", "Scopes": [READ, WRITE]}

    created = idp.create_resource_server(**members)["ResourceServer"]

    assert created == members
    assert idp.describe_resource_server(UserPoolId=pool_id, Identifier=API)["ResourceServer"] == members


def test_an_identifier_is_taken_once_in_a_pool(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    other_id = idp.create_user_pool(PoolName="others")["UserPool"]["Id"]
    idp.create_resource_server(UserPoolId=pool_id, Identifier=API, Name="api")

    with refused("InvalidParameterException", f"{API} already exists in user pool {pool_id}."):
        idp.create_resource_server(UserPoolId=pool_id, Identifier=API, Name="again")
    idp.create_resource_server(UserPoolId=other_id, Identifier=API, Name="elsewhere")


def test_an_update_replaces_name_and_scopes(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    members: Any = {"UserPoolId": pool_id, "Identifier": API}
    idp.create_resource_server(**members, Name="api", Scopes=[READ])

    idp.update_resource_server(**members, Name="new", Scopes=[WRITE])

    described: Any = idp.describe_resource_server(**members)["ResourceServer"]
    assert (described["Name"], described["Scopes"]) == ("new", [WRITE])


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("describe_resource_server", {}),
        ("update_resource_server", {"Name": "x", "Scopes": []}),
        ("delete_resource_server", {}),
    ],
)
def test_an_unknown_resource_server_is_not_found(
    idp: CognitoIdentityProviderClient, pool_id: str, operation: str, members: Any
) -> None:
    with refused("ResourceNotFoundException", f"Resource server {API} does not exist."):
        getattr(idp, operation)(UserPoolId=pool_id, Identifier=API, **members)


def test_a_deleted_resource_server_is_gone(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    idp.create_resource_server(UserPoolId=pool_id, Identifier=API, Name="api")

    idp.delete_resource_server(UserPoolId=pool_id, Identifier=API)

    assert idp.list_resource_servers(UserPoolId=pool_id, MaxResults=50)["ResourceServers"] == []


def test_resource_servers_are_listed_page_by_page(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    for name in ("c", "a", "b"):
        idp.create_resource_server(UserPoolId=pool_id, Identifier=name, Name=name)

    first = idp.list_resource_servers(UserPoolId=pool_id, MaxResults=2)
    second = idp.list_resource_servers(UserPoolId=pool_id, MaxResults=2, NextToken=first["NextToken"])

    assert [each["Identifier"] for each in first["ResourceServers"]] == ["a", "b"]
    assert [each["Identifier"] for each in second["ResourceServers"]] == ["c"]
    assert "NextToken" not in second


def test_another_accounts_pool_does_not_exist(pool_id: str, aws: Any) -> None:
    with refused("ResourceNotFoundException", f"User pool {pool_id} does not exist."):
        aws("cognito-idp", key="111111111111").list_resource_servers(UserPoolId=pool_id, MaxResults=1)


def test_a_scope_comes_once(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    scopes: Any = [READ, READ]

    with refused("InvalidParameterException"):
        idp.create_resource_server(UserPoolId=pool_id, Identifier=API, Name="api", Scopes=scopes)
