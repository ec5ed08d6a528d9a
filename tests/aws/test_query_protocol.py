"""The query protocol through real boto3, and by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.aws.probe import CREATED
from tests.sdk import refused

FORM = "application/x-www-form-urlencoded"
ROLE = {"RoleArn": "arn:aws:iam::000000000000:role/r", "RoleSessionName": "ann"}
STS = "{https://sts.amazonaws.com/doc/2011-06-15/}"


def post(wire: FlaskClient, form: str | bytes, content_type: str | None = FORM) -> TestResponse:
    return wire.post("/", data=form, content_type=content_type)


def told(answer: TestResponse) -> tuple[str | None, str | None, str | None]:
    root = ElementTree.fromstring(answer.data)
    return tuple(root.findtext(f"{STS}Error/{STS}{name}") for name in ("Type", "Code", "Message"))  # type: ignore[return-value]


def test_boto3_reads_what_sts_answers(probe: Callable[..., Any]) -> None:
    answer = probe("sts", key="123456789012", region="eu-west-1").get_caller_identity()

    assert answer["Account"] == "123456789012"
    assert answer["Arn"] == "arn:aws:iam::123456789012:root"
    assert answer["UserId"] == "eu-west-1"
    assert len(answer["ResponseMetadata"]["RequestId"]) == 36


def test_lists_numbers_and_times_go_both_ways(probe: Callable[..., Any]) -> None:
    tags = [{"Key": f"k{number}", "Value": "v"} for number in range(11)]

    answer = probe("sts").assume_role(**ROLE, DurationSeconds=900, Tags=tags)

    assert answer["Credentials"]["SecretAccessKey"] == ",".join(f"k{number}=v" for number in range(11))
    assert answer["Credentials"]["Expiration"] == CREATED.replace(microsecond=0)
    assert answer["PackedPolicySize"] == 900


def test_text_is_escaped_and_what_xml_cannot_hold_is_replaced(probe: Callable[..., Any]) -> None:
    role = probe("iam").list_roles()["Roles"][0]

    assert role["RoleName"] == "a<b>&\N{REPLACEMENT CHARACTER}"
    assert role["Tags"] == [{"Key": "k", "Value": "v"}, {"Key": "l", "Value": "w"}]


def test_a_boolean_is_told(probe: Callable[..., Any]) -> None:
    assert probe("iam").list_roles()["IsTruncated"] is False


def test_broken_constraints_are_a_validation_error(probe: Callable[..., Any]) -> None:
    sentence = (
        "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [\w+=,.@-]*"
    )

    with refused("ValidationError", sentence):
        probe("sts").assume_role(**{**ROLE, "RoleSessionName": "Session1:2"})


def test_an_unknown_action_is_named_with_its_version(wire: FlaskClient) -> None:
    answer = post(wire, "Action=Fly&Version=2011-06-15")

    assert answer.status_code == 400
    assert told(answer) == ("Sender", "InvalidAction", "Could not find operation Fly for version 2011-06-15")


def test_an_action_without_a_version_is_looked_for_in_the_service_of_the_signature(wire: FlaskClient) -> None:
    scope = "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=00"

    answer = wire.post("/", data="Action=Fly", content_type=FORM, headers={"Authorization": scope})

    assert b"https://iam.amazonaws.com/doc/2010-05-08/" in answer.data


def test_a_form_without_an_action_is_refused(wire: FlaskClient) -> None:
    assert told(post(wire, "Version=2011-06-15"))[1] == "MissingAction"


def test_an_action_that_is_not_served_says_so(probe: Callable[..., Any]) -> None:
    with refused("InvalidAction") as caught:
        probe("sts").get_session_token()

    assert "GetSessionToken" in caught.value.response["Error"]["Message"]


def test_an_action_may_stand_in_the_query_string(wire: FlaskClient) -> None:
    answer = wire.get("/?Action=GetCallerIdentity&Version=2011-06-15")

    assert answer.status_code == 403
    assert told(answer) == ("Sender", "MissingAuthenticationToken", "Request is missing Authentication Token")


@pytest.mark.parametrize(
    "form",
    [
        b"Action=AssumeRole&Version=2011-06-15&DurationSeconds=ten",
        b"Action=AssumeRole&Version=2011-06-15&DurationSeconds=1_0",
        b"Action=AssumeRole&Version=2011-06-15&RoleArn=%ff",
        b"Action=AssumeRole&Version=2011-06-15&RoleArn=\xc3\xa9",
        b"Action=AssumeRole&Version=2011-06-15&RoleArn=%00",
        b"Action=AssumeRole&Version=2011-06-15&" + b"a=1&" * 10_001,
        b"Action=AssumeRole&Version=2011-06-15&" + b"a." * 200 + b"b=1",
    ],
)
def test_a_form_that_cannot_be_read_is_malformed_input(wire: FlaskClient, form: bytes) -> None:
    answer = post(wire, form)

    assert answer.status_code == 400
    assert told(answer)[1] == "MalformedInput"


def test_a_form_of_another_content_type_is_refused(wire: FlaskClient) -> None:
    answer = wire.post("/?Action=GetCallerIdentity&Version=2011-06-15", data=b"x", content_type="text/plain")

    assert answer.status_code == 415
    assert told(answer)[1] == "UnsupportedMediaType"


def test_a_form_that_is_too_large_is_refused(wire: FlaskClient) -> None:
    answer = post(wire, b"Action=GetCallerIdentity&Version=2011-06-15&x=" + b"x" * 1024 * 1024)

    assert answer.status_code == 413
    assert told(answer)[1] == "RequestEntityTooLarge"
