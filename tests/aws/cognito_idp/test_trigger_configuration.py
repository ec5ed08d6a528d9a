"""LambdaConfig: which functions a pool may name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from idp.app import mount_faces
from tests.aws.cognito_idp.pools import a_user_pool
from tests.aws.cognito_idp.trigger_stories import FUNCTION, KMS_KEY
from tests.sdk import client_of, refused

if TYPE_CHECKING:
    from idp.services import Services

HTTPS_ONLY = "A trigger's URL must be https; in development http://localhost is taken too."
INBOUND = {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION}


def configured(idp: Any, **config: Any) -> Any:
    pool_id = a_user_pool(idp, LambdaConfig=config)
    return idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]["LambdaConfig"]


@pytest.fixture
def in_production(services: Services) -> Any:
    """A client of a server for real users, but for its credentials."""
    settings = replace(services.settings, mode="serve", python_triggers=False)
    return client_of(mount_faces(replace(services, settings=settings)), "cognito-idp")


@pytest.mark.parametrize(
    "config",
    [
        {"PreSignUp": FUNCTION},
        {"PreSignUp": f"{FUNCTION}:live"},
        {"PreSignUp": "https://hooks.example.com/pre-sign-up?tenant=7"},
        {"PreSignUp": "http://localhost:8000/hook"},
        {"PreSignUp": "http://127.0.0.1:8000/hook"},
        {"PreSignUp": "my_app.triggers:pre_sign_up"},
        {"InboundFederation": INBOUND},
        {"CustomSMSSender": {**INBOUND, "LambdaArn": "https://hooks.example.com/sms"}, "KMSKeyID": KMS_KEY},
    ],
    ids=str,
)
def test_a_function_is_stored_and_described(idp: Any, config: dict[str, Any]) -> None:
    assert configured(idp, **config) == config


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"PreSignUp": "http://hooks.example.com/hook"}, HTTPS_ONLY),
        ({"PreSignUp": "http://localhost.example.com/hook"}, HTTPS_ONLY),
        (
            {"PreSignUp": "http://user@localhost/some/hook"},
            "A trigger's URL must name a host, and no user or fragment.",
        ),
        ({"PreSignUp": "https:///without/a/host"}, "A trigger's URL must name a host, and no user or fragment."),
        ({"PreSignUp": f"{FUNCTION}:7"}, f"A trigger cannot be a numbered version of a function: {FUNCTION}:7"),
        ({"InboundFederation": {**INBOUND, "LambdaArn": "http://hooks.example.com/x"}}, HTTPS_ONLY),
        (
            {
                "PreTokenGeneration": f"{FUNCTION}-old",
                "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": FUNCTION},
            },
            "PreTokenGeneration and the LambdaArn of PreTokenGenerationConfig must be the same.",
        ),
    ],
    ids=str,
)
def test_a_function_that_may_not_be_is_refused(idp: Any, config: dict[str, Any], message: str) -> None:
    with refused("InvalidParameterException", message):
        a_user_pool(idp, LambdaConfig=config)


def test_an_update_is_checked_too(idp: Any) -> None:
    pool_id = a_user_pool(idp)
    with refused("InvalidParameterException", HTTPS_ONLY):
        idp.update_user_pool(UserPoolId=pool_id, LambdaConfig={"PreSignUp": "http://hooks.example.com/hook"})


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("http://localhost:8000/hook", HTTPS_ONLY),
        ("my_app.triggers:pre_sign_up", "Python callables are triggers in development only."),
    ],
)
def test_what_is_for_development_is_refused_in_production(in_production: Any, function: str, message: str) -> None:
    with refused("InvalidParameterException", message):
        a_user_pool(in_production, LambdaConfig={"PreSignUp": function})


def test_a_webhook_is_for_production_too(in_production: Any) -> None:
    config = {"PreSignUp": "https://hooks.example.com/pre-sign-up"}
    assert configured(in_production, **config) == config


@pytest.mark.parametrize("value", ["ftp://hooks.example.com/hook", "no function of any form", "x" * 3000])
def test_what_is_no_function_breaks_the_model(idp: Any, value: str) -> None:
    with pytest.raises(idp.exceptions.InvalidParameterException, match=r"'lambdaConfig\.preSignUp' failed to satisfy"):
        a_user_pool(idp, LambdaConfig={"PreSignUp": value})


def test_other_arns_are_still_only_arns(idp: Any) -> None:
    pool_id = a_user_pool(idp)
    with pytest.raises(idp.exceptions.InvalidParameterException, match="'roleArn' failed to satisfy"):
        idp.create_group(UserPoolId=pool_id, GroupName="staff", RoleArn="https://hooks.example.com/role")
