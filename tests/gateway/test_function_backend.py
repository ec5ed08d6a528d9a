"""Functions behind routes: what they are told, and what becomes of what they answer."""

from __future__ import annotations

import base64
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from tests.fakes import ScriptedFunctions
from tests.gateway.callers import Deploy, Get
from tests.gateway.documents import FUNCTION, TO_FUNCTION, TO_FUNCTION_V2, http_api, operation, rest_api

BAD_GATEWAY = (502, b'{"message":"Internal server error"}')
REST_API = rest_api({"/pets/{id}": {"x-amazon-apigateway-any-method": operation(TO_FUNCTION)}})
HTTP_API = http_api({"/pets/{id}": {"x-amazon-apigateway-any-method": operation(TO_FUNCTION_V2)}})


def test_a_rest_api_tells_the_function_in_format_1(
    deploy: Deploy,
    web: FlaskClient,
    functions: ScriptedFunctions,
) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200})
    deploy(REST_API)
    headers = {"User-Agent": "test", "X-Many": "1", "Authorization": "Bearer x"}
    web.post("/_api/api/prod/pets/a%20b/?q=1&q=2&e=", data=b'{"a": 1}', headers=headers)
    event = functions.events[0]
    context = event.pop("requestContext")
    assert event.pop("headers").items() >= {"User-Agent": "test", "X-Many": "1", "Authorization": "Bearer x"}.items()
    assert event.pop("multiValueHeaders")["X-Many"] == ["1"]
    assert event == {
        "resource": "/pets/{id}",
        "path": "/pets/a%20b/",
        "httpMethod": "POST",
        "queryStringParameters": {"q": "2", "e": ""},
        "multiValueQueryStringParameters": {"q": ["1", "2"], "e": [""]},
        "pathParameters": {"id": "a b"},
        "stageVariables": None,
        "body": '{"a": 1}',
        "isBase64Encoded": False,
    }
    assert context.keys() == {
        "accountId", "apiId", "deploymentId", "domainName", "domainPrefix", "extendedRequestId", "httpMethod",
        "identity", "path", "protocol", "requestId", "requestTime", "requestTimeEpoch", "resourceId", "resourcePath",
        "stage",
    }  # fmt: skip
    assert context["identity"] == {
        "accessKey": None, "accountId": None, "caller": None, "cognitoAuthenticationProvider": None,
        "cognitoAuthenticationType": None, "cognitoIdentityId": None, "cognitoIdentityPoolId": None,
        "principalOrgId": None, "sourceIp": "127.0.0.1", "user": None, "userAgent": "test", "userArn": None,
    }  # fmt: skip
    assert context["path"] == "/prod/pets/a%20b/"
    assert (context["domainName"], context["domainPrefix"]) == ("api.execute-api.localhost", "api")
    assert (context["requestTime"], context["requestTimeEpoch"]) == ("02/Mar/2026:12:00:00 +0000", 1772452800000)


def test_what_is_empty_is_null_in_format_1(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200})
    deploy(rest_api({"/": {"get": operation(TO_FUNCTION)}}))
    get("/")
    empty = {"queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables", "body"}
    assert {functions.events[0][name] for name in empty} == {None}


def test_an_http_api_tells_the_function_in_format_2(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200})
    deploy(HTTP_API | {"x-idp-stage-variables": {"colour": "red"}})
    headers = {"User-Agent": "test", "Cookie": "a=1; b=2", "X-Many": "1,2"}
    get("/pets/7?q=1&q=2", method="POST", data=b"hi", headers=headers)
    event = functions.events[0]
    assert (
        event.pop("requestContext").items()
        >= {
            "apiId": "api",
            "domainPrefix": "api",
            "http": {
                "method": "POST",
                "path": "/prod/pets/7",
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "test",
            },
            "routeKey": "ANY /pets/{id}",
            "stage": "prod",
            "time": "02/Mar/2026:12:00:00 +0000",
            "timeEpoch": 1772452800000,
        }.items()
    )
    assert event.pop("headers")["x-many"] == "1,2"
    assert event == {
        "version": "2.0",
        "routeKey": "ANY /pets/{id}",
        "rawPath": "/prod/pets/7",
        "rawQueryString": "q=1&q=2",
        "cookies": ["a=1", "b=2"],
        "queryStringParameters": {"q": "1,2"},
        "pathParameters": {"id": "7"},
        "stageVariables": {"colour": "red"},
        "body": "hi",
        "isBase64Encoded": False,
    }


