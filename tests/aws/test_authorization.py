"""Stored keys are verified, also in dev, and IAM policy decides what their users may do."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from idp.domain.iam import AccessKey, IamUser
from idp.services import Services
from tests.fakes import FakeClock
from tests.sdk import refused

ACCOUNT = "111122223333"
ANN = f"arn:aws:iam::{ACCOUNT}:user/ann"
KEY = {"key": "AKIAANNANNANNANNANN2", "secret": "annannannannannannannannannannannannanna"}
POOL_ARN = f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/us-east-1_a"
ONE_POOL = {"Effect": "Allow", "Action": "cognito-idp:AdminGetUser", "Resource": POOL_ARN}
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)


@pytest.fixture(autouse=True)
def ann(services: Services) -> None:
    """An IAM user with an access key, who may look at the users of one pool."""
    now = services.clock.now()
    with services.unit_of_work() as work:
        work.iam_users.add(IamUser(ACCOUNT, "ann", "AIDAANN", "/", now))
        work.access_keys.add(AccessKey(KEY["key"], ACCOUNT, KEY["secret"], now, "AIDAANN"))
        work.inline_policies.put("AIDAANN", "p", json.dumps({"Version": "2012-10-17", "Statement": ONE_POOL}))
        work.commit()


def test_what_a_policy_allows_is_run(probe: Callable[..., Any]) -> None:
    with refused("UserNotFoundException"):
        probe("cognito-idp", **KEY).admin_get_user(UserPoolId="us-east-1_a", Username="bob")


def test_the_resource_of_an_operation_is_what_policy_decides_on(probe: Callable[..., Any]) -> None:
    other = POOL_ARN.replace("us-east-1_a", "us-east-1_b")

    with refused(
        "AccessDeniedException",
        f"User: {ANN} is not authorized to perform: cognito-idp:AdminGetUser on resource: {other} "
        "because no identity-based policy allows the cognito-idp:AdminGetUser action",
    ):
        probe("cognito-idp", **KEY).admin_get_user(UserPoolId="us-east-1_b", Username="bob")


def test_what_no_policy_allows_is_refused_before_the_parameters_are_judged(probe: Callable[..., Any]) -> None:
    with refused("AccessDeniedException"):
        probe("cognito-idp", **KEY).list_user_pools(MaxResults=99)


def test_a_request_that_does_not_name_its_resource_is_decided_on_any(probe: Callable[..., Any]) -> None:
    with refused("AccessDeniedException") as caught:
        probe("cognito-idp", **KEY).admin_get_user(Username="bob")

    assert "on resource: * because" in caught.value.response["Error"]["Message"]


def test_an_allowed_request_has_its_parameters_judged(probe: Callable[..., Any]) -> None:
    with refused("InvalidParameterException"):
        probe("cognito-idp", **KEY).admin_get_user(UserPoolId="us-east-1_a", Username="b b")


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code", "status"),
    [
        ("cognito-idp", "ListUserPools", {"MaxResults": 1}, "AccessDeniedException", 400),
        ("iam", "ListRoles", {}, "AccessDenied", 403),
        ("lambda", "Invoke", {"FunctionName": "f"}, "AccessDeniedException", 403),
    ],
)
def test_a_denial_is_told_as_each_protocol_tells_it(
    probe: Callable[..., Any], service: str, operation: str, parameters: dict[str, Any], code: str, status: int
) -> None:
    with refused(code) as caught:
        probe(service, **KEY)._make_api_call(operation, parameters)

    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_a_wrong_secret_is_refused_in_dev_too(probe: Callable[..., Any]) -> None:
    with refused("InvalidSignatureException", MISMATCH):
        probe("cognito-idp", key=KEY["key"], secret="guess").list_user_pools(MaxResults=1)


def test_a_wrong_secret_is_a_mismatch_to_query_services(probe: Callable[..., Any]) -> None:
    with refused("SignatureDoesNotMatch", MISMATCH):
        probe("sts", key=KEY["key"], secret="guess").get_caller_identity()


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "late", "code"),
    [
        (
            "cognito-idp",
            "ListUserPools",
            {"MaxResults": 1},
            timedelta(minutes=5, seconds=1),
            "InvalidSignatureException",
        ),
        ("sts", "GetCallerIdentity", {}, timedelta(minutes=15, seconds=1), "SignatureDoesNotMatch"),
    ],
)
def test_an_old_signature_is_refused_after_its_services_window(
    probe: Callable[..., Any],
    clock: FakeClock,
    service: str,
    operation: str,
    parameters: dict[str, Any],
    late: timedelta,
    code: str,
) -> None:
    client = probe(service, **KEY)
    client.meta.events.register_first("before-send", lambda **_: clock.advance(late))

    with refused(code) as caught:
        client._make_api_call(operation, parameters)

    assert "Signature expired: " in caught.value.response["Error"]["Message"]


def test_a_token_that_is_none_of_ours_is_refused(probe: Callable[..., Any]) -> None:
    with refused("UnrecognizedClientException", "The security token included in the request is invalid."):
        probe("cognito-idp", **KEY, token="foreign").list_user_pools(MaxResults=1)


def test_a_body_changed_after_signing_is_refused(probe: Callable[..., Any]) -> None:
    def change(request: Any, **_: Any) -> None:
        request.body = b'{"MaxResults": 2}'
        request.headers["Content-Length"] = "17"

    client = probe("cognito-idp", **KEY)
    client.meta.events.register_first("before-send", change)

    with refused("InvalidSignatureException", MISMATCH):
        client.list_user_pools(MaxResults=1)


def test_both_forms_of_signature_at_once_are_refused(wire: FlaskClient) -> None:
    answer = wire.post(
        "/?X-Amz-Algorithm=AWS4-HMAC-SHA256",
        data=b'{"MaxResults": 1}',
        content_type="application/x-amz-json-1.1",
        headers={
            "X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools",
            "Authorization": "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=00",
        },
    )

    assert json.loads(answer.data)["__type"] == "InvalidSignatureException"
