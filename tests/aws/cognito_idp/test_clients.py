"""App clients through the API: defaults, replacement, secrets, and which settings contradict one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sdk import client_of, refused

if TYPE_CHECKING:
    from flask import Flask
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

    from tests.fakes import FakeClock

CALLBACK = "https://app.example.com/callback"
CODE_FLOW = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "email"],
    "CallbackURLs": [CALLBACK],
}
BASE_32 = set("0123456789abcdefghijklmnopqrstuv")


@pytest.fixture
def pool_id(idp: CognitoIdentityProviderClient) -> str:
    return idp.create_user_pool(PoolName="people")["UserPool"]["Id"]


def test_a_new_client_has_the_defaults_of_cognito(
    idp: CognitoIdentityProviderClient, pool_id: str, clock: FakeClock
) -> None:
    created: Any = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="app")["UserPoolClient"]

    client_id = created.pop("ClientId")
    flows = created.pop("ExplicitAuthFlows")
    assert created == {
        "UserPoolId": pool_id,
        "ClientName": "app",
        "CreationDate": clock.now(),
        "LastModifiedDate": clock.now(),
        "RefreshTokenValidity": 30,
        "TokenValidityUnits": {},
        "AllowedOAuthFlowsUserPoolClient": False,
        "EnableTokenRevocation": True,
        "EnablePropagateAdditionalUserContextData": False,
        "AuthSessionValidity": 3,
    }
    assert set(flows) == {"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"}
    assert len(client_id) == 26
    assert set(client_id) <= BASE_32


def test_a_generated_secret_is_shown_when_made_and_when_described(
    idp: CognitoIdentityProviderClient, pool_id: str
) -> None:
    created = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="app", GenerateSecret=True)["UserPoolClient"]

    described = idp.describe_user_pool_client(UserPoolId=pool_id, ClientId=created["ClientId"])["UserPoolClient"]

    assert len(created["ClientSecret"]) == 52
    assert set(created["ClientSecret"]) <= BASE_32
    assert described["ClientSecret"] == created["ClientSecret"]


def test_a_client_can_bring_its_own_secret(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    members: Any = {"UserPoolId": pool_id, "ClientName": "app", "ClientSecret": "a" * 24}

    assert idp.create_user_pool_client(**members)["UserPoolClient"]["ClientSecret"] == "a" * 24
    with refused("InvalidParameterException"):
        idp.create_user_pool_client(**members, GenerateSecret=True)


def test_an_update_replaces_the_settings_and_keeps_name_and_secret(
    idp: CognitoIdentityProviderClient, pool_id: str
) -> None:
    members: Any = {
        **CODE_FLOW,
        "GenerateSecret": True,
        "AuthSessionValidity": 9,
        "PreventUserExistenceErrors": "ENABLED",
    }
    created = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="app", **members)["UserPoolClient"]

    updated = idp.update_user_pool_client(
        UserPoolId=pool_id, ClientId=created["ClientId"], ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]

    assert updated["ClientName"] == "app"
    assert updated["ClientSecret"] == created["ClientSecret"]
    assert updated["ExplicitAuthFlows"] == ["ALLOW_USER_PASSWORD_AUTH"]
    assert updated["AuthSessionValidity"] == 3
    assert updated["AllowedOAuthFlowsUserPoolClient"] is False
    assert not updated.keys() & {"CallbackURLs", "AllowedOAuthScopes", "PreventUserExistenceErrors"}


def test_a_deleted_client_is_gone(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    client_id = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="app")["UserPoolClient"]["ClientId"]

    idp.delete_user_pool_client(UserPoolId=pool_id, ClientId=client_id)

    with refused("ResourceNotFoundException", f"User pool client {client_id} does not exist."):
        idp.describe_user_pool_client(UserPoolId=pool_id, ClientId=client_id)


@pytest.mark.parametrize(
    "operation", ["describe_user_pool_client", "update_user_pool_client", "delete_user_pool_client"]
)
def test_a_client_of_another_pool_does_not_exist(
    idp: CognitoIdentityProviderClient, pool_id: str, operation: str
) -> None:
    other_id = idp.create_user_pool(PoolName="others")["UserPool"]["Id"]
    client_id = idp.create_user_pool_client(UserPoolId=other_id, ClientName="app")["UserPoolClient"]["ClientId"]

    with refused("ResourceNotFoundException", f"User pool client {client_id} does not exist."):
        getattr(idp, operation)(UserPoolId=pool_id, ClientId=client_id)


def test_clients_of_another_accounts_pool_do_not_exist(pool_id: str, aws: Any) -> None:
    stranger = aws("cognito-idp", key="111111111111")

    with refused("ResourceNotFoundException", f"User pool {pool_id} does not exist."):
        stranger.create_user_pool_client(UserPoolId=pool_id, ClientName="app")
    with refused("ResourceNotFoundException", f"User pool {pool_id} does not exist."):
        stranger.list_user_pool_clients(UserPoolId=pool_id, MaxResults=1)


@pytest.mark.parametrize(("kind", "count"), [("REGULAR", 1), ("DCR", 0)])
def test_clients_are_listed_by_how_they_came_to_be(app: Flask, pool_id: str, kind: str, count: int) -> None:
    idp = client_of(app, "cognito-idp")
    idp.create_user_pool_client(UserPoolId=pool_id, ClientName="web")

    assert len(idp.list_user_pool_clients(UserPoolId=pool_id, ClientType=kind)["UserPoolClients"]) == count


def test_clients_are_listed_page_by_page(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    created = {
        idp.create_user_pool_client(UserPoolId=pool_id, ClientName=f"c{number}")["UserPoolClient"]["ClientId"]
        for number in range(3)
    }

    first = idp.list_user_pool_clients(UserPoolId=pool_id, MaxResults=2)
    second = idp.list_user_pool_clients(UserPoolId=pool_id, MaxResults=2, NextToken=first["NextToken"])

    listed = first["UserPoolClients"] + second["UserPoolClients"]
    assert {each["ClientId"] for each in listed} == created
    assert set(listed[0]) == {"ClientId", "UserPoolId", "ClientName"}
    assert "NextToken" not in second


def test_a_client_may_use_the_custom_scopes_of_its_pool(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    idp.create_resource_server(
        UserPoolId=pool_id,
        Identifier="https://api",
        Name="api",
        Scopes=[{"ScopeName": "read", "ScopeDescription": "Read"}],
    )

    created = idp.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="machine",
        GenerateSecret=True,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["https://api/read"],
    )["UserPoolClient"]

    assert created["AllowedOAuthScopes"] == ["https://api/read"]
    with refused("ScopeDoesNotExistException", "Invalid scope requested: https://api/write"):
        idp.update_user_pool_client(
            UserPoolId=pool_id, ClientId=created["ClientId"], AllowedOAuthScopes=["https://api/write"]
        )


MACHINE = {"AllowedOAuthFlowsUserPoolClient": True, "AllowedOAuthFlows": ["client_credentials"]}


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        (
            {**CODE_FLOW, "CallbackURLs": []},
            "CallbackUrls can not be empty when code flow or implicit flow is selected",
        ),
        (
            {**MACHINE, "AllowedOAuthScopes": ["openid"], "GenerateSecret": True},
            "openid is not supported with client_credentials flow",
        ),
        (
            {**MACHINE, "AllowedOAuthScopes": ["openid"]},
            "client_credentials flow can not be selected if client does not have a client secret.",
        ),
        (
            {**CODE_FLOW, "AllowedOAuthFlows": ["code", "client_credentials"], "GenerateSecret": True},
            "client_credentials flow can not be selected along with code flow or implicit flow.",
        ),
    ],
)
def test_oauth_flows_that_cannot_work_are_refused(
    idp: CognitoIdentityProviderClient, pool_id: str, members: Any, sentence: str
) -> None:
    with refused("InvalidOAuthFlowException", sentence):
        idp.create_user_pool_client(UserPoolId=pool_id, ClientName="app", **members)


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        (
            {"AllowedOAuthFlowsUserPoolClient": True},
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
        ),
        ({**CODE_FLOW, "DefaultRedirectURI": "https://other.example.com"}, None),
        ({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "USER_PASSWORD_AUTH"]}, None),
        (
            {
                "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
                "RefreshTokenRotation": {"Feature": "ENABLED"},
            },
            None,
        ),
        (
            {"AccessTokenValidity": 4, "TokenValidityUnits": {"AccessToken": "minutes"}},
            "Invalid range for token validity.",
        ),
        ({"AccessTokenValidity": 25}, "Invalid range for token validity."),
        ({"IdTokenValidity": 2, "TokenValidityUnits": {"IdToken": "days"}}, "Invalid range for token validity."),
        ({"RefreshTokenValidity": 3651}, "Invalid range for token validity."),
        (
            {"RefreshTokenValidity": 59, "TokenValidityUnits": {"RefreshToken": "minutes"}},
            "Invalid range for token validity.",
        ),
        (
            {"RefreshTokenValidity": 1, "AccessTokenValidity": 2, "TokenValidityUnits": {"RefreshToken": "hours"}},
            "Invalid range for token validity.",
        ),
        ({"WriteAttributes": ["email_verified"]}, "Invalid write attributes specified while creating a client"),
        ({"WriteAttributes": ["custom:nothing"]}, "Invalid write attributes specified while creating a client"),
        ({"ReadAttributes": ["nothing"]}, "Invalid read attributes specified while creating a client"),
    ],
)
def test_settings_that_contradict_one_another_are_refused(
    idp: CognitoIdentityProviderClient, pool_id: str, members: Any, sentence: str | None
) -> None:
    with refused("InvalidParameterException", sentence):
        idp.create_user_pool_client(UserPoolId=pool_id, ClientName="app", **members)


def test_an_identity_provider_must_exist(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    idp.create_user_pool_client(UserPoolId=pool_id, ClientName="app", SupportedIdentityProviders=["COGNITO"])

    with refused("InvalidParameterException", f"The provider Google does not exist for User Pool {pool_id}."):
        idp.create_user_pool_client(UserPoolId=pool_id, ClientName="app", SupportedIdentityProviders=["Google"])


def test_required_attributes_must_be_writable(idp: CognitoIdentityProviderClient) -> None:
    pool_id = idp.create_user_pool(PoolName="people", Schema=[{"Name": "email", "Required": True}])["UserPool"]["Id"]

    idp.create_user_pool_client(UserPoolId=pool_id, ClientName="app", WriteAttributes=["email", "name"])

    with refused("InvalidParameterException", "Invalid write attributes specified while creating a client"):
        idp.create_user_pool_client(UserPoolId=pool_id, ClientName="app", WriteAttributes=["name"])


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example.com",
        "http://localhost:3000/callback",
        "http://127.0.0.1:8080",
        "http://app.localhost",
        "myapp://callback",
        "com.example.app:/callback",
    ],
)
def test_answers_may_go_to_https_to_this_machine_and_to_apps(
    idp: CognitoIdentityProviderClient, pool_id: str, uri: str
) -> None:
    members: Any = {**CODE_FLOW, "CallbackURLs": [uri], "LogoutURLs": [uri], "DefaultRedirectURI": uri}

    created = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="app", **members)["UserPoolClient"]

    assert created["CallbackURLs"] == created["LogoutURLs"] == [uri]


@pytest.mark.parametrize(
    "uri",
    [
        "http://app.example.com",
        "https://app.example.com/#fragment",
        "https://",
        "/callback",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://localhost.example.com",
        "https://[::1",
    ],
)
@pytest.mark.parametrize("member", ["CallbackURLs", "LogoutURLs"])
def test_answers_may_go_nowhere_else(idp: CognitoIdentityProviderClient, pool_id: str, uri: str, member: str) -> None:
    members: Any = {**CODE_FLOW, member: [uri]}

    with refused("InvalidParameterException", f"Invalid redirect URI: {uri}"):
        idp.create_user_pool_client(UserPoolId=pool_id, ClientName="app", **members)


def test_a_client_that_rotates_refresh_tokens_has_no_refresh_flow_by_default(
    idp: CognitoIdentityProviderClient, pool_id: str
) -> None:
    created = idp.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="app",
        RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
    )["UserPoolClient"]

    assert set(created["ExplicitAuthFlows"]) == {"ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"}
    assert created["RefreshTokenRotation"] == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10}
