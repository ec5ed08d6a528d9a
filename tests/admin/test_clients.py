"""App clients through the operators' API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.admin.operators import Operator

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

WEB = {
    "clientName": "web",
    "generateSecret": True,
    "callbackURLs": ["https://app.example/callback"],
    "allowedOAuthFlows": ["code"],
    "allowedOAuthScopes": ["openid", "email"],
    "allowedOAuthFlowsUserPoolClient": True,
    "accessTokenValidity": 30,
    "tokenValidityUnits": {"accessToken": "minutes"},
}


def test_a_client_that_is_registered_can_be_read_with_its_secret(admin: Operator, pool: str) -> None:
    made = admin.post(f"{pool}/clients", WEB)

    read = admin.get(f"{pool}/clients/{made.json['clientId']}")

    assert (made.status, read.status) == (201, 200)
    assert read.json == made.json
    assert len(read.json["clientSecret"]) == 52
    assert read.json["callbackURLs"] == ["https://app.example/callback"]
    assert read.json["tokenValidityUnits"] == {"accessToken": "minutes", "idToken": "hours", "refreshToken": "days"}


def test_a_client_that_is_registered_here_is_the_one_that_the_aws_api_shows(
    admin: Operator, idp: CognitoIdentityProviderClient, pool: str
) -> None:
    made = admin.post(f"{pool}/clients", WEB).json

    shown: Any = idp.describe_user_pool_client(UserPoolId=made["userPoolId"], ClientId=made["clientId"])
    shown = shown["UserPoolClient"]
    assert shown["ClientSecret"] == made["clientSecret"]
    assert shown["CallbackURLs"] == WEB["callbackURLs"]
    assert shown["AllowedOAuthFlows"] == ["code"]
    assert shown["TokenValidityUnits"] == {"AccessToken": "minutes"}
    assert "ReadAttributes" not in shown


def test_null_is_as_good_as_nothing(admin: Operator, idp: CognitoIdentityProviderClient, pool: str) -> None:
    made = admin.post(f"{pool}/clients", {"clientName": "app", "readAttributes": None}).json

    shown = idp.describe_user_pool_client(UserPoolId=made["userPoolId"], ClientId=made["clientId"])
    assert "ReadAttributes" not in shown["UserPoolClient"]


def test_a_client_that_gets_tokens_for_itself_is_made_and_shown(admin: Operator, pool: str) -> None:
    machine = {"clientName": "machine", "generateSecret": True, "explicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"]}
    made = admin.post(f"{pool}/clients", machine).json

    assert admin.get(f"{pool}/clients/{made['clientId']}").json["explicitAuthFlows"] == ["ALLOW_CLIENT_TOKEN_AUTH"]


def test_a_public_client_has_no_secret(admin: Operator, pool: str) -> None:
    assert "clientSecret" not in admin.post(f"{pool}/clients", {"clientName": "app"}).json


def test_a_list_shows_no_secret(admin: Operator, pool: str) -> None:
    made = admin.post(f"{pool}/clients", WEB).json

    items = admin.get(f"{pool}/clients").json["items"]

    assert [each["clientId"] for each in items] == [made["clientId"]]
    assert "clientSecret" not in items[0]


def test_pages_of_clients_follow_one_another(admin: Operator, pool: str) -> None:
    made = sorted(admin.post(f"{pool}/clients", {"clientName": f"app {n}"}).json["clientId"] for n in range(3))

    first = admin.get(f"{pool}/clients", limit=2).json
    second = admin.get(f"{pool}/clients", limit=2, cursor=first["nextCursor"]).json

    assert [each["clientId"] for each in first["items"] + second["items"]] == made


def test_a_deleted_client_is_gone(admin: Operator, pool: str) -> None:
    path = f"{pool}/clients/{admin.post(f'{pool}/clients', {'clientName': 'app'}).json['clientId']}"

    assert admin.delete(path).status == 204
    assert admin.get(path).status == 404
    assert admin.delete(path).status == 404


def test_a_client_is_in_its_own_pool_only(admin: Operator, pool: str) -> None:
    client_id = admin.post(f"{pool}/clients", {"clientName": "app"}).json["clientId"]
    other = admin.post("/user-pools", {"poolName": "others"}).json["id"]

    assert admin.get(f"/user-pools/{other}/clients/{client_id}").status == 404


@pytest.mark.parametrize(
    ("given", "kind", "detail"),
    [
        ({"callbackURLs": ["http://evil.example"]}, "invalid-parameter", "Invalid redirect URI: http://evil.example"),
        (
            {"allowedOAuthFlows": ["code"]},
            "invalid-oauth-flow",
            "CallbackUrls can not be empty when code flow or implicit flow is selected",
        ),
        ({"allowedOAuthScopes": ["notes/read"]}, "scope-not-found", "Invalid scope requested: notes/read"),
    ],
)
def test_the_rules_are_those_of_the_aws_api(
    admin: Operator, pool: str, given: dict[str, Any], kind: str, detail: str
) -> None:
    refused = admin.post(f"{pool}/clients", {"clientName": "app", **given})

    assert (refused.status, refused.json["type"], refused.json["detail"]) == (
        400,
        f"/admin/v1/problems#{kind}",
        detail,
    )
