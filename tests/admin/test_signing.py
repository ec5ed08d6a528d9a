"""Who may use the operators' API."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.admin.conftest import a_pool
from tests.admin.operators import Operator
from tests.fakes import START, FakeClock

CHALLENGE = 'AWS4-HMAC-SHA256 realm="idp", service="idp"'
UNAUTHENTICATED = "/admin/v1/problems#unauthenticated"
EVERYTHING = [
    ("GET", "/user-pools", "ListUserPools"),
    ("POST", "/user-pools", "CreateUserPool"),
    ("GET", "/user-pools/us-east-1_x", "GetUserPool"),
    ("DELETE", "/user-pools/us-east-1_x", "DeleteUserPool"),
    ("GET", "/user-pools/us-east-1_x/clients", "ListClients"),
    ("POST", "/user-pools/us-east-1_x/clients", "CreateClient"),
    ("GET", "/user-pools/us-east-1_x/clients/c", "GetClient"),
    ("DELETE", "/user-pools/us-east-1_x/clients/c", "DeleteClient"),
    ("GET", "/user-pools/us-east-1_x/users", "ListUsers"),
    ("POST", "/user-pools/us-east-1_x/users", "CreateUser"),
    ("GET", "/user-pools/us-east-1_x/users/ann", "GetUser"),
    ("DELETE", "/user-pools/us-east-1_x/users/ann", "DeleteUser"),
    ("GET", "/outbox", "ListMessages"),
]


@dataclass(frozen=True)
class Key:
    """An access key of an IAM user named `op`."""

    id: str
    secret: str


@pytest.fixture
def key(aws: Any) -> Key:
    """An IAM user's access key; policies decide what it may do."""
    iam = aws("iam")
    iam.create_user(UserName="op")
    made = iam.create_access_key(UserName="op")["AccessKey"]
    return Key(made["AccessKeyId"], made["SecretAccessKey"])


@pytest.fixture
def allowed(aws: Any, strict: Flask, key: Key) -> Callable[..., Operator]:
    """A maker of an operator, where keys are verified, whom one statement allows something."""

    def make(**statement: Any) -> Operator:
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", **statement}]}
        aws("iam").put_user_policy(UserName="op", PolicyName="p", PolicyDocument=json.dumps(policy))
        return Operator(strict, key=key.id, secret=key.secret)

    return make


@pytest.mark.parametrize(("method", "path", "_action"), EVERYTHING)
def test_an_unsigned_request_is_refused_in_dev_too(
    operator: Callable[..., Operator], method: str, path: str, _action: str
) -> None:
    refused = operator(key=None).send(method, path)

    assert (refused.status, refused.json["type"]) == (401, UNAUTHENTICATED)
    assert refused.json["detail"] == "Missing Authentication Token"
    assert refused.headers["WWW-Authenticate"] == CHALLENGE
    assert refused.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path", "action"), EVERYTHING)
def test_a_user_without_a_policy_is_denied_everything(
    strict: Flask, key: Key, method: str, path: str, action: str
) -> None:
    denied = Operator(strict, key=key.id, secret=key.secret).send(method, path)

    assert (denied.status, denied.json["type"]) == (403, "/admin/v1/problems#access-denied")
    assert f"is not authorized to perform: idp:{action} on resource: " in denied.json["detail"]
    assert denied.json["detail"].endswith(f"because no identity-based policy allows the idp:{action} action")


def test_a_policy_lets_do_what_it_names(allowed: Callable[..., Operator]) -> None:
    reader = allowed(Action="idp:ListUserPools")

    assert reader.get("/user-pools").status == 200
    assert reader.post("/user-pools", {"poolName": "people"}).status == 403


def test_a_policy_can_name_one_pool(admin: Operator, allowed: Callable[..., Operator]) -> None:
    mine, other = a_pool(admin)["id"], a_pool(admin)["id"]
    arn = f"arn:aws:idp:us-east-1:000000000000:user-pool/{mine}"

    owner = allowed(Action="idp:*", Resource=arn)

    assert owner.get(f"/user-pools/{mine}").status == 200
    assert owner.get(f"/user-pools/{mine}/users").status == 200
    assert owner.get(f"/user-pools/{other}").status == 403
    assert owner.get(f"/user-pools/{other}/clients").status == 403


def test_the_aws_apis_own_actions_allow_nothing_here(allowed: Callable[..., Operator]) -> None:
    assert allowed(Action="cognito-idp:*").get("/user-pools").status == 403


def test_signing_for_another_region_does_not_go_round_a_policy(
    admin: Operator, aws: Any, strict: Flask, key: Key, allowed: Callable[..., Operator]
) -> None:
    pool_id = a_pool(admin)["id"]
    arn = f"arn:aws:idp:us-east-1:000000000000:user-pool/{pool_id}"
    allowed(Action="idp:*", Resource="*")
    deny = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": arn}]}
    aws("iam").put_user_policy(UserName="op", PolicyName="deny", PolicyDocument=json.dumps(deny))

    elsewhere = Operator(strict, key=key.id, secret=key.secret, region="eu-central-1")

    assert elsewhere.get(f"/user-pools/{pool_id}").status == 403


def test_a_condition_on_the_address_counts(allowed: Callable[..., Operator]) -> None:
    here = {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}
    elsewhere = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}

    assert allowed(Action="idp:ListUserPools", Condition=here).get("/user-pools").status == 200
    assert allowed(Action="idp:ListUserPools", Condition=elsewhere).get("/user-pools").status == 403


def test_a_wrong_secret_is_refused(strict: Flask, key: Key) -> None:
    refused = Operator(strict, key=key.id, secret="guessed").get("/user-pools")

    assert (refused.status, refused.json["type"]) == (401, UNAUTHENTICATED)
    assert refused.json["detail"].startswith("The request signature we calculated does not match")


def test_a_wrong_secret_of_a_known_key_is_refused_in_dev_too(operator: Callable[..., Operator], key: Key) -> None:
    assert operator(key=key.id, secret="guessed").get("/user-pools").status == 401


def test_an_unknown_key_is_refused_where_keys_are_verified(strict: Flask) -> None:
    refused = Operator(strict).get("/user-pools")

    assert (refused.status, refused.json["detail"]) == (
        401,
        "The security token included in the request is invalid.",
    )


def test_a_signature_is_good_for_its_own_body_only(strict: Flask, allowed: Callable[..., Operator]) -> None:
    signed = allowed(Action="idp:*")
    forged = {"Content-Type": "application/json", "X-Amz-Content-Sha256": "0" * 64}

    assert signed.send("POST", "/user-pools", '{"poolName": "people"}', forged).status == 401


@pytest.mark.parametrize(("minutes", "status"), [(-6, 401), (-4, 200), (4, 200), (6, 401)])
def test_a_signature_is_good_for_five_minutes(
    strict: Flask, key: Key, allowed: Callable[..., Operator], minutes: int, status: int
) -> None:
    allowed(Action="idp:*")
    then = FakeClock(START + timedelta(minutes=minutes))

    assert Operator(strict, key=key.id, secret=key.secret, clock=then).get("/user-pools").status == status


@pytest.mark.parametrize("path", ["/", "/problems", "/openapi.json"])
def test_what_is_here_is_told_to_anybody(operator: Callable[..., Operator], path: str) -> None:
    assert operator(key=None).get(path).status == 200


def test_roots_of_accounts_see_their_own(operator: Callable[..., Operator]) -> None:
    there = a_pool(operator(key="123456789012"))

    assert there["arn"].split(":")[4] == "123456789012"
