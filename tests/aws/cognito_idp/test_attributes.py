"""Changing attributes through the API: what may change, what becomes unverified, and who owns an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.pools import a_user_pool, named_values
from tests.sdk import refused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

    from tests.conftest import Outbox
    from tests.fakes import FakeClock

ANN = "ann@example.com"
BOB = "bob@example.com"


def invite(idp: CognitoIdentityProviderClient, pool_id: str, username: str, **attributes: str) -> str:
    """Create a user without a message, and return their username."""
    created = idp.admin_create_user(
        UserPoolId=pool_id, Username=username, MessageAction="SUPPRESS", UserAttributes=named_values(**attributes)
    )
    return created["User"]["Username"]


def change(idp: CognitoIdentityProviderClient, pool_id: str, username: str, changes: dict[str, str]) -> None:
    """Change a user's attributes."""
    idp.admin_update_user_attributes(UserPoolId=pool_id, Username=username, UserAttributes=named_values(**changes))


def attributes_of(idp: CognitoIdentityProviderClient, pool_id: str, username: str) -> dict[str, str]:
    """Return a user's attributes without `sub`."""
    user = idp.admin_get_user(UserPoolId=pool_id, Username=username)
    return {each["Name"]: each["Value"] for each in user["UserAttributes"] if each["Name"] != "sub"}


def test_attributes_are_set_replaced_and_by_an_empty_value_deleted(
    idp: CognitoIdentityProviderClient, clock: FakeClock
) -> None:
    pool_id = a_user_pool(idp)
    invite(idp, pool_id, "ann", name="Ann", nickname="A")
    clock.advance(60)

    change(idp, pool_id, "ann", {"name": "Anna", "nickname": "", "locale": "de"})

    assert attributes_of(idp, pool_id, "ann") == {"name": "Anna", "locale": "de"}
    assert idp.admin_get_user(UserPoolId=pool_id, Username="ann")["UserLastModifiedDate"] == clock.now()


@pytest.mark.parametrize(
    ("changes", "after"),
    [
        ({"email": BOB}, {"email": BOB, "email_verified": "false"}),
        ({"email": BOB, "email_verified": "true"}, {"email": BOB, "email_verified": "true"}),
        ({"email": ANN}, {"email": ANN, "email_verified": "true"}),
        ({"email_verified": "False"}, {"email": ANN, "email_verified": "false"}),
        ({"email": ""}, {}),
    ],
)
def test_a_new_address_is_unverified_unless_the_administrator_vouches_for_it(
    idp: CognitoIdentityProviderClient, changes: dict[str, str], after: dict[str, str]
) -> None:
    pool_id = a_user_pool(idp)
    invite(idp, pool_id, "ann", email=ANN, email_verified="true")

    change(idp, pool_id, "ann", changes)

    assert attributes_of(idp, pool_id, "ann") == after


def test_a_new_address_gets_a_code_where_the_pool_verifies_it(
    idp: CognitoIdentityProviderClient, outbox: Outbox
) -> None:
    pool_id = a_user_pool(idp, AutoVerifiedAttributes=["email"])
    invite(idp, pool_id, "ann", email=ANN, email_verified="true")

    change(idp, pool_id, "ann", {"email": BOB})
    change(idp, pool_id, "ann", {"email": ANN, "email_verified": "true"})

    assert len(outbox.last_code_to(BOB)) == 6
    assert outbox.messages_to(ANN) == []


def test_a_new_address_gets_no_code_where_the_pool_does_not_verify_it(
    idp: CognitoIdentityProviderClient, outbox: Outbox
) -> None:
    pool_id = a_user_pool(idp)
    invite(idp, pool_id, "ann", email=ANN)

    change(idp, pool_id, "ann", {"email": BOB})

    assert outbox.messages_to(BOB) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"custom:foo": "x"}, "Invalid user attributes: user.custom:foo: Attribute does not exist in the schema.\n"),
        ({"custom:once": "x"}, "Invalid user attributes: custom:once: Attribute cannot be updated.\n"),
        ({"sub": "x"}, "Cannot modify the non-mutable attribute sub"),
        ({"identities": "[]"}, "Cannot modify the non-mutable attribute identities"),
        ({"email": "ann"}, "Invalid email address format."),
        ({"phone_number": "0151 2345"}, "Invalid phone number format."),
        (
            {"birthdate": "1.1.1970"},
            "Attributes did not conform to the schema: birthdate: String must be no shorter than 10 characters\n",
        ),
        (
            {"custom:short": "much too long"},
            "Attributes did not conform to the schema: custom:short: String must be no longer than 4 characters\n",
        ),
        (
            {"updated_at": "today"},
            "Attributes did not conform to the schema: updated_at: Value is not of type Number\n",
        ),
        (
            {"updated_at": "-1"},
            "Attributes did not conform to the schema: updated_at: Number must be no less than 0\n",
        ),
        (
            {"email_verified": "perhaps"},
            "Attributes did not conform to the schema: email_verified: Value is not of type Boolean\n",
        ),
        ({"phone_number_verified": "true"}, "Phone number is required to verify/un-verify a phone number"),
        ({"email": ""}, "user.email: Attribute is required"),
        ({"given_name": ""}, "user.given_name: Attribute is required"),
    ],
)
def test_values_that_break_the_schema_are_refused_and_nothing_changes(
    idp: CognitoIdentityProviderClient, changes: dict[str, str], sentence: str
) -> None:
    pool_id = a_user_pool(
        idp,
        UsernameAttributes=["email"],
        Schema=[
            {"Name": "given_name", "Required": True},
            {"Name": "once", "AttributeDataType": "String", "Mutable": False},
            {"Name": "short", "AttributeDataType": "String", "StringAttributeConstraints": {"MaxLength": "4"}},
        ],
    )
    invite(idp, pool_id, ANN, given_name="Ann")

    also = {"given_name": "Anna", **changes}
    with refused("InvalidParameterException", sentence):
        change(idp, pool_id, ANN, also)

    assert attributes_of(idp, pool_id, ANN) == {"email": ANN, "given_name": "Ann"}


