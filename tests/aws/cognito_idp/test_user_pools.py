"""User pools through the API: what is set comes back, what is not has Cognito's defaults, and who may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sdk import refused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

    from tests.fakes import FakeClock

SMS = {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms"}
STRANGER = "111111111111"


def test_a_new_pool_has_the_defaults_of_cognito(idp: CognitoIdentityProviderClient, clock: FakeClock) -> None:
    created: Any = idp.create_user_pool(PoolName="people")["UserPool"]

    schema = created.pop("SchemaAttributes")
    identifier = created.pop("Id")
    assert created == {
        "Name": "people",
        "Arn": f"arn:aws:cognito-idp:us-east-1:000000000000:userpool/{identifier}",
        "CreationDate": clock.now(),
        "LastModifiedDate": clock.now(),
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": 8,
                "RequireUppercase": True,
                "RequireLowercase": True,
                "RequireNumbers": True,
                "RequireSymbols": True,
                "TemporaryPasswordValidityDays": 7,
            },
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
        },
        "DeletionProtection": "INACTIVE",
        "LambdaConfig": {},
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
        "MfaConfiguration": "OFF",
        "EstimatedNumberOfUsers": 0,
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "UserPoolTags": {},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7},
        "UserPoolTier": "ESSENTIALS",
    }
    assert [each["Name"] for each in schema] == [
        "sub", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile",
        "picture", "website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number",
        "phone_number_verified", "address", "updated_at", "identities",
    ]  # fmt: skip


def test_the_id_of_a_pool_is_its_region_and_nine_letters_or_digits(idp: CognitoIdentityProviderClient) -> None:
    region, _, suffix = idp.create_user_pool(PoolName="people")["UserPool"]["Id"].partition("_")

    assert region == "us-east-1"
    assert len(suffix) == 9
    assert suffix.isalnum()


def test_standard_attributes_are_described_with_their_bounds(idp: CognitoIdentityProviderClient) -> None:
    schema = {each["Name"]: each for each in idp.create_user_pool(PoolName="people")["UserPool"]["SchemaAttributes"]}

    assert schema["sub"] == {
        "Name": "sub",
        "AttributeDataType": "String",
        "DeveloperOnlyAttribute": False,
        "Mutable": False,
        "Required": True,
        "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "2048"},
    }
    assert schema["birthdate"]["StringAttributeConstraints"] == {"MinLength": "10", "MaxLength": "10"}
    assert schema["updated_at"]["NumberAttributeConstraints"] == {"MinValue": "0"}
    assert schema["identities"]["StringAttributeConstraints"] == {}
    assert "StringAttributeConstraints" not in schema["email_verified"]


def test_what_is_set_is_described(idp: CognitoIdentityProviderClient) -> None:
    settings: Any = {
        "Policies": {"PasswordPolicy": {"MinimumLength": 12, "TemporaryPasswordValidityDays": 3}},
        "AutoVerifiedAttributes": ["email"],
        "UsernameAttributes": ["email"],
        "UsernameConfiguration": {"CaseSensitive": False},
        "LambdaConfig": {"PreSignUp": "arn:aws:lambda:us-east-1:000000000000:function:check"},
        "UserPoolTags": {"team": "blue"},
        "DeletionProtection": "ACTIVE",
        "EmailVerificationMessage": "Code {####}",
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]},
        "Schema": [
            {"Name": "email", "Required": True, "Mutable": False},
            {"Name": "role", "AttributeDataType": "String", "StringAttributeConstraints": {"MaxLength": "9"}},
            {"Name": "score", "AttributeDataType": "Number", "DeveloperOnlyAttribute": True, "Mutable": False},
        ],
    }
    pool_id = idp.create_user_pool(PoolName="people", **settings)["UserPool"]["Id"]

    described: Any = idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]

    same = ("AutoVerifiedAttributes", "UsernameAttributes", "UsernameConfiguration", "LambdaConfig", "UserPoolTags",
            "DeletionProtection", "EmailVerificationMessage", "AccountRecoverySetting")  # fmt: skip
    assert {name: described[name] for name in same} == {name: settings[name] for name in same}
    assert described["Policies"]["PasswordPolicy"] == {
        "MinimumLength": 12,
        "RequireUppercase": False,
        "RequireLowercase": False,
        "RequireNumbers": False,
        "RequireSymbols": False,
        "TemporaryPasswordValidityDays": 3,
    }
    assert described["VerificationMessageTemplate"]["EmailMessage"] == "Code {####}"
    assert described["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": False}
    schema = {each["Name"]: each for each in described["SchemaAttributes"]}
    assert (schema["email"]["Required"], schema["email"]["Mutable"]) == (True, False)
    assert schema["custom:role"]["StringAttributeConstraints"] == {"MaxLength": "9"}
    assert schema["custom:role"]["Mutable"] is True
    assert schema["dev:custom:score"]["NumberAttributeConstraints"] == {}


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        (
            {"AliasAttributes": ["email"], "UsernameAttributes": ["email"]},
            "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.",
        ),
        (
            {"Schema": [{"Name": "email", "AttributeDataType": "Number"}]},
            "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email",
        ),
        (
            {"Schema": [{"Name": "email", "DeveloperOnlyAttribute": True}]},
            "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email",
        ),
        (
            {"Schema": [{"Name": "role", "AttributeDataType": "String", "Required": True}]},
            "Required custom attributes are not supported currently.",
        ),
        (
            {"Schema": [{"Name": "role"}]},
            "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.",
        ),
        (
            {"Schema": [{"Name": "banana", "AttributeDataType": "String"}] * 2},
            "custom:banana: Existing attribute already has name custom:banana.",
        ),
        (
            {
                "Schema": [
                    {
                        "Name": "long",
                        "AttributeDataType": "String",
                        "StringAttributeConstraints": {"MaxLength": "2049"},
                    }
                ]
            },
            "user.custom:long: String attributes cannot have a length of more than 2048",
        ),
        (
            {
                "Schema": [
                    {
                        "Name": "odd",
                        "AttributeDataType": "String",
                        "StringAttributeConstraints": {"MinLength": "5", "MaxLength": "4"},
                    }
                ]
            },
            "user.custom:odd: Max length cannot be less than min length.",
        ),
        (
            {
                "Schema": [
                    {
                        "Name": "odd",
                        "AttributeDataType": "Number",
                        "NumberAttributeConstraints": {"MinValue": "5", "MaxValue": "4"},
                    }
                ]
            },
            "user.custom:odd: Max value cannot be less than min value.",
        ),
        (
            {
                "Schema": [
                    {"Name": "odd", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MinValue": "x"}}
                ]
            },
            "Invalid NumberAttributeConstraints for schema attribute custom:odd",
        ),
        (
            {
                "Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 1}},
                "AdminCreateUserConfig": {"UnusedAccountValidityDays": 1},
            },
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
        ),
        (
            {"MfaConfiguration": "ON"},
            "SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
        ),
        (
            {"AutoVerifiedAttributes": ["phone_number"]},
            "SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
        ),
        (
            {"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}},
            "AttributesRequireVerificationBeforeUpdate can only contain auto verified attributes.",
        ),
    ],
)
def test_settings_that_contradict_one_another_are_refused(
    idp: CognitoIdentityProviderClient, members: Any, sentence: str
) -> None:
    with refused("InvalidParameterException", sentence):
        idp.create_user_pool(PoolName="people", **members)


def test_an_update_returns_what_it_leaves_out_to_its_default(idp: CognitoIdentityProviderClient) -> None:
    pool_id = idp.create_user_pool(
        PoolName="people",
        AliasAttributes=["email"],
        AutoVerifiedAttributes=["email"],
        UserPoolTags={"team": "blue"},
        UserPoolTier="PLUS",
        Schema=[{"Name": "role", "AttributeDataType": "String"}],
    )["UserPool"]["Id"]

    idp.update_user_pool(UserPoolId=pool_id, PoolName="folk", UserPoolTags={"team": "red"})

    described = idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    assert described["Name"] == "folk"
    assert described["UserPoolTags"] == {"team": "red"}
    assert "AutoVerifiedAttributes" not in described
    assert described["AliasAttributes"] == ["email"]
    assert described["UserPoolTier"] == "PLUS"
    assert described["SchemaAttributes"][-1]["Name"] == "custom:role"


def test_an_update_without_a_name_keeps_it_and_moves_the_date(
    idp: CognitoIdentityProviderClient, clock: FakeClock
) -> None:
    pool_id = idp.create_user_pool(PoolName="people")["UserPool"]["Id"]
    clock.advance(60)

    idp.update_user_pool(UserPoolId=pool_id)

    described = idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    assert described["Name"] == "people"
    assert (described["LastModifiedDate"] - described["CreationDate"]).total_seconds() == 60


def test_a_deleted_pool_is_gone(idp: CognitoIdentityProviderClient) -> None:
    pool_id = idp.create_user_pool(PoolName="people")["UserPool"]["Id"]

    idp.delete_user_pool(UserPoolId=pool_id)

    with refused("ResourceNotFoundException", f"User pool {pool_id} does not exist."):
        idp.describe_user_pool(UserPoolId=pool_id)


def test_a_protected_pool_is_not_deleted_until_the_protection_ends(idp: CognitoIdentityProviderClient) -> None:
    pool_id = idp.create_user_pool(PoolName="people", DeletionProtection="ACTIVE")["UserPool"]["Id"]
    with refused(
        "InvalidParameterException",
        "The user pool cannot be deleted because deletion protection is activated. "
        "Deletion protection must be inactivated first.",
    ):
        idp.delete_user_pool(UserPoolId=pool_id)

    idp.update_user_pool(UserPoolId=pool_id, DeletionProtection="INACTIVE")
    idp.delete_user_pool(UserPoolId=pool_id)


def test_pools_are_listed_page_by_page(idp: CognitoIdentityProviderClient) -> None:
    created = {idp.create_user_pool(PoolName=f"p{number}")["UserPool"]["Id"] for number in range(3)}

    first = idp.list_user_pools(MaxResults=2)
    second = idp.list_user_pools(MaxResults=2, NextToken=first["NextToken"])

    assert {each["Id"] for each in first["UserPools"] + second["UserPools"]} == created
    assert "NextToken" not in second
    assert set(first["UserPools"][0]) == {"Id", "Name", "LambdaConfig", "CreationDate", "LastModifiedDate"}


def test_a_page_token_of_another_account_is_refused(idp: CognitoIdentityProviderClient, aws: Any) -> None:
    idp.create_user_pool(PoolName="a")
    idp.create_user_pool(PoolName="b")
    token = idp.list_user_pools(MaxResults=1)["NextToken"]

    with refused("InvalidParameterException", "Invalid pagination token"):
        aws("cognito-idp", key=STRANGER).list_user_pools(MaxResults=1, NextToken=token)


@pytest.mark.parametrize("operation", ["describe_user_pool", "update_user_pool", "delete_user_pool"])
def test_another_accounts_pool_does_not_exist(idp: CognitoIdentityProviderClient, aws: Any, operation: str) -> None:
    pool_id = idp.create_user_pool(PoolName="people")["UserPool"]["Id"]

    with refused("ResourceNotFoundException", f"User pool {pool_id} does not exist."):
        getattr(aws("cognito-idp", key=STRANGER), operation)(UserPoolId=pool_id)


def test_pools_of_other_accounts_and_regions_are_not_listed(idp: CognitoIdentityProviderClient, aws: Any) -> None:
    idp.create_user_pool(PoolName="people")

    assert aws("cognito-idp", key=STRANGER).list_user_pools(MaxResults=10)["UserPools"] == []
    assert aws("cognito-idp", region="eu-west-1").list_user_pools(MaxResults=10)["UserPools"] == []


def test_more_than_fifty_tags_are_refused(idp: CognitoIdentityProviderClient) -> None:
    with refused("UserPoolTaggingException"):
        idp.create_user_pool(PoolName="people", UserPoolTags={f"k{number}": "v" for number in range(51)})