def test_what_is_absent_is_left_out_in_format_2(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200})
    deploy(http_api({"/pets": {"get": operation(TO_FUNCTION_V2)}}))
    get("/pets")
    event = functions.events[0]
    assert not {"cookies", "queryStringParameters", "pathParameters", "stageVariables", "body"} & event.keys()
    assert event["rawQueryString"] == ""
    assert "authorizer" not in event["requestContext"]


def test_format_1_of_an_http_api_has_a_version(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200})
    deploy(http_api({"/pets": {"get": operation(TO_FUNCTION)}}))
    get("/pets")
    assert next(iter(functions.events[0].items())) == ("version", "1.0")


@pytest.mark.parametrize(("media_type", "body"), [("image/png", b"text"), ("text/plain", b"\xff\xfe")])
def test_a_binary_body_is_base64(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
    media_type: str,
    body: bytes,
) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200})
    deploy(REST_API | {"x-amazon-apigateway-binary-media-types": ["image/*"]})
    get("/pets/7", method="POST", data=body, headers={"Content-Type": media_type})
    assert functions.events[0]["body"] == base64.b64encode(body).decode()
    assert functions.events[0]["isBase64Encoded"] is True


def test_headers_of_the_connection_stay_at_the_gateway(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200})
    deploy(REST_API)
    get("/pets/7", headers={"Connection": "close", "Te": "trailers", "X-Forwarded-For": "203.0.113.9", "A": "b"})
    passed = functions.events[0]["headers"]
    assert not {"Connection", "Te", "Content-Length"} & passed.keys()
    assert passed["X-Forwarded-For"] == "203.0.113.9, 127.0.0.1"
    assert passed["X-Amzn-Trace-Id"].startswith("Root=1-69a57bc0-")


ANSWERS: list[tuple[Any, int, bytes]] = [
    ({"statusCode": 200}, 200, b""),
    ({"statusCode": "201", "body": "made"}, 201, b"made"),
    ({"headers": {"A": "b"}}, 200, b""),
    ({"statusCode": 200, "headers": None, "body": None}, 200, b""),
    ({"statusCode": 200, "body": "eA==", "isBase64Encoded": True}, 200, b"eA=="),
]


@pytest.mark.parametrize(("answered", "status", "body"), ANSWERS)
def test_a_proxy_answer_is_sent(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
    answered: Any,
    status: int,
    body: bytes,
) -> None:
    functions.on(FUNCTION, lambda event: answered)
    deploy(REST_API)
    answer = get("/pets/7")
    assert (answer.status_code, answer.data) == (status, body)
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "answered",
    [
        {"statusCode": 200, "extra": 1},
        "text",
        None,
        [1],
        {"statusCode": "test"},
        {"statusCode": 99},
        {"statusCode": True},
        {"statusCode": 200, "multiValueHeaders": {"A": "b"}},
        {"statusCode": 200, "headers": {"A": {}}},
        {"statusCode": 200, "headers": {"A": "b\r\nSet-Cookie: c=d"}},
        {"statusCode": 200, "headers": {"A: b\r\nC": "d"}},
        {"statusCode": 200, "body": {}},
    ],
)
def test_another_answer_is_a_bad_gateway(deploy: Deploy, get: Get, functions: ScriptedFunctions, answered: Any) -> None:
    functions.on(FUNCTION, lambda event: answered)
    deploy(REST_API)
    answer = get("/pets/7")
    assert (answer.status_code, answer.data) == BAD_GATEWAY
    assert answer.headers["x-amzn-ErrorType"] == "InternalServerErrorException"


def test_both_kinds_of_headers_are_merged_the_multi_valued_first(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
) -> None:
    functions.on(FUNCTION, lambda event: {"headers": {"x-a": 3, "X-B": True}, "multiValueHeaders": {"X-A": ["1", "2"]}})
    deploy(REST_API)
    answer = get("/pets/7")
    assert answer.headers.getlist("X-A") == ["1", "2", "3"]
    assert answer.headers["X-B"] == "true"


