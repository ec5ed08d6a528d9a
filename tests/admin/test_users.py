"""Users through the operators' API."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.admin.conftest import a_pool
from tests.admin.operators import Operator

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

    from tests.conftest import Outbox
    from tests.fakes import FakeClock

ANN = {
    "username": "ann",
    "attributes": {"email": "ann@example.com", "email_verified": "true"},
    "temporaryPassword": "Temporary-1",
    "desiredDeliveryMediums": ["EMAIL"],
}


def test_a_user_who_is_created_can_be_read(admin: Operator, pool: str) -> None:
    made = admin.post(f"{pool}/users", ANN)

    read = admin.get(f"{pool}/users/ann")

    assert (made.status, read.status) == (201, 200)
    assert read.json == made.json
    assert read.json["username"] == "ann"
    assert read.json["status"] == "FORCE_CHANGE_PASSWORD"
    assert read.json["enabled"] is True
    assert read.json["attributes"] == {"email": "ann@example.com", "email_verified": "true"}


def test_a_user_is_the_one_that_the_aws_api_shows(
    admin: Operator, idp: CognitoIdentityProviderClient, pool: str
) -> None:
    made = admin.post(f"{pool}/users", ANN).json

    shown = idp.admin_get_user(UserPoolId=pool.rpartition("/")[2], Username="ann")
    assert {"Name": "sub", "Value": made["sub"]} in shown["UserAttributes"]


def test_a_created_user_is_invited_with_the_temporary_password(admin: Operator, pool: str, outbox: Outbox) -> None:
    admin.post(f"{pool}/users", ANN)

    assert outbox.last_code_to("ann@example.com") == "Temporary-1"


def test_a_user_can_be_created_silently(admin: Operator, pool: str, outbox: Outbox) -> None:
    admin.post(f"{pool}/users", {**ANN, "messageAction": "SUPPRESS"})

    assert outbox.messages_to("ann@example.com") == []


def test_no_answer_holds_a_password(admin: Operator, pool: str) -> None:
    answers = [admin.post(f"{pool}/users", ANN), admin.get(f"{pool}/users/ann"), admin.get(f"{pool}/users")]

    assert "Temporary-1" not in str(answers)
    assert "assword" not in str([answer.json for answer in answers]).replace("FORCE_CHANGE_PASSWORD", "")


@pytest.mark.parametrize("name", ["ann", "ann@example.com"])
def test_a_user_is_found_by_every_name(admin: Operator, name: str) -> None:
    path = f"/user-pools/{a_pool(admin, aliasAttributes=['email'])['id']}/users"
    made = admin.post(path, ANN).json

    assert admin.get(f"{path}/{name}").json == made
    assert admin.get(f"{path}/{made['sub']}").json == made


def test_a_deleted_user_is_gone(admin: Operator, pool: str) -> None:
    admin.post(f"{pool}/users", ANN)

    assert admin.delete(f"{pool}/users/ann").status == 204
    refused = admin.get(f"{pool}/users/ann")
    assert (refused.status, refused.json["type"]) == (404, "/admin/v1/problems#user-not-found")


def test_a_taken_name_is_refused(admin: Operator, pool: str) -> None:
    admin.post(f"{pool}/users", ANN)

    refused = admin.post(f"{pool}/users", ANN)

    assert (refused.status, refused.json["type"]) == (409, "/admin/v1/problems#username-taken")
    assert refused.json["detail"] == "User account already exists"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"temporaryPassword": "weak"}, "invalid-password"),
        ({"attributes": {"email": "nobody"}}, "invalid-parameter"),
        ({"attributes": {"custom:none": "x"}}, "invalid-parameter"),
        ({"desiredDeliveryMediums": ["SMS"]}, "invalid-parameter"),
    ],
)
def test_the_pools_rules_hold(admin: Operator, pool: str, change: dict[str, Any], kind: str) -> None:
    refused = admin.post(f"{pool}/users", {**ANN, **change})

    assert (refused.status, refused.json["type"]) == (400, f"/admin/v1/problems#{kind}")


def test_pages_of_users_follow_one_another(admin: Operator, pool: str) -> None:
    names = ["cat", "ann", "bob"]
    made = [admin.post(f"{pool}/users", {"username": name}).status for name in names]

    first = admin.get(f"{pool}/users", limit=2).json
    second = admin.get(f"{pool}/users", limit=2, cursor=first["nextCursor"]).json

    assert made == [201, 201, 201]
    assert [each["username"] for each in first["items"] + second["items"]] == names
    assert "nextCursor" not in second


def test_a_filter_finds_users_page_by_page(admin: Operator, pool: str) -> None:
    made = [admin.post(f"{pool}/users", {"username": name}).status for name in ("abe", "bob", "abby", "abel")]

    first = admin.get(f"{pool}/users", limit=2, filter='username ^= "ab"').json
    second = admin.get(f"{pool}/users", limit=2, filter='username ^= "ab"', cursor=first["nextCursor"]).json

    assert made == [201, 201, 201, 201]
    assert [each["username"] for each in first["items"] + second["items"]] == ["abby", "abe", "abel"]


def test_a_cursor_is_good_for_the_same_filter_only(admin: Operator, pool: str) -> None:
    made = [admin.post(f"{pool}/users", {"username": name}).status for name in ("ann", "bob")]
    cursor = admin.get(f"{pool}/users", limit=1).json["nextCursor"]

    refused = admin.get(f"{pool}/users", limit=1, filter='username = "ann"', cursor=cursor)

    assert made == [201, 201]
    assert (refused.status, refused.json["detail"]) == (400, "Invalid pagination token")


def test_a_cursor_ends_after_an_hour(admin: Operator, pool: str, clock: FakeClock) -> None:
    made = [admin.post(f"{pool}/users", {"username": name}).status for name in ("ann", "bob")]
    cursor = admin.get(f"{pool}/users", limit=1).json["nextCursor"]
    clock.advance(timedelta(hours=1))

    assert made == [201, 201]
    assert admin.get(f"{pool}/users", cursor=cursor).status == 400


def test_a_filter_that_is_none_is_refused(admin: Operator, pool: str) -> None:
    refused = admin.get(f"{pool}/users", filter="everybody")

    assert (refused.status, refused.json["detail"]) == (400, "Error while parsing filter")
