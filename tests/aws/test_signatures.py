"""Who signs: any credentials in dev, stored keys for real."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from idp.services import Services
from idp.settings import Settings
from tests.aws.probe import probe_app
from tests.sdk import client_of, refused

LIST_POOLS = ("ListUserPools", {"MaxResults": 1})
WHO_AM_I: tuple[str, dict[str, Any]] = ("GetCallerIdentity", {})
INVOKE = ("Invoke", {"FunctionName": "f"})
UNKNOWN_KEY = "The security token included in the request is invalid."


@pytest.fixture
def strict(services: Services) -> Flask:
    """The probes, where credentials are verified."""
    return probe_app(replace(services, settings=replace(services.settings, any_credentials=False)))


@pytest.mark.parametrize(("key", "account"), [("123456789012", "123456789012"), ("test", "000000000000")])
def test_in_dev_a_key_of_twelve_digits_chooses_the_account(probe: Callable[..., Any], key: str, account: str) -> None:
    answer = probe("sts", key=key).get_caller_identity()

    assert answer["Account"] == account
    assert answer["Arn"] == f"arn:aws:iam::{account}:root"


def test_the_region_is_that_of_the_signatures_scope(probe: Callable[..., Any]) -> None:
    pool = probe("cognito-idp", region="eu-central-1").list_user_pools(MaxResults=1)["UserPools"][0]

    assert pool["Id"] == "eu-central-1"


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code", "sentence"),
    [
        ("cognito-idp", *LIST_POOLS, "MissingAuthenticationTokenException", "Missing Authentication Token"),
        ("sts", *WHO_AM_I, "MissingAuthenticationToken", "Request is missing Authentication Token"),
        ("lambda", *INVOKE, "MissingAuthenticationTokenException", "Missing Authentication Token"),
        (
            "dynamodb",
            "ListTables",
            {},
            "MissingAuthenticationTokenException",
            "Request is missing Authentication Token",
        ),
    ],
)
def test_an_unsigned_request_to_a_signed_operation_is_refused_in_dev_too(
    probe: Callable[..., Any], service: str, operation: str, parameters: dict[str, Any], code: str, sentence: str
) -> None:
    with refused(code, sentence):
        probe(service, unsigned=True)._make_api_call(operation, parameters)


def test_an_unsigned_operation_takes_no_signature_and_ignores_one(probe: Callable[..., Any]) -> None:
    parameters = {"ClientId": "c1", "Username": "ann", "Password": "secret"}

    assert probe("cognito-idp", unsigned=True).sign_up(**parameters)["UserConfirmed"] is True


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code"),
    [
        ("cognito-idp", *LIST_POOLS, "UnrecognizedClientException"),
        ("sts", *WHO_AM_I, "InvalidClientTokenId"),
        ("lambda", *INVOKE, "UnrecognizedClientException"),
    ],
)
def test_an_unknown_key_is_refused_where_credentials_are_verified(
    strict: Flask, service: str, operation: str, parameters: dict[str, Any], code: str
) -> None:
    with refused(code, UNKNOWN_KEY):
        client_of(strict, service)._make_api_call(operation, parameters)


def test_settings_of_production_verify() -> None:
    assert Settings().any_credentials is False