def test_headers_of_the_gateways_own_are_renamed(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(FUNCTION, lambda event: {"headers": {"Server": "mine", "WWW-Authenticate": "Basic", "Date": "now"}})
    deploy(REST_API)
    answer = get("/pets/7")
    assert answer.headers["x-amzn-Remapped-Server"] == "mine"
    assert answer.headers["x-amzn-Remapped-WWW-Authenticate"] == "Basic"
    assert answer.headers["x-amzn-Remapped-Date"] == "now"


def test_binary_is_decoded_for_a_client_that_accepts_it(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(FUNCTION, lambda event: {"body": "eA==", "isBase64Encoded": True})
    deploy(REST_API | {"x-amazon-apigateway-binary-media-types": ["image/png"]})
    assert get("/pets/7", headers={"Accept": "image/png, */*"}).data == b"x"
    assert get("/pets/7", headers={"Accept": "text/html"}).data == b"eA=="


def test_a_function_that_fails_is_a_bad_gateway(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.fail(FUNCTION, "boom")
    deploy(REST_API)
    answer = get("/pets/7")
    assert (answer.status_code, answer.data) == BAD_GATEWAY


def test_a_function_that_outlives_the_integration_is_a_time_out(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
) -> None:
    functions.fail(FUNCTION, "2026-03-02T12:00:29Z 1-2-3 Task timed out after 29.00 seconds")
    deploy(REST_API)
    answer = get("/pets/7")
    assert (answer.status_code, answer.data) == (504, b'{"message":"Endpoint request timed out"}')


def test_a_function_that_is_not_there_is_a_server_error(deploy: Deploy, get: Get) -> None:
    deploy(REST_API)
    answer = get("/pets/7")
    assert (answer.status_code, answer.data) == (500, b'{"message":"Internal server error"}')


def test_a_function_is_invoked_by_post_only(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200})
    deploy(rest_api({"/": {"get": operation({**TO_FUNCTION, "httpMethod": "GET"})}}))
    answer = get("/")
    assert (answer.status_code, answer.data) == (500, b'{"message":"Internal server error"}')


@pytest.mark.parametrize(
    ("answered", "body"),
    [("text", b"text"), ({"a": 1}, b'{"a":1}'), ([1, 2], b"[1,2]"), (3, b"3"), (None, b"null")],
)
def test_format_2_takes_any_json_for_the_body(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
    answered: Any,
    body: bytes,
) -> None:
    functions.on(FUNCTION, lambda event: answered)
    deploy(HTTP_API)
    answer = get("/pets/7")
    assert (answer.status_code, answer.data, answer.headers["Content-Type"]) == (200, body, "application/json")


def test_format_2_sets_cookies_and_decodes_the_body(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    answered = {
        "statusCode": 201,
        "headers": {"content-type": "text/plain"},
        "cookies": ["a=1", "b=2"],
        "body": "eA==",
        "isBase64Encoded": True,
    }
    functions.on(FUNCTION, lambda event: answered)
    deploy(HTTP_API)
    answer = get("/pets/7")
    assert (answer.status_code, answer.data, answer.headers["Content-Type"]) == (201, b"x", "text/plain")
    assert answer.headers.getlist("set-cookie") == ["a=1", "b=2"]


@pytest.mark.parametrize("answered", [{"statusCode": "x"}, {"statusCode": 200, "cookies": "a=1"}])
def test_an_http_api_says_internal_server_error(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
    answered: Any,
) -> None:
    functions.on(FUNCTION, lambda event: answered)
    deploy(HTTP_API)
    answer = get("/pets/7")
    assert (answer.status_code, answer.data) == (500, b'{"message":"Internal Server Error"}')


def test_operations_of_a_rest_api_have_names(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(FUNCTION, lambda event: {"body": orjson.dumps(event["requestContext"]["operationName"]).decode()})
    deploy(rest_api({"/": {"get": {**operation(TO_FUNCTION), "operationId": "GetRoot"}}}))
    assert get("/").data == b'"GetRoot"'
