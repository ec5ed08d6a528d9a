"""Groups through the API: who is in them, and what is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.pools import a_user_pool
from tests.sdk import refused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

    from tests.fakes import FakeClock

ROLE = "arn:aws:iam::000000000000:role/admins"


@pytest.fixture
def pool_id(idp: CognitoIdentityProviderClient) -> str:
    return a_user_pool(idp)


def invite(idp: CognitoIdentityProviderClient, pool_id: str, *usernames: str) -> None:
    """Create users without messages."""
    for username in usernames:
        idp.admin_create_user(UserPoolId=pool_id, Username=username, MessageAction="SUPPRESS")


def test_a_group_is_told_as_it_was_made(idp: CognitoIdentityProviderClient, pool_id: str, clock: FakeClock) -> None:
    members: Any = {
        "UserPoolId": pool_id,
        "GroupName": "admins",
        "Description": "All doors",
        "RoleArn": ROLE,
        "Precedence": 0,
    }

    created = idp.create_group(**members)["Group"]

    assert created == {**members, "CreationDate": clock.now(), "LastModifiedDate": clock.now()}
    assert idp.get_group(UserPoolId=pool_id, GroupName="admins")["Group"] == created


def test_what_a_group_does_not_have_is_left_out(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    created = idp.create_group(UserPoolId=pool_id, GroupName="plain")["Group"]

    assert set(created) == {"GroupName", "UserPoolId", "CreationDate", "LastModifiedDate"}


def test_a_name_is_taken_once(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    idp.create_group(UserPoolId=pool_id, GroupName="admins")

    with refused("GroupExistsException", "A group with the name already exists"):
        idp.create_group(UserPoolId=pool_id, GroupName="admins")


def test_an_update_changes_what_it_brings(idp: CognitoIdentityProviderClient, pool_id: str, clock: FakeClock) -> None:
    idp.create_group(UserPoolId=pool_id, GroupName="admins", Description="All doors", Precedence=5)
    clock.advance(60)

    updated = idp.update_group(UserPoolId=pool_id, GroupName="admins", Precedence=0)["Group"]

    assert (updated["Description"], updated["Precedence"]) == ("All doors", 0)
    assert updated["LastModifiedDate"] == clock.now()
    assert idp.get_group(UserPoolId=pool_id, GroupName="admins")["Group"] == updated


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("get_group", {}),
        ("update_group", {}),
        ("delete_group", {}),
        ("list_users_in_group", {}),
        ("admin_add_user_to_group", {"Username": "ann"}),
        ("admin_remove_user_from_group", {"Username": "ann"}),
    ],
)
def test_an_unknown_group_is_not_found(
    idp: CognitoIdentityProviderClient, pool_id: str, operation: str, members: dict[str, str]
) -> None:
    invite(idp, pool_id, "ann")

    with refused("ResourceNotFoundException", "Group not found."):
        getattr(idp, operation)(UserPoolId=pool_id, GroupName="nothing", **members)


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("admin_add_user_to_group", {"GroupName": "admins"}),
        ("admin_remove_user_from_group", {"GroupName": "admins"}),
        ("admin_list_groups_for_user", {}),
    ],
)
def test_an_unknown_user_is_not_found(
    idp: CognitoIdentityProviderClient, pool_id: str, operation: str, members: dict[str, str]
) -> None:
    idp.create_group(UserPoolId=pool_id, GroupName="admins")

    with refused("UserNotFoundException", "User does not exist."):
        getattr(idp, operation)(UserPoolId=pool_id, Username="nobody", **members)


def test_a_user_is_in_a_group_once_and_leaves_it(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    member: Any = {"UserPoolId": pool_id, "GroupName": "admins", "Username": "ann"}
    invite(idp, pool_id, "ann")
    idp.create_group(UserPoolId=pool_id, GroupName="admins")

    idp.admin_add_user_to_group(**member)
    idp.admin_add_user_to_group(**member)

    users = idp.list_users_in_group(UserPoolId=pool_id, GroupName="admins")["Users"]
    groups = idp.admin_list_groups_for_user(UserPoolId=pool_id, Username="ann")["Groups"]
    assert [each["Username"] for each in users] == ["ann"]
    assert [each["GroupName"] for each in groups] == ["admins"]

    idp.admin_remove_user_from_group(**member)
    idp.admin_remove_user_from_group(**member)

    assert idp.list_users_in_group(UserPoolId=pool_id, GroupName="admins")["Users"] == []
    assert idp.admin_list_groups_for_user(UserPoolId=pool_id, Username="ann")["Groups"] == []


def test_a_deleted_group_lets_its_users_go(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    invite(idp, pool_id, "ann")
    idp.create_group(UserPoolId=pool_id, GroupName="admins")
    idp.admin_add_user_to_group(UserPoolId=pool_id, GroupName="admins", Username="ann")

    idp.delete_group(UserPoolId=pool_id, GroupName="admins")

    assert idp.list_groups(UserPoolId=pool_id)["Groups"] == []
    assert idp.admin_list_groups_for_user(UserPoolId=pool_id, Username="ann")["Groups"] == []
    assert idp.admin_get_user(UserPoolId=pool_id, Username="ann")["Username"] == "ann"


def test_groups_are_listed_page_by_page(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    for name in ("c", "a", "b"):
        idp.create_group(UserPoolId=pool_id, GroupName=name)

    first = idp.list_groups(UserPoolId=pool_id, Limit=2)
    second = idp.list_groups(UserPoolId=pool_id, Limit=2, NextToken=first["NextToken"])

    assert [each["GroupName"] for each in first["Groups"]] == ["a", "b"]
    assert [each["GroupName"] for each in second["Groups"]] == ["c"]
    assert "NextToken" not in second


def test_groups_of_a_user_are_listed_page_by_page(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    invite(idp, pool_id, "ann")
    for name in ("c", "a", "b"):
        idp.create_group(UserPoolId=pool_id, GroupName=name)
        idp.admin_add_user_to_group(UserPoolId=pool_id, GroupName=name, Username="ann")

    first = idp.admin_list_groups_for_user(UserPoolId=pool_id, Username="ann", Limit=2)
    second = idp.admin_list_groups_for_user(UserPoolId=pool_id, Username="ann", Limit=2, NextToken=first["NextToken"])

    assert [each["GroupName"] for each in first["Groups"] + second["Groups"]] == ["a", "b", "c"]
    assert "NextToken" not in second


def test_users_of_a_group_are_listed_page_by_page(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    idp.create_group(UserPoolId=pool_id, GroupName="all")
    invite(idp, pool_id, "ann", "bob", "cid", "dan")
    for username in ("ann", "bob", "cid"):
        idp.admin_add_user_to_group(UserPoolId=pool_id, GroupName="all", Username=username)

    first = idp.list_users_in_group(UserPoolId=pool_id, GroupName="all", Limit=2)
    second = idp.list_users_in_group(UserPoolId=pool_id, GroupName="all", Limit=2, NextToken=first["NextToken"])

    assert [each["Username"] for each in first["Users"] + second["Users"]] == ["ann", "bob", "cid"]
    assert "NextToken" not in second


def test_a_page_token_is_good_for_its_own_list(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    for name in ("a", "b"):
        idp.create_group(UserPoolId=pool_id, GroupName=name)
    token = idp.list_groups(UserPoolId=pool_id, Limit=1)["NextToken"]

    with refused("InvalidParameterException", "Invalid pagination token"):
        idp.list_groups(UserPoolId=a_user_pool(idp), Limit=1, NextToken=token)


def test_a_user_is_in_a_hundred_groups_at_most(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    invite(idp, pool_id, "ann")
    for number in range(100):
        idp.create_group(UserPoolId=pool_id, GroupName=f"g{number}")
        idp.admin_add_user_to_group(UserPoolId=pool_id, GroupName=f"g{number}", Username="ann")
    idp.create_group(UserPoolId=pool_id, GroupName="one-more")

    idp.admin_add_user_to_group(UserPoolId=pool_id, GroupName="g0", Username="ann")
    with refused("LimitExceededException"):
        idp.admin_add_user_to_group(UserPoolId=pool_id, GroupName="one-more", Username="ann")


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("create_group", {"GroupName": "g"}),
        ("get_group", {"GroupName": "g"}),
        ("update_group", {"GroupName": "g"}),
        ("delete_group", {"GroupName": "g"}),
        ("list_groups", {}),
        ("list_users_in_group", {"GroupName": "g"}),
        ("admin_add_user_to_group", {"GroupName": "g", "Username": "ann"}),
        ("admin_remove_user_from_group", {"GroupName": "g", "Username": "ann"}),
        ("admin_list_groups_for_user", {"Username": "ann"}),
    ],
)
def test_another_accounts_pool_does_not_exist(pool_id: str, aws: Any, operation: str, members: dict[str, str]) -> None:
    with refused("ResourceNotFoundException", f"User pool {pool_id} does not exist."):
        getattr(aws("cognito-idp", key="111111111111"), operation)(UserPoolId=pool_id, **members)
