"""Browsers call the APIs directly, from any origin."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

EXPOSED = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"


@pytest.mark.parametrize("path", ["/", "/2015-03-31/functions/f/invocations"])
def test_a_preflight_is_granted_to_any_origin_with_the_headers_it_asks_for(wire: FlaskClient, path: str) -> None:
    asked = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-amz-target,x-amz-user-agent",
    }

    answer = wire.options(path, headers=asked)

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Headers"] == "content-type,x-amz-target,x-amz-user-agent"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


def test_a_preflight_for_what_is_no_header_name_does_not_echo_it(wire: FlaskClient) -> None:
    answer = wire.options("/", headers={"Access-Control-Request-Headers": "a<b>"})

    assert answer.headers["Access-Control-Allow-Headers"] == "*"


@pytest.mark.parametrize("target", ["AWSCognitoIdentityService.GetId", "AWSCognitoIdentityService.Nothing", "x"])
def test_every_answer_may_be_read_by_any_origin(wire: FlaskClient, target: str) -> None:
    answer = wire.post(
        "/",
        data=b'{"IdentityPoolId": "us-east-1:0"}',
        content_type="application/x-amz-json-1.1",
        headers={"X-Amz-Target": target, "Origin": "https://app.example"},
    )

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Expose-Headers"] == EXPOSED
