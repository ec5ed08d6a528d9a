"""Parameter mapping: what integrations change of requests and answers, in REST APIs and in HTTP APIs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes import ScriptedFunctions
from tests.gateway.callers import Deploy, Get
from tests.gateway.documents import FUNCTION, TO_FUNCTION, TO_FUNCTION_V2, http_api, operation, rest_api
from tests.gateway.web_server import WebServer


def rest(**parameters: str) -> dict[str, Any]:
    """Return a REST API with a function whose requestParameters are `integration.request.…`."""
    mapped = {f"integration.request.{name}": source for name, source in parameters.items()}
    integration = {**TO_FUNCTION, "requestParameters": mapped}
    return rest_api({"/pets/{id}": {"x-amazon-apigateway-any-method": operation(integration)}})


def http(changes: dict[str, str], answers: dict[str, dict[str, str]] | None = None, **given: Any) -> dict[str, Any]:
    """Return an HTTP API whose integration changes requests and, by status, answers."""
    integration = {**TO_FUNCTION_V2, "requestParameters": changes, "responseParameters": answers or {}, **given}
    return http_api({"/pets/{id}": {"x-amazon-apigateway-any-method": operation(integration)}})


def proxied(url: str, changes: dict[str, str], answers: dict[str, dict[str, str]] | None = None) -> dict[str, Any]:
    """Return the same before a web server."""
    return http(changes, answers, type="http_proxy", httpMethod="ANY", uri=url, payloadFormatVersion="1.0")


def test_mapped_values_replace_the_clients_in_a_rest_apis_event(
    deploy: Deploy, get: Get, functions: ScriptedFunctions
) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200})
    deploy(
        rest(
            **{
                "header.headerVar": "method.request.header.Foobar",
                "header.foobar": "'mapped-value'",
                "querystring.q": "method.request.path.id",
                "path.id": "context.stage",
            }
        )
    )
    get("/pets/7?q=1&q=2&r=3", headers={"Foobar": "request-value"})
    event = functions.events[0]
    assert event["headers"].items() >= {"headerVar": "request-value", "foobar": "mapped-value"}.items()
    assert "Foobar" not in event["headers"]
    assert event["multiValueHeaders"]["foobar"] == ["mapped-value"]
    assert event["queryStringParameters"] == {"q": "7", "r": "3"}
    assert event["multiValueQueryStringParameters"] == {"q": ["7"], "r": ["3"]}
    assert event["pathParameters"] == {"id": "prod"}


def test_a_mapping_of_what_is_not_there_changes_nothing(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200})
    deploy(rest(**{"header.X-A": "method.request.header.Absent"}))
    get("/pets/7", headers={"X-A": "b"})
    assert functions.events[0]["headers"]["X-A"] == "b"


@pytest.mark.parametrize("name", ["Content-Length", "Transfer-Encoding", "X-Amzn-Trace-Id", "Authorization", "Te"])
def test_a_header_of_the_gateways_own_cannot_be_mapped(
    deploy: Deploy, get: Get, functions: ScriptedFunctions, name: str
) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200})
    deploy(rest(**{f"header.{name}": "'1'"}))
    answer = get("/pets/7")
    assert (answer.status_code, answer.data) == (500, b'{"message":"Internal server error"}')
    assert answer.headers["x-amzn-ErrorType"] == "InternalServerErrorException"
    assert functions.events == []


def test_a_web_server_may_be_given_an_authorization(deploy: Deploy, get: Get, backend: WebServer) -> None:
    backend.answers["/"] = b"pets"
    mapped = {"integration.request.header.Authorization": "'Basic x'"}
    integration = {"type": "http_proxy", "httpMethod": "GET", "uri": f"{backend.url}/", "requestParameters": mapped}
    deploy(rest_api({"/": {"get": operation(integration)}}))
    assert get("/").data == b"pets"
    assert backend.requests[0].headers["authorization"] == "Basic x"


CHANGES = {
    "append:header.x-many": "$request.header.x-more",
    "overwrite:header.X-Who": "${request.path.id} of ${stageVariables.colour}",
    "remove:header.x-secret": "''",
    "append:querystring.q": "$request.body.a.b",
    "overwrite:querystring.r": "$context.stage",
    "remove:querystring.s": "''",
    "append:header.x-absent": "$request.header.absent",
    "append:header.x-all": "$request.querystring.q",
}


def test_an_http_api_changes_what_the_function_is_told(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200})
    deploy(http(CHANGES) | {"x-idp-stage-variables": {"colour": "red"}})
    headers = {"X-Many": "1", "X-More": "2", "X-Who": "eve", "X-Secret": "x"}
    get("/pets/7?q=1&q=2&r=3&s=4", method="POST", data=b'{"a": {"b": 5}}', headers=headers)
    event = functions.events[0]
    told = event["headers"]
    assert (told["x-many"], told["x-who"], told["x-all"]) == ("1,2", "7 of red", "1,2")
    assert not {"x-secret", "x-absent"} & told.keys()
    assert event["queryStringParameters"] == {"q": "1,2,5", "r": "prod"}
    assert event["rawQueryString"] == "q=1&q=2&q=5&r=prod"


def test_an_http_api_changes_what_a_web_server_is_sent(deploy: Deploy, get: Get, backend: WebServer) -> None:
    backend.answers["/v2/prod/7/pets/7?q=1&r=a+b"] = b"pets"
    changes = {
        "overwrite:path": "/v2/${context.stage}/${request.path.id}${request.path}",
        "append:querystring.r": "a b",
        "overwrite:header.x-who": "ann",
    }
    deploy(proxied(f"{backend.url}/v1/{{id}}", changes))
    assert get("/pets/7?q=1", headers={"X-Who": "eve"}).data == b"pets"
    assert backend.requests[0].headers["x-who"] == "ann"


@pytest.mark.parametrize("path", ["/pets/..%2f..%2fadmin", "/pets/..%2fadmin"])
def test_an_overwritten_path_cannot_climb(deploy: Deploy, get: Get, backend: WebServer, path: str) -> None:
    deploy(proxied(backend.url, {"overwrite:path": "/public/${request.path.id}"}))
    assert get(path).status_code == 400
    assert backend.requests == []


def test_a_header_with_a_line_end_is_not_sent(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200})
    deploy(http({"append:header.x-a": "$request.path.id"}))
    assert get("/pets/a%0d%0ab").status_code == 500
    assert functions.events == []


ANSWERS = {
    "500": {"overwrite:statuscode": "403", "append:header.x-stage": "$context.stage"},
    "200": {
        "overwrite:header.x-a": "${response.header.x-b}!",
        "remove:header.x-b": "''",
        "append:header.x-c": "$response.body.a",
        "append:header.x-id": "$request.path.id",
    },
}


@pytest.mark.parametrize(("status", "wanted"), [(500, 403), (404, 404)])
def test_an_http_api_changes_the_status_of_an_answer(
    deploy: Deploy, get: Get, backend: WebServer, status: int, wanted: int
) -> None:
    backend.answers["/"] = b"pets"
    backend.status = status
    deploy(proxied(f"{backend.url}/", {}, ANSWERS))
    assert get("/pets/7").status_code == wanted


def test_an_http_api_changes_the_headers_of_an_answer(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200, "headers": {"X-A": "1", "X-B": "2"}, "body": '{"a": 3}'})
    deploy(http({"overwrite:path": "/elsewhere"}, ANSWERS))
    answer = get("/pets/7")
    assert (answer.headers["x-a"], answer.headers["x-c"], answer.headers["x-id"]) == ("2!", "3", "7")
    assert "x-b" not in answer.headers
    assert functions.events[0]["rawPath"] == "/prod/elsewhere"
