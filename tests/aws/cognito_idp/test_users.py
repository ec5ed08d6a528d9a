"""Users that administrators create, read, disable and delete through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.pools import NEW_PASSWORD, PASSWORD, a_client, a_user_pool, named_values
from tests.sdk import refused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

    from tests.conftest import Outbox
    from tests.fakes import FakeClock, ScriptedTriggers

ANN = "ann@example.com"
PHONE = "+15555550100"
PASSWORD_FLOW = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:check"


def create(idp: CognitoIdentityProviderClient, pool_id: str, username: str, **members: Any) -> Any:
    """Create a user, and return what the answer says of them."""
    attributes = named_values(**members.pop("attributes", {}))
    return idp.admin_create_user(UserPoolId=pool_id, Username=username, UserAttributes=attributes, **members)["User"]


def sign_in(idp: CognitoIdentityProviderClient, client_id: str, username: str, password: str) -> Any:
    """Sign in by password."""
    return idp.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )


def test_a_created_user_must_change_a_temporary_password(idp: CognitoIdentityProviderClient, clock: FakeClock) -> None:
    pool_id = a_user_pool(idp)

    created = create(idp, pool_id, "ann", attributes={"email": ANN, "email_verified": "true"})

    sub = created["Attributes"][0]
    assert sub["Name"] == "sub"
    assert created == {
        "Username": "ann",
        "Attributes": [sub, *named_values(email=ANN, email_verified="true")],
        "UserCreateDate": clock.now(),
        "UserLastModifiedDate": clock.now(),
        "Enabled": True,
        "UserStatus": "FORCE_CHANGE_PASSWORD",
    }


def test_admin_get_user_tells_the_same_of_a_user(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp)
    created = create(idp, pool_id, "ann", attributes={"email": ANN})

    found: Any = idp.admin_get_user(UserPoolId=pool_id, Username="ann")

    found.pop("ResponseMetadata")
    attributes = created.pop("Attributes")
    assert found == {**created, "UserAttributes": attributes}


def test_admin_get_user_takes_the_sub_for_a_name(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp)
    sub = create(idp, pool_id, "ann")["Attributes"][0]["Value"]

    assert idp.admin_get_user(UserPoolId=pool_id, Username=sub)["Username"] == "ann"


def test_the_invitation_brings_a_password_that_asks_for_a_new_one(
    idp: CognitoIdentityProviderClient, outbox: Outbox
) -> None:
    pool_id = a_user_pool(idp)
    client_id = a_client(idp, pool_id, ExplicitAuthFlows=PASSWORD_FLOW)
    create(idp, pool_id, "ann", attributes={"email": ANN}, DesiredDeliveryMediums=["EMAIL"])

    answer = sign_in(idp, client_id, "ann", outbox.last_code_to(ANN))

    assert answer["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert "Your username is ann and temporary password is" in outbox.messages_to(ANN)[0].body


def test_the_administrators_own_temporary_password_is_sent(idp: CognitoIdentityProviderClient, outbox: Outbox) -> None:
    pool_id = a_user_pool(idp)

    create(idp, pool_id, "ann", attributes={"phone_number": PHONE}, TemporaryPassword=PASSWORD)

    assert outbox.last_code_to(PHONE) == PASSWORD


@pytest.mark.parametrize(
    "members",
    [
        {"MessageAction": "SUPPRESS", "DesiredDeliveryMediums": ["EMAIL", "SMS"]},
        {},
    ],
)
def test_nothing_is_sent_when_suppressed_or_when_the_default_medium_has_no_number(
    idp: CognitoIdentityProviderClient, outbox: Outbox, members: Any
) -> None:
    pool_id = a_user_pool(idp)

    create(idp, pool_id, "ann", attributes={"email": ANN}, **members)

    assert outbox.messages_to("ann") == []


@pytest.mark.parametrize(
    ("medium", "sentence"), [("EMAIL", "User does not have an email"), ("SMS", "User does not have a phone number")]
)
def test_a_wanted_medium_needs_an_address(idp: CognitoIdentityProviderClient, medium: Any, sentence: str) -> None:
    pool_id = a_user_pool(idp)

    with refused("InvalidParameterException", sentence):
        create(idp, pool_id, "ann", DesiredDeliveryMediums=[medium])


def test_a_temporary_password_obeys_the_policy(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp)

    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        create(idp, pool_id, "ann", TemporaryPassword="Aa1!")


@pytest.mark.parametrize(
    ("members", "days"),
    [
        ({}, 7),
        ({"Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 2}}}, 2),
        ({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 3}}, 3),
    ],
)
def test_a_temporary_password_ends(
    idp: CognitoIdentityProviderClient, clock: FakeClock, members: Any, days: int
) -> None:
    pool_id = a_user_pool(idp, **members)
    client_id = a_client(idp, pool_id, ExplicitAuthFlows=PASSWORD_FLOW)
    create(idp, pool_id, "ann", TemporaryPassword=PASSWORD)
    clock.advance(timedelta(days=days, seconds=-1))
    assert sign_in(idp, client_id, "ann", PASSWORD)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"

    clock.advance(2)

    with refused("NotAuthorizedException", "Temporary password has expired and must be reset by an administrator."):
        sign_in(idp, client_id, "ann", PASSWORD)


def test_resending_gives_a_new_password_and_a_new_time(
    idp: CognitoIdentityProviderClient, clock: FakeClock, outbox: Outbox
) -> None:
    pool_id = a_user_pool(idp)
    client_id = a_client(idp, pool_id, ExplicitAuthFlows=PASSWORD_FLOW)
    create(idp, pool_id, "ann", attributes={"email": ANN}, TemporaryPassword=PASSWORD)
    clock.advance(timedelta(days=8))

    create(idp, pool_id, "ann", MessageAction="RESEND", DesiredDeliveryMediums=["EMAIL"])

    assert sign_in(idp, client_id, "ann", outbox.last_code_to(ANN))["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    with refused("NotAuthorizedException", "Incorrect username or password."):
        sign_in(idp, client_id, "ann", PASSWORD)


def test_only_an_invited_user_is_invited_again(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp)
    create(idp, pool_id, "ann")
    idp.admin_set_user_password(UserPoolId=pool_id, Username="ann", Password=NEW_PASSWORD, Permanent=True)

    with refused("UnsupportedUserStateException", "Resend not possible. ann status is not FORCE_CHANGE_PASSWORD"):
        create(idp, pool_id, "ann", MessageAction="RESEND")
    with refused("UserNotFoundException", "User does not exist."):
        create(idp, pool_id, "nobody", MessageAction="RESEND")


def test_a_name_is_taken_once(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp)
    create(idp, pool_id, "ann")

    with refused("UsernameExistsException", "User account already exists"):
        create(idp, pool_id, "ann")


def test_a_name_can_be_had_again_after_deletion_with_a_new_sub(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp)
    first = create(idp, pool_id, "ann")
    idp.admin_delete_user(UserPoolId=pool_id, Username="ann")

    second = create(idp, pool_id, "ann")

    assert first["Attributes"] != second["Attributes"]


@pytest.mark.parametrize(("case_sensitive", "username"), [(True, "Ann"), (False, "ann")])
def test_names_are_compared_as_the_pool_says(
    idp: CognitoIdentityProviderClient, case_sensitive: bool, username: str
) -> None:
    pool_id = a_user_pool(idp, UsernameConfiguration={"CaseSensitive": case_sensitive})

    created = create(idp, pool_id, "Ann", attributes={"email": "Ann@Example.com"})

    assert created["Username"] == username
    assert created["Attributes"][1]["Value"] == "Ann@Example.com"


def test_a_case_variant_is_taken_where_case_does_not_count(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, UsernameConfiguration={"CaseSensitive": False})
    create(idp, pool_id, "ann")

    with refused("UsernameExistsException", "User account already exists"):
        create(idp, pool_id, "ANN")
    assert idp.admin_get_user(UserPoolId=pool_id, Username="aNN")["Username"] == "ann"


def test_where_addresses_are_names_the_username_is_the_sub(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, UsernameAttributes=["email"])

    created = create(idp, pool_id, ANN)

    assert created["Attributes"] == [
        {"Name": "sub", "Value": created["Username"]},
        {"Name": "email", "Value": ANN},
    ]
    assert idp.admin_get_user(UserPoolId=pool_id, Username=ANN)["Username"] == created["Username"]


def test_where_addresses_are_names_they_are_taken_at_once(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, UsernameAttributes=["email", "phone_number"])
    create(idp, pool_id, ANN)

    with refused("UsernameExistsException", "User account already exists"):
        create(idp, pool_id, ANN)
    with refused("UsernameExistsException", "User account already exists"):
        create(idp, pool_id, PHONE, attributes={"email": ANN})


@pytest.mark.parametrize(
    ("members", "username", "sentence"),
    [
        ({"UsernameAttributes": ["email"]}, "ann", "Username should be an email."),
        ({"UsernameAttributes": ["phone_number"]}, "ann", "Username should be a phone number."),
        (
            {"UsernameAttributes": ["phone_number", "email"]},
            "ann",
            "Username should be either an email or a phone number.",
        ),
        (
            {"AliasAttributes": ["email"]},
            ANN,
            "Username cannot be of email format, since user pool is configured for email alias.",
        ),
        (
            {"AliasAttributes": ["phone_number"]},
            PHONE,
            "Username cannot be of phone number format, since user pool is configured for phone number alias.",
        ),
    ],
)
def test_a_username_has_the_form_that_the_pool_takes(
    idp: CognitoIdentityProviderClient, members: Any, username: str, sentence: str
) -> None:
    pool_id = a_user_pool(idp, **members)

    with refused("InvalidParameterException", sentence):
        create(idp, pool_id, username)


def test_the_name_and_the_address_must_be_the_same(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, UsernameAttributes=["email"])

    with refused("InvalidParameterException"):
        create(idp, pool_id, ANN, attributes={"email": "bob@example.com"})


def test_a_verified_alias_is_taken_unless_forced(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, AliasAttributes=["email"])
    verified = {"email": ANN, "email_verified": "true"}
    create(idp, pool_id, "ann", attributes=verified)
    with refused("AliasExistsException", "An account with the email already exists."):
        create(idp, pool_id, "bob", attributes=verified)

    create(idp, pool_id, "bob", attributes=verified, ForceAliasCreation=True)

    assert idp.admin_get_user(UserPoolId=pool_id, Username=ANN)["Username"] == "bob"
    former = idp.admin_get_user(UserPoolId=pool_id, Username="ann")
    assert {"Name": "email_verified", "Value": "false"} in former["UserAttributes"]


def test_required_attributes_may_be_missing(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, Schema=[{"Name": "email", "Required": True}])

    assert create(idp, pool_id, "ann")["UserStatus"] == "FORCE_CHANGE_PASSWORD"


@pytest.mark.parametrize(
    ("attributes", "sentence"),
    [
        (
            {"custom:role": "x"},
            "Attributes did not conform to the schema: Type for attribute {custom:role} could not be determined",
        ),
        ({"email_verified": "true"}, "Email is required to verify/un-verify an email"),
        ({"sub": "x"}, "Cannot modify the non-mutable attribute sub"),
        ({"email": "x"}, "Invalid email address format."),
    ],
)
def test_attributes_must_conform_to_the_schema(
    idp: CognitoIdentityProviderClient, attributes: dict[str, str], sentence: str
) -> None:
    pool_id = a_user_pool(idp)

    with refused("InvalidParameterException", sentence):
        create(idp, pool_id, "ann", attributes=attributes)


def test_the_pre_sign_up_trigger_may_refuse_and_its_flags_do_not_count(
    idp: CognitoIdentityProviderClient, triggers: ScriptedTriggers
) -> None:
    pool_id = a_user_pool(idp, LambdaConfig={"PreSignUp": FUNCTION})
    triggers.on("PreSignUp", lambda event: {**event, "response": {"autoConfirmUser": True, "autoVerifyEmail": True}})

    created = create(idp, pool_id, "ann", attributes={"email": ANN}, ValidationData=named_values(token="t"))

    assert created["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert [each["Name"] for each in created["Attributes"]] == ["sub", "email"]
    call = triggers.calls[0]
    assert call.source == "PreSignUp_AdminCreateUser"
    assert call.event["request"]["validationData"] == {"token": "t"}


def test_a_deleted_user_is_gone_with_their_tokens(idp: CognitoIdentityProviderClient) -> None:
    pool_id, tokens = a_signed_in_user(idp)

    idp.admin_delete_user(UserPoolId=pool_id, Username="ann")

    with refused("UserNotFoundException", "User does not exist."):
        idp.admin_get_user(UserPoolId=pool_id, Username="ann")
    with refused("UserNotFoundException", "User does not exist."):
        idp.get_user(AccessToken=tokens["AccessToken"])


def test_a_disabled_user_neither_signs_in_nor_goes_on(idp: CognitoIdentityProviderClient) -> None:
    pool_id, tokens = a_signed_in_user(idp)
    client_id = a_client(idp, pool_id, ExplicitAuthFlows=PASSWORD_FLOW)

    idp.admin_disable_user(UserPoolId=pool_id, Username="ann")

    assert idp.admin_get_user(UserPoolId=pool_id, Username="ann")["Enabled"] is False
    with refused("NotAuthorizedException", "User is disabled."):
        sign_in(idp, client_id, "ann", PASSWORD)
    with refused("NotAuthorizedException"):
        idp.get_user(AccessToken=tokens["AccessToken"])


def test_an_enabled_user_signs_in_again_and_the_old_tokens_stay_revoked(idp: CognitoIdentityProviderClient) -> None:
    pool_id, tokens = a_signed_in_user(idp)
    client_id = a_client(idp, pool_id, ExplicitAuthFlows=PASSWORD_FLOW)
    idp.admin_disable_user(UserPoolId=pool_id, Username="ann")

    idp.admin_enable_user(UserPoolId=pool_id, Username="ann")

    assert "AuthenticationResult" in sign_in(idp, client_id, "ann", PASSWORD)
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        idp.get_user(AccessToken=tokens["AccessToken"])


@pytest.mark.parametrize(
    "operation", ["admin_get_user", "admin_delete_user", "admin_disable_user", "admin_enable_user"]
)
def test_an_unknown_user_is_not_found(idp: CognitoIdentityProviderClient, operation: str) -> None:
    pool_id = a_user_pool(idp)

    with refused("UserNotFoundException", "User does not exist."):
        getattr(idp, operation)(UserPoolId=pool_id, Username="nobody")


@pytest.mark.parametrize(
    "operation",
    ["admin_create_user", "admin_get_user", "admin_delete_user", "admin_disable_user", "admin_enable_user"],
)
def test_another_accounts_users_are_out_of_reach(idp: CognitoIdentityProviderClient, aws: Any, operation: str) -> None:
    pool_id = a_user_pool(idp)
    create(idp, pool_id, "ann")

    with refused("ResourceNotFoundException", f"User pool {pool_id} does not exist."):
        getattr(aws("cognito-idp", key="111111111111"), operation)(UserPoolId=pool_id, Username="ann")


def test_a_user_reads_of_themselves_what_their_client_may_read(idp: CognitoIdentityProviderClient) -> None:
    _, tokens = a_signed_in_user(idp, ReadAttributes=["name"])

    answer = idp.get_user(AccessToken=tokens["AccessToken"])

    assert answer["Username"] == "ann"
    assert [each["Name"] for each in answer["UserAttributes"]] == ["sub", "name"]


def test_developers_attributes_are_hidden_from_users(idp: CognitoIdentityProviderClient) -> None:
    _, tokens = a_signed_in_user(idp)

    answer = idp.get_user(AccessToken=tokens["AccessToken"])

    assert [each["Name"] for each in answer["UserAttributes"]] == ["sub", "name", "email"]


def test_a_user_deletes_themselves(idp: CognitoIdentityProviderClient) -> None:
    pool_id, tokens = a_signed_in_user(idp)

    idp.delete_user(AccessToken=tokens["AccessToken"])

    with refused("UserNotFoundException", "User does not exist."):
        idp.admin_get_user(UserPoolId=pool_id, Username="ann")


def test_the_number_of_users_is_told_with_the_pool(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp)
    create(idp, pool_id, "ann")

    assert idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]["EstimatedNumberOfUsers"] == 1


def a_signed_in_user(idp: CognitoIdentityProviderClient, **client: Any) -> tuple[str, Any]:
    """Create Ann with a name, an address and a developers' attribute; return the pool's id and her tokens."""
    pool_id = a_user_pool(
        idp, Schema=[{"Name": "score", "AttributeDataType": "Number", "DeveloperOnlyAttribute": True}]
    )
    attributes = {"name": "Ann", "email": ANN, "dev:custom:score": "1"}
    create(idp, pool_id, "ann", attributes=attributes, MessageAction="SUPPRESS")
    idp.admin_set_user_password(UserPoolId=pool_id, Username="ann", Password=PASSWORD, Permanent=True)
    client_id = a_client(idp, pool_id, ExplicitAuthFlows=PASSWORD_FLOW, **client)
    return pool_id, sign_in(idp, client_id, "ann", PASSWORD)["AuthenticationResult"]
