"""AWS_IAM: who signs and may call is let in, and everybody else is refused in AWS's words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from idp.app import mount_faces
from idp.flows.credentials import issue_role_session
from idp.services import Services
from idp.store.catalog import role_key
from tests.fakes import FakeClock, ScriptedFunctions
from tests.gateway.callers import Caller, Deploy, Get
from tests.gateway.documents import (
    ACCOUNT,
    FUNCTION,
    TO_FUNCTION,
    TO_FUNCTION_V2,
    allow,
    http_api,
    operation,
    policy,
    rest_api,
)

ANY_CALL = f"arn:aws:execute-api:us-east-1:{ACCOUNT}:api/prod/*"
GET_PETS = f"arn:aws:execute-api:us-east-1:{ACCOUNT}:api/prod/GET/pets"
SHOWN_PETS = "arn:aws:execute-api:us-east-1:********0000:api/prod/GET/pets"
TRUST = json.dumps(
    policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}})
)
MAY_GET = json.dumps(policy(allow(GET_PETS)))
IDENTITY: dict[str, str | tuple[str, ...]] = {
    "cognito-identity.amazonaws.com:sub": "us-east-1:1234",
    "cognito-identity.amazonaws.com:aud": "us-east-1:pool",
    "cognito-identity.amazonaws.com:amr": ("authenticated", "cognito-idp.us-east-1.amazonaws.com/us-east-1_x"),
}
SIGNED = rest_api({"/pets": {"get": operation(guard="signature"), "post": operation(guard="signature")}})
INVALID = b'{"message":"The security token included in the request is invalid."}'


def test_a_signed_call_that_a_policy_allows_is_let_in(deploy: Deploy, caller: Caller) -> None:
    deploy(SIGNED)
    caller.may(allow(GET_PETS))
    assert caller.get("/pets").status == 200


def test_a_call_by_the_apis_own_host_is_signed_as_it_is_sent(deploy: Deploy, caller: Caller) -> None:
    deploy(SIGNED)
    caller.may(allow(GET_PETS))
    assert caller.get("/pets", host="api.execute-api.localhost:9229", prefix="/prod").status == 200


def test_an_unsigned_call_is_a_missing_token(deploy: Deploy, get: Get) -> None:
    deploy(SIGNED)
    answer = get("/pets")
    assert (answer.status_code, answer.data) == (403, b'{"message":"Missing Authentication Token"}')
    assert answer.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"


def test_a_call_that_no_policy_allows_names_the_user_and_masks_the_account(deploy: Deploy, caller: Caller) -> None:
    deploy(SIGNED)
    caller.may(allow(GET_PETS))
    answer = caller.send("POST", "/pets")
    assert answer.status == 403
    assert answer.headers["x-amzn-ErrorType"] == "AccessDeniedException"
    assert answer.json == {
        "Message": f"User: arn:aws:iam::{ACCOUNT}:user/ann is not authorized to perform: execute-api:Invoke on resource: "
        "arn:aws:execute-api:us-east-1:********0000:api/prod/POST/pets because no identity-based policy allows the "
        "execute-api:Invoke action"
    }


def test_an_explicit_deny_says_so(deploy: Deploy, caller: Caller) -> None:
    deploy(SIGNED)
    caller.may(allow(ANY_CALL), allow(GET_PETS, "Deny"))
    assert caller.get("/pets").json == {
        "Message": f"User: arn:aws:iam::{ACCOUNT}:user/ann is not authorized to perform: execute-api:Invoke on resource: "
        f"{SHOWN_PETS} with an explicit deny in an identity-based policy"
    }


@pytest.mark.parametrize("path", ["/pets/", "/p%65ts", "/pets?x=1"])
def test_another_spelling_of_a_path_does_not_slip_past_a_deny(deploy: Deploy, caller: Caller, path: str) -> None:
    deploy(SIGNED)
    caller.may(allow(ANY_CALL), allow(GET_PETS, "Deny"))
    assert caller.get(path).status == 403


def test_a_wrong_secret_is_told_what_should_have_been_signed(deploy: Deploy, caller: Caller) -> None:
    deploy(SIGNED)
    caller.may(allow(ANY_CALL))
    answer = caller.but(secret="wrong").get("/pets")
    assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (403, "InvalidSignatureException")
    assert answer.json["message"].startswith("The request signature we calculated does not match the signature you")
    assert "The Canonical String for this request should have been\n'GET\n/_api/api/prod/pets" in answer.json["message"]


@pytest.mark.parametrize(
    "tampering", [{"sent_path": "/pets?x=2"}, {"sent_path": "/pets/"}, {"sent_path": "/other"}, {"sent_body": b"{}"}]
)
def test_a_tampered_call_is_refused(deploy: Deploy, caller: Caller, tampering: Any) -> None:
    deploy(rest_api({"/{proxy+}": {"post": operation(guard="signature")}}))
    caller.may(allow(ANY_CALL))
    answer = caller.send("POST", "/pets?x=1", b'{"a": 1}', **tampering)
    assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (403, "InvalidSignatureException")


def test_a_signature_for_another_service_is_refused(deploy: Deploy, caller: Caller) -> None:
    deploy(SIGNED)
    caller.may(allow(ANY_CALL))
    answer = caller.but(service="lambda").get("/pets")
    assert answer.json == {"message": "Credential should be scoped to correct service: 'execute-api'. "}


def test_an_old_signature_is_refused(deploy: Deploy, caller: Caller, clock: FakeClock) -> None:
    deploy(SIGNED)
    caller.may(allow(ANY_CALL))
    prepared = caller.signed("GET", "/pets")
    clock.advance(timedelta(minutes=6))
    assert caller.sent(prepared).json["message"].startswith("Signature expired: ")


def test_an_unknown_key_is_the_accounts_root_in_dev(deploy: Deploy, caller: Caller) -> None:
    deploy(SIGNED)
    assert caller.but(key="AKIAUNKNOWN", secret="any").get("/pets").status == 200


def test_the_root_of_another_account_needs_the_apis_policy(deploy: Deploy, caller: Caller) -> None:
    deploy(SIGNED)
    assert caller.but(key="123456789012", secret="any").get("/pets").status == 403


def test_an_unknown_key_is_refused_where_credentials_are_verified(
    deploy: Deploy, services: Services, caller: Caller
) -> None:
    deploy(SIGNED)
    settings = replace(services.settings, any_credentials=False, dev_doors=False)
    strict = mount_faces(replace(services, settings=settings))
    answer = caller.but(key="AKIAUNKNOWN", app=strict).get("/pets")
    assert (answer.status, answer.body) == (403, INVALID)
    assert answer.headers["x-amzn-ErrorType"] == "UnrecognizedClientException"
    assert "x-idp-explain" not in answer.headers


def test_a_session_calls_until_it_is_over(deploy: Deploy, caller: Caller, services: Services, clock: FakeClock) -> None:
    deploy(SIGNED)
    session = session_of(caller, services)
    assert session.get("/pets").status == 200
    clock.advance(timedelta(hours=1))
    answer = session.get("/pets")
    assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (403, "ExpiredTokenException")
    assert answer.json == {"message": "The security token included in the request is expired"}


def test_a_session_token_of_another_key_is_refused(deploy: Deploy, caller: Caller, services: Services) -> None:
    deploy(SIGNED)
    session = session_of(caller, services)
    answer = session.but(token=session_of(caller, services, name="other").token).get("/pets")
    assert (answer.status, answer.body) == (403, INVALID)


def test_the_function_learns_who_signed(
    deploy: Deploy, caller: Caller, functions: ScriptedFunctions, services: Services
) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200})
    deploy(rest_api({"/pets": {"get": operation(TO_FUNCTION, "signature")}}))
    session_of(caller, services).get("/pets")
    event = functions.events[-1]
    identity = event["requestContext"]["identity"]
    assert identity["userArn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/people/session"
    assert identity["cognitoIdentityId"] == "us-east-1:1234"
    assert identity["cognitoIdentityPoolId"] == "us-east-1:pool"
    assert identity["cognitoAuthenticationType"] == "authenticated"
    assert identity["accountId"] == ACCOUNT
    assert "authorizer" not in event["requestContext"]
    assert "Authorization" not in event["headers"]


def test_an_http_api_says_forbidden_for_every_cause(
    deploy: Deploy, caller: Caller, web: FlaskClient, functions: ScriptedFunctions
) -> None:
    functions.on(FUNCTION, lambda event: event["requestContext"]["authorizer"])
    deploy(http_api({"/pets": {"get": operation(TO_FUNCTION_V2, "signature")}}))
    forbidden = (403, b'{"message":"Forbidden"}')
    unsigned = web.get("/_api/api/prod/pets")
    assert (unsigned.status_code, unsigned.data) == forbidden
    assert caller.get("/pets").body == forbidden[1]
    assert caller.but(secret="wrong").get("/pets").body == forbidden[1]
    caller.may(allow(ANY_CALL))
    assert caller.get("/pets").json["iam"]["userArn"] == f"arn:aws:iam::{ACCOUNT}:user/ann"


def test_the_apis_policy_lets_in_whom_it_names(deploy: Deploy, caller: Caller) -> None:
    named = allow("execute-api:/prod/GET/pets", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:user/ann"})
    deploy(SIGNED | {"x-amazon-apigateway-policy": policy(named)})
    assert caller.get("/pets").status == 200


def test_a_deny_of_the_apis_policy_wins(deploy: Deploy, caller: Caller) -> None:
    denied = allow("execute-api:/*", "Deny", Principal="*")
    deploy(SIGNED | {"x-amazon-apigateway-policy": policy(denied)})
    caller.may(allow(ANY_CALL))
    answer = caller.get("/pets")
    assert answer.json["Message"].endswith("with an explicit deny in a resource-based policy")


def test_a_call_whose_name_is_too_long_for_policies_is_refused(deploy: Deploy, caller: Caller) -> None:
    deploy(rest_api({"/{proxy+}": {"get": operation(guard="signature")}}))
    answer = caller.get("/" + "x" * 1600)
    assert (answer.status, answer.json) == (414, {"message": "Request URI too long"})


def session_of(caller: Caller, services: Services, name: str = "session") -> Caller:
    """Return a session of a role that an identity pool's person has."""
    if services.catalog.roles.find(role_key(ACCOUNT, "people")) is None:
        caller.iam.create_role(RoleName="people", AssumeRolePolicyDocument=TRUST)
        caller.iam.put_role_policy(RoleName="people", PolicyName="may", PolicyDocument=MAY_GET)
    role = services.catalog.roles.find(role_key(ACCOUNT, "people"))
    assert role is not None
    made = issue_role_session(services, role, session_name=name, lifetime=timedelta(hours=1), context=IDENTITY)
    return caller.but(key=made.access_key_id, secret=made.secret_access_key, token=made.session_token)
