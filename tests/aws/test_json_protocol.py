"""awsJson 1.1 over the wire, as SDKs, browsers and strangers send it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.sdk import refused

SIGN_UP = "AWSCognitoIdentityProviderService.SignUp"
JSON = "application/x-amz-json-1.1"
ANN = {"ClientId": "c1", "Username": "ann", "Password": "secret"}


def post(
    wire: FlaskClient, body: bytes | object, target: str = SIGN_UP, content_type: str | None = JSON
) -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return wire.post("/", data=data, content_type=content_type, headers={"X-Amz-Target": target})


def told(answer: TestResponse) -> Any:
    return json.loads(answer.data)


def test_an_answer_has_a_request_id_and_the_protocols_content_type(wire: FlaskClient) -> None:
    answer = post(wire, ANN)

    assert answer.status_code == 200
    assert answer.content_type == JSON
    assert len(answer.headers["x-amzn-RequestId"]) == 36


def test_times_are_epoch_seconds_with_three_decimals(probe: Callable[..., Any]) -> None:
    pool = probe("cognito-idp").list_user_pools(MaxResults=1)["UserPools"][0]

    assert pool["CreationDate"].timestamp() == 1548108509.537


def test_members_that_are_none_or_unknown_to_the_model_are_left_out(probe: Callable[..., Any]) -> None:
    bodies: list[bytes] = []
    client = probe("cognito-idp", key="123456789012")
    client.meta.events.register("response-received", lambda response_dict, **_: bodies.append(response_dict["body"]))

    client.list_user_pools(MaxResults=1)

    assert bodies == [b'{"UserPools":[{"Id":"us-east-1","Name":"123456789012","CreationDate":1548108509.537}]}']


def test_null_and_unknown_members_of_a_request_count_as_absent(wire: FlaskClient) -> None:
    answer = post(wire, {**ANN, "SecretHash": None, "Colour": {"deep": [1]}})

    assert told(answer)["UserSub"] == "['ClientId', 'Password', 'Username']"


@pytest.mark.parametrize(
    ("service", "method", "parameters", "body"),
    [
        (
            "cognito-idp",
            "AWSCognitoIdentityProviderService.AdminDeleteUser",
            {"UserPoolId": "a_b", "Username": "a"},
            b"{}",
        ),
        ("cognito-identity", "AWSCognitoIdentityService.DeleteIdentityPool", {"IdentityPoolId": "r:0-0"}, b""),
    ],
)
def test_an_operation_without_output_answers_as_its_service_does(
    probe: Callable[..., Any], service: str, method: str, parameters: dict[str, str], body: bytes
) -> None:
    bodies: list[bytes] = []
    client = probe(service)
    client.meta.events.register("response-received", lambda response_dict, **_: bodies.append(response_dict["body"]))

    client._make_api_call(method.partition(".")[2], parameters)

    assert bodies == [body]


def test_a_refusal_is_told_in_body_and_headers(wire: FlaskClient) -> None:
    answer = post(wire, {**ANN, "Username": "a b"})

    sentence = (
        "1 validation error detected: Value at 'username' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+"
    )
    assert answer.status_code == 400
    assert told(answer) == {"__type": "InvalidParameterException", "message": sentence}
    assert answer.headers["x-amzn-ErrorType"] == "InvalidParameterException:"
    assert answer.headers["x-amzn-ErrorMessage"] == sentence


def test_a_message_beyond_ascii_is_encoded_in_its_header_and_cut(wire: FlaskClient) -> None:
    answer = post(wire, {"AuthFlow": "é\n" * 5000}, "AWSCognitoIdentityProviderService.InitiateAuth")

    assert "x-amzn-ErrorMessage" in answer.headers
    assert len(answer.headers["x-amzn-ErrorMessage"]) < 8192


def test_a_domain_error_gets_its_wire_code_and_sentence(probe: Callable[..., Any]) -> None:
    with refused("UserNotFoundException", "User does not exist."):
        probe("cognito-idp").admin_get_user(UserPoolId="us-east-1_a", Username="ann")


@pytest.mark.parametrize(
    "target",
    ["AWSCognitoIdentityProviderService.NoSuchThing", "NoSuchService.SignUp", "SignUp", "", "é", "." * 5000],
)
def test_an_unknown_target_is_an_unknown_operation(wire: FlaskClient, target: str) -> None:
    answer = post(wire, {}, target)

    assert answer.status_code == 400
    assert told(answer) == {"__type": "UnknownOperationException"}


def test_a_request_that_names_no_operation_at_all_is_refused(wire: FlaskClient) -> None:
    answer = wire.post("/", data=b"{}", content_type=JSON)

    assert answer.status_code == 400
    assert told(answer) == {"__type": "UnknownOperationException"}


def test_an_operation_of_the_model_that_is_not_served_says_so(probe: Callable[..., Any]) -> None:
    with refused("UnknownOperationException") as caught:
        probe("cognito-idp").create_user_import_job(JobName="a", UserPoolId="a_b", CloudWatchLogsRoleArn="x" * 20)

    assert "CreateUserImportJob" in caught.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b"\xff\xfe{}",
        b'{"Username": "\xe9"}',
        b'{"Username": "\\ud800"}',
        b'{"Username": NaN}',
        b'{"Username": "a\\u0000b", "ClientId": "c1", "Password": "p"}',
        b"[]",
        b'"text"',
        b"null",
        b"17",
        b'{"Username": 17}',
        b'{"Username": true}',
        b'{"Username": {}}',
        b'{"Username": []}',
        b'{"UserAttributes": {}}',
        b'{"UserAttributes": [17]}',
        b'{"ClientMetadata": []}',
        b'{"ClientMetadata": {"a": 1}}',
    ],
)
def test_a_body_that_cannot_be_read_is_a_serialization_error(wire: FlaskClient, body: bytes) -> None:
    answer = post(wire, body)

    assert answer.status_code == 400
    assert told(answer)["__type"] == "SerializationException"


@pytest.mark.parametrize("value", [True, 1.5, 2**31, -(2**31) - 1, "1", 1e300])
def test_an_integer_must_be_a_whole_number_of_32_bits(wire: FlaskClient, value: object) -> None:
    answer = post(wire, {"MaxResults": value}, "AWSCognitoIdentityProviderService.ListUserPools")

    assert told(answer)["__type"] == "SerializationException"


def test_an_unexpected_structure_gets_the_parsers_sentence(wire: FlaskClient) -> None:
    answer = post(wire, {"Username": {}})

    assert told(answer)["message"] == "Start of structure or map found where not expected."


@pytest.mark.parametrize("body", [b'{"a":' + b"[" * 100 + b"]" * 100 + b"}", b'{"a":' * 100_000, b"[" * 500_000])
def test_a_body_deeper_than_a_hundred_levels_is_refused(wire: FlaskClient, body: bytes) -> None:
    answer = post(wire, body)

    assert told(answer) == {
        "__type": "SerializationException",
        "message": "The body is nested deeper than 100 levels",
    }


@pytest.mark.parametrize("levels", [1, 99])
def test_a_body_of_a_hundred_levels_is_read(wire: FlaskClient, levels: int) -> None:
    deep = json.loads("[" * levels + "]" * levels)

    assert post(wire, {**ANN, "Colour": deep}).status_code == 200


def test_brackets_inside_texts_are_not_levels(wire: FlaskClient) -> None:
    assert post(wire, {**ANN, "Username": '"[{\\' * 30}).status_code == 200


def test_an_endless_text_full_of_quotes_is_refused_at_once(wire: FlaskClient) -> None:
    answer = post(wire, b"[" * 101 + b'"' + b'\\"' * 500_000)

    assert told(answer)["__type"] == "SerializationException"


def test_a_body_larger_than_the_services_limit_is_refused(wire: FlaskClient) -> None:
    answer = post(wire, b" " * (2 * 1024 * 1024) + b"{}")

    assert answer.status_code == 413
    assert told(answer)["__type"] == "RequestTooLargeException"


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/json", "application/x-www-form-urlencoded"])
def test_a_body_of_another_content_type_is_refused(wire: FlaskClient, content_type: str | None) -> None:
    answer = post(wire, ANN, content_type=content_type)

    assert answer.status_code == 415
    assert told(answer)["__type"] == "UnsupportedMediaTypeException"


@pytest.mark.parametrize("content_type", ["application/x-amz-json-1.0", "Application/X-AMZ-JSON-1.1; charset=utf-8"])
def test_both_json_versions_are_taken(wire: FlaskClient, content_type: str) -> None:
    assert post(wire, ANN, content_type=content_type).status_code == 200


def test_a_bug_is_an_internal_error_and_its_words_reach_neither_the_caller_nor_the_log(
    wire: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = post(wire, {"AccessToken": "very-secret"}, "AWSCognitoIdentityProviderService.GetUser")

    assert answer.status_code == 500
    assert told(answer) == {"__type": "InternalErrorException", "message": "Internal server error."}
    assert answer.headers["x-amzn-RequestId"] in caplog.text
    assert "RuntimeError" in caplog.text
    assert "very-secret" not in caplog.text
