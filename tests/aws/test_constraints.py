"""What a model demands of parameters, in AWS's words."""

from __future__ import annotations

from typing import Any

import pytest

from idp.aws.constraints import constraints_of
from idp.aws.errors import Invalid, Malformed
from idp.aws.models import operation_model, service_model
from idp.aws.shapes import input_checker

FLOWS = ", ".join(service_model("cognito-idp").shape_for("AuthFlowType").metadata["enum"])
CLIENT_FLOWS = ", ".join(service_model("cognito-idp").shape_for("ExplicitAuthFlowsType").metadata["enum"])
LONG_NAME = "a" * 129
LONG_TAG = "v" * 257
POOL_ARN = "arn:aws:cognito-idp:r:000000000000:userpool/r_1"
SIGN_UP = {"ClientId": "c1", "Username": "ann", "Password": "secret"}


def checked(operation: str, parameters: Any, service: str = "cognito-idp") -> tuple[dict[str, Any], list[str]]:
    model = operation_model(service, operation)
    assert model is not None
    return input_checker(model)(parameters)


@pytest.mark.parametrize(
    ("operation", "parameters", "sentence"),
    [
        (
            "ConfirmSignUp",
            {"ClientId": "c1", "Username": "ann", "ConfirmationCode": "1 12 123"},
            (
                "Value '1 12 123' at 'confirmationCode' failed to satisfy constraint: "
                r"Member must satisfy regular expression pattern: [\S]+"
            ),
        ),
        (
            "InitiateAuth",
            {"ClientId": "c1", "AuthFlow": "X"},
            f"Value 'X' at 'authFlow' failed to satisfy constraint: Member must satisfy enum value set: [{FLOWS}]",
        ),
        (
            "ListUserPools",
            {"MaxResults": 0},
            "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
        ),
        (
            "ListUserPools",
            {"MaxResults": 61},
            "Value '61' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 60",
        ),
        (
            "CreateUserPool",
            {"PoolName": ""},
            (
                "Value '' at 'poolName' failed to satisfy constraint: Member must have length greater than or equal to 1; "
                r"Value '' at 'poolName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w\s+=,.@-]+"  # noqa: E501
            ),
        ),
        (
            "CreateUserPool",
            {"PoolName": LONG_NAME},
            (
                f"Value '{LONG_NAME}' at 'poolName' failed to satisfy constraint: "
                "Member must have length less than or equal to 128"
            ),
        ),
        (
            "SignUp",
            {"Username": "ann", "Password": "secret"},
            "Value null at 'clientId' failed to satisfy constraint: Member must not be null",
        ),
        (
            "SignUp",
            {**SIGN_UP, "Password": "x" * 257},
            "Value at 'password' failed to satisfy constraint: Member must have length less than or equal to 256",
        ),
        (
            "SignUp",
            {**SIGN_UP, "UserAttributes": [{"Name": "email"}, {"Value": "x"}]},
            "Value null at 'userAttributes.2.member.name' failed to satisfy constraint: Member must not be null",
        ),
        (
            "CreateUserPoolClient",
            {"UserPoolId": "r_1", "ClientName": "c", "ExplicitAuthFlows": ["ALLOW_USER_AUTH", "NOPE"]},
            (
                "Value '[ALLOW_USER_AUTH, NOPE]' at 'explicitAuthFlows' failed to satisfy constraint: "
                f"Member must satisfy constraint: [Member must satisfy enum value set: [{CLIENT_FLOWS}]]"
            ),
        ),
        (
            "AddCustomAttributes",
            {"UserPoolId": "r_1", "CustomAttributes": []},
            "Value '[]' at 'customAttributes' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ),
        (
            "TagResource",
            {"ResourceArn": POOL_ARN, "Tags": {"k": LONG_TAG}},
            (
                f"Value '{{k={LONG_TAG}}}' at 'tags' failed to satisfy constraint: Map value must satisfy constraint: "
                "[Member must have length less than or equal to 256, Member must have length greater than or equal to 0]"
            ),
        ),
        (
            "TagResource",
            {"ResourceArn": POOL_ARN, "Tags": {"": "v"}},
            (
                "Value '{=v}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: "
                "[Member must have length less than or equal to 128, Member must have length greater than or equal to 1]"
            ),
        ),
    ],
)
def test_a_broken_constraint_is_told_in_awss_sentence(operation: str, parameters: Any, sentence: str) -> None:
    _, violations = checked(operation, parameters)

    assert "; ".join(violations) == sentence


def test_one_violation_is_an_error_and_several_are_errors_in_one_message() -> None:
    assert Invalid(["a"]).message == "1 validation error detected: a"
    assert Invalid(["a", "b"]).message == "2 validation errors detected: a; b"


def test_every_violation_of_a_request_is_found() -> None:
    _, violations = checked("SignUp", {"Username": "a b", "Password": "", "UserAttributes": [{}]})

    assert [violation.split("'")[1] for violation in violations] == [
        "clientId",
        "username",
        "password",
        "userAttributes.1.member.name",
    ]


def test_a_sound_request_is_returned_with_the_models_types() -> None:
    parameters, violations = checked(
        "RespondToAuthChallenge",
        {"ClientId": "c1", "ChallengeName": "SMS_MFA", "ChallengeResponses": {"USERNAME": "ann", "GONE": None}},
    )

    assert violations == []
    assert parameters == {"ClientId": "c1", "ChallengeName": "SMS_MFA", "ChallengeResponses": {"USERNAME": "ann"}}


def test_a_blob_is_given_as_bytes() -> None:
    parameters, _ = checked("SetUICustomization", {"UserPoolId": "r_1", "ImageFile": "AAEC"})

    assert parameters["ImageFile"] == b"\x00\x01\x02"


def test_a_blob_that_is_not_base64_is_malformed() -> None:
    with pytest.raises(Malformed):
        checked("SetUICustomization", {"UserPoolId": "r_1", "ImageFile": "é"})


def test_a_free_document_is_left_as_it_stands() -> None:
    settings = {"components": [{"deep": None}]}

    parameters, _ = checked("CreateManagedLoginBranding", {"UserPoolId": "r_1", "ClientId": "c1", "Settings": settings})

    assert parameters["Settings"] == settings


@pytest.mark.parametrize("service", ["cognito-idp", "cognito-identity", "sts", "iam", "lambda"])
def test_every_operation_of_a_served_model_has_a_checker(service: str) -> None:
    model = service_model(service)

    checkers = [input_checker(model.operation_model(name)) for name in model.operation_names]

    assert len(checkers) == len(model.operation_names)


def test_a_structure_has_no_constraints_of_its_own() -> None:
    assert constraints_of(service_model("cognito-idp").shape_for("AttributeType")) == ()
