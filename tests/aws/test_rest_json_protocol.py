"""REST-JSON through real boto3, and by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.sdk import refused

ARN = "arn:aws:lambda:us-east-1:000000000000:function:f"
FUNCTION = {"FunctionName": "f", "Role": "arn:aws:iam::000000000000:role/r", "Code": {"ZipFile": b"PK\x00"}}


def test_a_payload_goes_in_and_out_as_it_stands(probe: Callable[..., Any]) -> None:
    payload = b'{"key": "\xc3\xa9"}'

    answer = probe("lambda").invoke(FunctionName="f", Payload=payload)

    assert answer["Payload"].read() == payload


def test_path_query_headers_and_status_find_their_members(probe: Callable[..., Any]) -> None:
    answer = probe("lambda").invoke(FunctionName=ARN, Qualifier="$LATEST", InvocationType="Event")

    assert answer["ExecutedVersion"] == f"{ARN}/$LATEST/Event"
    assert answer["StatusCode"] == 202
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 202


def test_an_answer_has_the_models_status_and_leaves_out_what_is_none(probe: Callable[..., Any]) -> None:
    answer = probe("lambda").create_function(**FUNCTION)

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert answer["CodeSize"] == 3
    assert "Timeout" not in answer


def test_an_operation_without_output_has_no_content(probe: Callable[..., Any]) -> None:
    answer = probe("lambda").delete_alias(FunctionName="f", Name="live")

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_broken_constraints_in_path_and_body_are_told_together(probe: Callable[..., Any]) -> None:
    with refused("ValidationException") as caught:
        probe("lambda").create_function(**{**FUNCTION, "Role": "nobody", "Timeout": 0})

    message = caught.value.response["Error"]["Message"]
    assert message.startswith("2 validation errors detected: Value 'nobody' at 'role' failed")
    assert "'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1" in message


def test_a_bad_label_is_told(probe: Callable[..., Any]) -> None:
    with refused("ValidationException") as caught:
        probe("lambda").delete_alias(FunctionName="a b", Name="live")

    assert "Value 'a b' at 'functionName'" in caught.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/2015-03-31/nothing"), ("PUT", "/2015-03-31/functions/"), ("GET", "/2015-03-31/functions//invocations")],
)
def test_a_path_that_no_operation_has_is_not_found(wire: FlaskClient, method: str, path: str) -> None:
    answer = wire.open(path, method=method)

    assert answer.status_code == 404
    assert answer.headers["x-amzn-ErrorType"] == "UnknownOperationException"


def test_an_unsigned_request_is_forbidden(wire: FlaskClient) -> None:
    answer = wire.post("/2015-03-31/functions/f/invocations")

    assert answer.status_code == 403
    assert answer.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"
    assert answer.get_json() == {"message": "Missing Authentication Token"}


@pytest.mark.parametrize("body", [b"{", b"[]", b"17", b'{"FunctionName": 1}', b'{"Code": {"ZipFile": "%"}}'])
def test_a_body_that_cannot_be_read_is_a_serialization_error(wire: FlaskClient, body: bytes) -> None:
    answer = wire.post("/2015-03-31/functions", data=body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.headers["x-amzn-ErrorType"] == "SerializationException"


def test_a_path_that_is_not_utf_8_is_a_serialization_error(wire: FlaskClient) -> None:
    answer = wire.post("/2015-03-31/functions/%ff/invocations")

    assert answer.status_code == 400
    assert answer.headers["x-amzn-ErrorType"] == "SerializationException"


def test_an_xml_body_is_refused(wire: FlaskClient) -> None:
    answer = wire.post("/2015-03-31/functions", data=b"<x/>", content_type="application/xml")

    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("method", "parameters", "operation"),
    [
        ("list_layers", {}, "ListLayers"),
        (
            "get_layer_version_by_arn",
            {"Arn": "arn:aws:lambda:us-east-1:000000000000:layer:l:1"},
            "GetLayerVersionByArn",
        ),
    ],
)
def test_an_operation_that_is_not_served_says_so(
    probe: Callable[..., Any], method: str, parameters: dict[str, str], operation: str
) -> None:
    with refused("UnknownOperationException") as caught:
        getattr(probe("lambda"), method)(**parameters)

    assert f"operation {operation} is" in caught.value.response["Error"]["Message"]
