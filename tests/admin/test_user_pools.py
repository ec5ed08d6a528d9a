"""User pools through the operators' API."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.admin.conftest import a_pool
from tests.admin.operators import Operator

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

NEVER = "us-east-1_nothere0"


def test_a_pool_that_is_made_can_be_read(admin: Operator) -> None:
    made = admin.post("/user-pools", {"poolName": "people", "autoVerifiedAttributes": ["email"]})

    read = admin.get(f"/user-pools/{made.json['id']}")

    assert (made.status, read.status) == (201, 200)
    assert read.json == made.json
    assert read.json["poolName"] == "people"
    assert read.json["arn"] == f"arn:aws:cognito-idp:us-east-1:000000000000:userpool/{made.json['id']}"
    assert read.json["autoVerifiedAttributes"] == ["email"]
    assert read.json["createdAt"] == "2026-03-02T12:00:00Z"
    assert read.json["estimatedNumberOfUsers"] == 0


def test_a_pool_that_is_made_here_is_the_one_that_the_aws_api_shows(
    admin: Operator, idp: CognitoIdentityProviderClient
) -> None:
    settings = {
        "policies": {"passwordPolicy": {"minimumLength": 12, "requireNumbers": True}},
        "aliasAttributes": ["email"],
        "adminCreateUserConfig": {"allowAdminCreateUserOnly": True},
        "userPoolTags": {"team Blue": "yes"},
        "schema": [{"name": "role", "attributeDataType": "String", "mutable": True}],
    }

    made = a_pool(admin, **settings)

    shown: Any = idp.describe_user_pool(UserPoolId=made["id"])["UserPool"]
    assert shown["Policies"]["PasswordPolicy"]["MinimumLength"] == 12
    assert shown["Policies"]["PasswordPolicy"]["RequireNumbers"] is True
    assert shown["Policies"]["PasswordPolicy"]["RequireSymbols"] is False
    assert shown["AliasAttributes"] == ["email"]
    assert shown["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert shown["UserPoolTags"] == {"team Blue": "yes"}
    assert shown["SchemaAttributes"][-1]["Name"] == "custom:role"


def test_a_pool_that_the_aws_api_made_is_shown_with_its_settings(
    admin: Operator, idp: CognitoIdentityProviderClient
) -> None:
    made = idp.create_user_pool(
        PoolName="people",
        Schema=[{"Name": "email", "Required": True}, {"Name": "age", "AttributeDataType": "Number"}],
        UsernameConfiguration={"CaseSensitive": False},
        DeletionProtection="ACTIVE",
        AccountRecoverySetting={"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
    )

    shown = admin.get(f"/user-pools/{made['UserPool']['Id']}").json

    assert shown["schema"][0]["required"] is True
    assert shown["schema"][1]["attributeDataType"] == "Number"
    assert shown["usernameConfiguration"] == {"caseSensitive": False}
    assert shown["deletionProtection"] == "ACTIVE"


def test_a_pool_without_a_policy_is_shown_with_the_strictest(admin: Operator) -> None:
    assert a_pool(admin)["policies"]["passwordPolicy"] == {
        "minimumLength": 8,
        "requireUppercase": True,
        "requireLowercase": True,
        "requireNumbers": True,
        "requireSymbols": True,
        "passwordHistorySize": 0,
        "temporaryPasswordValidityDays": 7,
    }


def test_a_deleted_pool_is_gone(admin: Operator, pool: str) -> None:
    deleted = admin.delete(pool)

    assert (deleted.status, deleted.json) == (204, None)
    assert admin.get(pool).status == 404


def test_a_protected_pool_is_not_deleted(admin: Operator) -> None:
    protected = a_pool(admin, deletionProtection="ACTIVE")

    refused = admin.delete(f"/user-pools/{protected['id']}")

    assert (refused.status, refused.json["type"]) == (400, "/admin/v1/problems#invalid-parameter")
    assert "deletion protection is activated" in refused.json["detail"]


def test_pages_follow_one_another_to_the_end(admin: Operator) -> None:
    made = sorted(a_pool(admin)["id"] for _ in range(3))

    first = admin.get("/user-pools", limit=2).json
    second = admin.get("/user-pools", limit=2, cursor=first["nextCursor"]).json

    assert [each["id"] for each in first["items"] + second["items"]] == made
    assert "nextCursor" not in second


def test_a_cursor_is_good_for_its_own_list_only(admin: Operator, operator: Callable[..., Operator]) -> None:
    a_pool(admin)
    a_pool(admin)
    cursor = admin.get("/user-pools", limit=1).json["nextCursor"]

    refused = operator(region="eu-central-1").get("/user-pools", cursor=cursor)

    assert (refused.status, refused.json["detail"]) == (400, "Invalid pagination token")


@pytest.mark.parametrize("limit", ["0", "61", "many", ""])
def test_a_page_is_bounded(admin: Operator, limit: str) -> None:
    refused = admin.get("/user-pools", limit=limit)

    assert refused.status == 422
    assert refused.json["errors"][0]["parameter"] == "limit"


def test_a_list_shows_the_region_that_was_signed_for(admin: Operator, operator: Callable[..., Operator]) -> None:
    a_pool(admin)
    there = a_pool(operator(region="eu-central-1"))

    shown = operator(region="eu-central-1").get("/user-pools").json["items"]

    assert there["id"].startswith("eu-central-1_")
    assert [each["id"] for each in shown] == [there["id"]]


@pytest.mark.parametrize("path", ["", "/clients", "/users", "/clients/none", "/users/ann"])
def test_a_pool_of_another_account_does_not_exist(pool: str, operator: Callable[..., Operator], path: str) -> None:
    refused = operator(key="123456789012").get(pool + path)

    assert (refused.status, refused.json["type"]) == (404, "/admin/v1/problems#resource-not-found")
    assert refused.json["detail"] == f"User pool {pool.rpartition('/')[2]} does not exist."


def test_another_account_neither_deletes_nor_fills_a_pool(
    admin: Operator, pool: str, operator: Callable[..., Operator]
) -> None:
    stranger = operator(key="123456789012")

    statuses = [
        stranger.delete(pool).status,
        stranger.post(f"{pool}/clients", {"clientName": "app"}).status,
        stranger.post(f"{pool}/users", {"username": "ann"}).status,
    ]

    assert statuses == [404, 404, 404]
    assert admin.get(pool).status == 200


@pytest.mark.parametrize("name", [NEVER, "x", "%F0%9F%A6%8A", "%FF", "a%0Ab"])
def test_an_id_that_nothing_has_is_not_found(admin: Operator, name: str) -> None:
    assert admin.get(f"/user-pools/{name}").status == 404


@pytest.mark.parametrize("path", ["/user-pools/us-east-1_%00a", f"/user-pools/{NEVER}/users/ann%00"])
def test_no_id_with_a_nul_reaches_the_database_which_may_not_take_it(admin: Operator, path: str) -> None:
    refused = admin.get(path)

    assert (refused.status, refused.json["type"]) == (404, "/admin/v1/problems#no-such-path")