def test_an_immutable_attribute_is_written_once_with_the_user(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, Schema=[{"Name": "once", "AttributeDataType": "String", "Mutable": False}])

    invite(idp, pool_id, "ann", **{"custom:once": "now"})

    assert attributes_of(idp, pool_id, "ann") == {"custom:once": "now"}


def test_developers_attributes_are_administrators(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(
        idp, Schema=[{"Name": "score", "AttributeDataType": "Number", "DeveloperOnlyAttribute": True}]
    )
    invite(idp, pool_id, "ann")

    change(idp, pool_id, "ann", {"dev:custom:score": "7"})

    assert attributes_of(idp, pool_id, "ann") == {"dev:custom:score": "7"}


def test_an_address_that_is_a_username_is_one_users(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, UsernameAttributes=["email"])
    invite(idp, pool_id, ANN)
    invite(idp, pool_id, BOB)

    with refused("AliasExistsException", "An account with the given email already exists."):
        change(idp, pool_id, BOB, {"email": ANN})

    assert attributes_of(idp, pool_id, BOB)["email"] == BOB


def test_a_user_goes_by_their_new_address_and_frees_the_old(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, UsernameAttributes=["email"])
    username = invite(idp, pool_id, ANN)

    change(idp, pool_id, ANN, {"email": BOB})

    assert idp.admin_get_user(UserPoolId=pool_id, Username=BOB)["Username"] == username
    with refused("UserNotFoundException", "User does not exist."):
        idp.admin_get_user(UserPoolId=pool_id, Username=ANN)
    invite(idp, pool_id, ANN)


def test_an_alias_is_verified_for_one_user_only(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, AliasAttributes=["email"])
    invite(idp, pool_id, "ann", email=ANN, email_verified="true")
    invite(idp, pool_id, "bob", email=ANN)

    with refused("AliasExistsException", "An account with the given email already exists."):
        change(idp, pool_id, "bob", {"email_verified": "true"})

    change(idp, pool_id, "ann", {"email_verified": "false"})
    change(idp, pool_id, "bob", {"email_verified": "true"})
    assert idp.admin_get_user(UserPoolId=pool_id, Username=ANN)["Username"] == "bob"


def test_a_preferred_username_signs_in_and_is_one_users(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, AliasAttributes=["preferred_username"])
    invite(idp, pool_id, "ann")
    invite(idp, pool_id, "bob")

    change(idp, pool_id, "ann", {"preferred_username": "queen"})

    assert idp.admin_get_user(UserPoolId=pool_id, Username="queen")["Username"] == "ann"
    with refused("AliasExistsException", "An account with the given preferred_username already exists."):
        change(idp, pool_id, "bob", {"preferred_username": "queen"})


def test_a_preferred_username_is_no_other_name_of_somebody_else(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, AliasAttributes=["preferred_username"])
    invite(idp, pool_id, "ann")
    invite(idp, pool_id, "bob")
    sub = idp.admin_get_user(UserPoolId=pool_id, Username="ann")["UserAttributes"][0]["Value"]

    with refused("AliasExistsException", "An account with the given preferred_username already exists."):
        change(idp, pool_id, "bob", {"preferred_username": "ann"})
    with refused("AliasExistsException", "An account with the given preferred_username already exists."):
        change(idp, pool_id, "bob", {"preferred_username": sub})


def test_a_preferred_username_is_nobodys_address(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, AliasAttributes=["preferred_username", "email"])
    invite(idp, pool_id, "bob")

    with refused(
        "InvalidParameterException",
        "Username cannot be of email format, since user pool is configured for email alias.",
    ):
        change(idp, pool_id, "bob", {"preferred_username": ANN})


def test_an_unknown_user_is_not_found(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp)

    with refused("UserNotFoundException", "User does not exist."):
        change(idp, pool_id, "nobody", {"name": "x"})


def test_an_attribute_comes_once(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp)
    invite(idp, pool_id, "ann")
    twice: Any = [*named_values(name="a"), *named_values(name="b")]

    with refused("InvalidParameterException", "Duplicate attributes are not allowed."):
        idp.admin_update_user_attributes(UserPoolId=pool_id, Username="ann", UserAttributes=twice)


def test_custom_attributes_can_be_added_later(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp)

    idp.add_custom_attributes(UserPoolId=pool_id, CustomAttributes=[{"Name": "role", "AttributeDataType": "String"}])

    names = [each["Name"] for each in idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]["SchemaAttributes"]]
    assert names[-1] == "custom:role"
    with refused("InvalidParameterException", "custom:role: Existing attribute already has name custom:role."):
        idp.add_custom_attributes(
            UserPoolId=pool_id, CustomAttributes=[{"Name": "role", "AttributeDataType": "String"}]
        )
