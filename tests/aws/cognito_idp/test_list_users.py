"""ListUsers: the filter's grammar, whole and bounded pages, and the cost of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.pools import a_user_pool, named_values
from tests.sdk import refused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

    from tests.fakes import FakeClock

PEOPLE: dict[str, dict[str, str]] = {
    "ann": {"email": "ann@example.com", "name": "Ann Lee", "given_name": "Ann", "family_name": "Lee"},
    "anton": {"email": "anton@example.com", "name": "Anton Lee", "phone_number": "+15555550100"},
    "bob": {"email": "bob@other.example", "name": 'Bob "Bo" Lee', "preferred_username": "bo"},
    "Bob": {"name": "back\\slash"},
}


@pytest.fixture
def pool_id(idp: CognitoIdentityProviderClient) -> str:
    """A pool with some people, one of them disabled and one confirmed."""
    pool_id = a_user_pool(idp)
    for username, attributes in PEOPLE.items():
        idp.admin_create_user(
            UserPoolId=pool_id, Username=username, MessageAction="SUPPRESS", UserAttributes=named_values(**attributes)
        )
    idp.admin_disable_user(UserPoolId=pool_id, Username="bob")
    idp.admin_set_user_password(UserPoolId=pool_id, Username="ann", Password="Passw0rd!", Permanent=True)
    return pool_id


def names(answer: Any) -> list[str]:
    """Return the usernames in an answer."""
    return [each["Username"] for each in answer["Users"]]


def test_without_a_filter_everybody_is_listed(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    answer = idp.list_users(UserPoolId=pool_id)

    assert names(answer) == ["ann", "anton", "bob", "Bob"]
    assert "PaginationToken" not in answer
    assert answer["Users"][2]["Enabled"] is False
    assert answer["Users"][0]["UserStatus"] == "CONFIRMED"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["ann", "anton", "bob", "Bob"]),
        (" ", ["ann", "anton", "bob", "Bob"]),
        ('username = "bob"', ["bob"]),
        ('username ^= "an"', ["ann", "anton"]),
        ('email = "ANN@example.com"', ["ann"]),
        ('email="ann@example.com"', ["ann"]),
        ('  email  ^=  "an"  ', ["ann", "anton"]),
        ('email ^= ""', ["ann", "anton", "bob"]),
        ('email = "nobody@example.com"', []),
        ('phone_number = "+15555550100"', ["anton"]),
        ('name ^= "ANN"', ["ann"]),
        ('name = "Bob \\"Bo\\" Lee"', ["bob"]),
        ('name = "back\\\\slash"', ["Bob"]),
        ('given_name = "ann"', ["ann"]),
        ('family_name = "lee"', ["ann"]),
        ('preferred_username = "BO"', ["bob"]),
        ('cognito:user_status = "confirmed"', ["ann"]),
        ('cognito:user_status = "FORCE_CHANGE_PASSWORD"', ["anton", "bob", "Bob"]),
        ('cognito:user_status ^= "conf"', ["ann"]),
        ('cognito:user_status ^= "force_"', ["anton", "bob", "Bob"]),
        ('status = "Enabled"', ["ann", "anton", "Bob"]),
        ('status = "Disabled"', ["bob"]),
        ('status = "disabled"', []),
        ('status ^= "Dis"', ["bob"]),
        ('status ^= ""', ["ann", "anton", "bob", "Bob"]),
        ('sub = "00000000-0000-0000-0000-000000000000"', []),
        ('username ^= "%"', []),
        ('username ^= "_nn"', []),
    ],
)
def test_a_filter_finds_those_who_match(
    idp: CognitoIdentityProviderClient, pool_id: str, text: str, found: list[str]
) -> None:
    assert sorted(names(idp.list_users(UserPoolId=pool_id, Filter=text))) == sorted(found)


def test_a_user_is_found_by_sub(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    sub = idp.admin_get_user(UserPoolId=pool_id, Username="ann")["UserAttributes"][0]["Value"]

    assert names(idp.list_users(UserPoolId=pool_id, Filter=f'sub = "{sub}"')) == ["ann"]


@pytest.mark.parametrize("attribute", ["custom:foo", "gender", "email_verified", "enabled", "password_hash"])
def test_some_attributes_cannot_be_searched_by(
    idp: CognitoIdentityProviderClient, pool_id: str, attribute: str
) -> None:
    with refused("InvalidParameterException", f"Invalid search attribute: {attribute}"):
        idp.list_users(UserPoolId=pool_id, Filter=f'{attribute} = "x"')


@pytest.mark.parametrize(
    "text",
    [
        "email",
        "email =",
        "email = ann",
        "email = 'ann'",
        'email = "ann',
        'email == "ann"',
        'email > "ann"',
        'email = "ann" or email = "bob"',
        'email = "ann\\"',
        '"email" = "ann"',
        '= "ann"',
    ],
)
def test_what_is_no_filter_is_refused(idp: CognitoIdentityProviderClient, pool_id: str, text: str) -> None:
    with refused("InvalidParameterException", "Error while parsing filter"):
        idp.list_users(UserPoolId=pool_id, Filter=text)


@pytest.mark.parametrize(
    "text", ["", 'username ^= ""', 'email ^= ""', 'status = "Enabled"', 'cognito:user_status ^= "F"', 'name ^= "a"']
)
def test_pages_of_one_hold_everybody_once(idp: CognitoIdentityProviderClient, pool_id: str, text: str) -> None:
    whole = names(idp.list_users(UserPoolId=pool_id, Filter=text))

    listing = idp.get_paginator("list_users").paginate(
        UserPoolId=pool_id, Filter=text, PaginationConfig={"PageSize": 1, "MaxItems": 2 * len(PEOPLE)}
    )

    assert names(listing.build_full_result()) == whole


@pytest.mark.parametrize(
    "other",
    [{"Filter": 'email ^= "b"'}, {"Filter": 'email ^= "a"', "AttributesToGet": ["email"]}],
)
def test_a_token_needs_the_same_parameters(
    idp: CognitoIdentityProviderClient, pool_id: str, other: dict[str, Any]
) -> None:
    token = idp.list_users(UserPoolId=pool_id, Filter='email ^= "a"', Limit=1)["PaginationToken"]

    with refused("InvalidParameterException", "Invalid pagination token"):
        idp.list_users(UserPoolId=pool_id, PaginationToken=token, **other)


def test_a_token_is_good_for_an_hour(idp: CognitoIdentityProviderClient, pool_id: str, clock: FakeClock) -> None:
    token = idp.list_users(UserPoolId=pool_id, Limit=1)["PaginationToken"]
    clock.advance(3599)
    idp.list_users(UserPoolId=pool_id, PaginationToken=token)

    clock.advance(1)

    with refused("InvalidParameterException", "Invalid pagination token"):
        idp.list_users(UserPoolId=pool_id, PaginationToken=token)


def test_only_wanted_attributes_are_shown(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    users = idp.list_users(UserPoolId=pool_id, Filter='username = "ann"', AttributesToGet=["email", "phone_number"])

    assert users["Users"][0]["Attributes"] == named_values(email="ann@example.com")


def test_a_wanted_attribute_that_cannot_be_searched_by_must_be_set(
    idp: CognitoIdentityProviderClient, pool_id: str
) -> None:
    with refused("InvalidParameterException"):
        idp.list_users(UserPoolId=pool_id, AttributesToGet=["gender"])


def test_another_accounts_users_are_not_listed(pool_id: str, aws: Any) -> None:
    with refused("ResourceNotFoundException", f"User pool {pool_id} does not exist."):
        aws("cognito-idp", key="111111111111").list_users(UserPoolId=pool_id)
