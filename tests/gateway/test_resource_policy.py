"""Open routes of APIs with a policy of their own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.callers import Deploy, Get
from tests.gateway.documents import allow, operation, policy, rest_api

SHOWN = "arn:aws:execute-api:us-east-1:********0000:api/prod/GET/pets"


def with_policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """Return an API with an open route and a policy."""
    return rest_api({"/pets": {"get": operation()}}) | {"x-amazon-apigateway-policy": policy(*statements)}


@pytest.mark.parametrize("resource", ["*", "execute-api:/*", "execute-api:/prod/GET/pets", "arn:aws:execute-api:*"])
def test_whom_the_policy_lets_in_is_let_in(deploy: Deploy, get: Get, resource: str) -> None:
    deploy(with_policy(allow(resource, Principal="*")))
    assert get("/pets").status_code == 200


def test_without_an_allow_nobody_is_let_in(deploy: Deploy, get: Get) -> None:
    deploy(with_policy(allow("execute-api:/prod/GET/cats", Principal="*")))
    answer = get("/pets")
    assert answer.status_code == 403
    assert answer.json == {
        "Message": "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
        f"{SHOWN} because no resource-based policy allows the execute-api:Invoke action"
    }


def test_an_allow_for_a_principal_is_not_for_everybody(deploy: Deploy, get: Get) -> None:
    deploy(with_policy(allow("*", Principal={"AWS": "arn:aws:iam::000000000000:root"})))
    assert get("/pets").status_code == 403


@pytest.mark.parametrize(("address", "status"), [("10.1.2.3", 200), ("192.0.2.1", 403)])
def test_conditions_on_the_request_count(deploy: Deploy, get: Get, address: str, status: int) -> None:
    condition = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "StringLike": {"aws:UserAgent": "test*"}}
    deploy(with_policy(allow("*", Principal="*", Condition=condition)))
    answer = get("/pets", headers={"User-Agent": "test/1"}, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status


def test_an_explicit_deny_is_told_as_one(deploy: Deploy, get: Get) -> None:
    deploy(with_policy(allow("*", Principal="*"), allow("execute-api:/prod/GET/pets", "Deny", Principal="*")))
    assert b"with an explicit deny in a resource-based policy" in get("/pets").data
