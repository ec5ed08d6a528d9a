"""Web servers behind routes: what they are sent, and what becomes of their answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.callers import Caller, Deploy, Get
from tests.gateway.documents import http_api, operation, rest_api
from tests.gateway.web_server import WebServer


def proxied(url: str, path: str = "/{proxy+}", guard: str | None = None, **settings: Any) -> dict[str, Any]:
    """Return an API with one HTTP_PROXY route."""
    integration = {"type": "http_proxy", "httpMethod": "ANY", "uri": url, **settings}
    return rest_api({path: {"x-amazon-apigateway-any-method": operation(integration, guard)}})


def test_a_request_is_passed_on_as_it_came(deploy: Deploy, get: Get, backend: WebServer) -> None:
    backend.answers["/v1/a%20b/c?q=1&q=2"] = b"hello"
    deploy(proxied(backend.url + "/v1/{proxy}"))
    answer = get("/a%20b/c?q=1&q=2", method="POST", data=b"body", headers={"X-Who": "ann", "User-Agent": "test"})
    assert (answer.status_code, answer.data) == (200, b"hello")
    sent = backend.requests[0]
    assert (sent.method, sent.body) == ("POST", b"body")
    assert sent.headers["x-who"] == "ann"
    assert sent.headers["user-agent"] == "test"
    assert sent.headers["host"] == backend.url.removeprefix("http://")
    assert sent.headers["x-amzn-apigateway-api-id"] == "api"
    assert sent.headers["x-forwarded-for"] == "127.0.0.1"


def test_an_answer_is_passed_back_as_it_came(deploy: Deploy, get: Get, backend: WebServer) -> None:
    backend.answers["/missing"] = b"gone"
    backend.status = 410
    backend.headers = {"X-A": "b", "WWW-Authenticate": "Basic"}
    deploy(proxied(backend.url + "/{proxy}"))
    answer = get("/missing")
    assert (answer.status_code, answer.data) == (410, b"gone")
    assert answer.headers["X-A"] == "b"
    assert answer.headers["x-amzn-Remapped-WWW-Authenticate"] == "Basic"
    assert answer.headers["x-amzn-Remapped-Content-Length"] == "4"
    assert answer.headers["x-amzn-Remapped-Server"].startswith("BaseHTTP")


def test_a_redirect_is_the_clients_to_follow(deploy: Deploy, get: Get, backend: WebServer) -> None:
    backend.answers["/old"] = b""
    backend.status = 302
    backend.headers = {"Location": "/new"}
    deploy(proxied(backend.url + "/{proxy}"))
    assert get("/old").status_code == 302
    assert len(backend.requests) == 1


def test_a_signature_stays_at_the_gateway(deploy: Deploy, caller: Caller, backend: WebServer) -> None:
    backend.answers["/pets"] = b"pets"
    deploy(proxied(backend.url + "/{proxy}", guard="signature"))
    assert caller.but(key="unknown").get("/pets").status == 200
    assert "authorization" not in backend.requests[0].headers


def test_another_authorization_is_passed_on(deploy: Deploy, get: Get, backend: WebServer) -> None:
    backend.answers["/pets"] = b"pets"
    deploy(proxied(backend.url + "/{proxy}"))
    get("/pets", "Bearer x")
    assert backend.requests[0].headers["authorization"] == "Bearer x"


@pytest.mark.parametrize("path", ["/..%2fadmin", "/a%2f..%2f..%2fadmin"])
def test_a_path_parameter_cannot_climb_out_of_its_place(
    deploy: Deploy,
    get: Get,
    backend: WebServer,
    path: str,
) -> None:
    deploy(proxied(backend.url + "/public/{proxy}"))
    assert get(path).status_code == 400
    assert backend.requests == []


def test_a_path_parameter_cannot_begin_a_query(deploy: Deploy, get: Get, backend: WebServer) -> None:
    backend.answers["/pets/a%3Fadmin%3D1%23"] = b"pets"
    deploy(proxied(backend.url + "/pets/{id}", "/pets/{id}"))
    assert get("/pets/a%3Fadmin=1%23").data == b"pets"


def test_mapped_parameters_are_added(deploy: Deploy, get: Get, backend: WebServer) -> None:
    backend.answers["/v1/7?q=1&stage=prod"] = b"pets"
    parameters = {
        "integration.request.path.number": "method.request.path.id",
        "integration.request.querystring.stage": "context.stage",
        "integration.request.header.X-From": "'gateway'",
    }
    deploy(proxied(backend.url + "/v1/{number}", "/pets/{id}", requestParameters=parameters))
    assert get("/pets/7?q=1").data == b"pets"
    assert backend.requests[0].headers["x-from"] == "gateway"


def test_a_server_that_does_not_listen_is_a_network_error(deploy: Deploy, get: Get) -> None:
    deploy(proxied("http://127.0.0.1:1/{proxy}"))
    answer = get("/pets")
    assert (answer.status_code, answer.data) == (504, b'{"message":"Network error communicating with endpoint"}')


def test_a_server_that_is_too_slow_is_a_time_out(deploy: Deploy, get: Get, backend: WebServer) -> None:
    backend.delay_s = 0.5
    backend.answers["/pets"] = b"late"
    deploy(proxied(backend.url + "/{proxy}", timeoutInMillis=50))
    answer = get("/pets")
    assert (answer.status_code, answer.data) == (504, b'{"message":"Endpoint request timed out"}')


def test_an_http_api_says_service_unavailable(deploy: Deploy, get: Get) -> None:
    integration = {"type": "http_proxy", "httpMethod": "GET", "uri": "http://127.0.0.1:1/"}
    deploy(http_api({"/pets": {"get": operation(integration)}}))
    answer = get("/pets")
    assert (answer.status_code, answer.data) == (503, b'{"message":"Service Unavailable"}')


def mapped(url: str, **settings: Any) -> dict[str, Any]:
    """Return an API with one HTTP route that is no proxy."""
    integration = {
        "type": "http",
        "httpMethod": "POST",
        "uri": url,
        "responses": {"default": {"statusCode": 200}},
        **settings,
    }
    return rest_api({"/pets": {"x-amazon-apigateway-any-method": operation(integration)}})


def test_without_a_proxy_only_what_is_mapped_is_sent(deploy: Deploy, get: Get, backend: WebServer) -> None:
    backend.answers["/v1"] = b"pets"
    template = {"application/json": '{"who": "$input.params(\'who\')"}'}
    deploy(mapped(backend.url + "/v1", requestTemplates=template))
    assert get("/pets?who=ann", headers={"X-Secret": "x", "User-Agent": "test"}).data == b"pets"
    sent = backend.requests[0]
    assert (sent.method, sent.path, sent.body) == ("POST", "/v1", b'{"who": "ann"}')
    assert sent.headers["user-agent"] == "AmazonAPIGateway_api"
    assert "x-secret" not in sent.headers


def test_without_a_proxy_the_status_is_the_responses(deploy: Deploy, get: Get, backend: WebServer) -> None:
    backend.answers["/v1"] = b'{"a": {"b": 1}}'
    backend.status = 400
    deploy(mapped(backend.url + "/v1"))
    assert get("/pets").status_code == 200
    parameters = {"method.response.header.X-B": "integration.response.body.a.b"}
    responses = {"4\\d\\d": {"statusCode": 422, "responseParameters": parameters}, "default": {"statusCode": 200}}
    deploy(mapped(backend.url + "/v1", responses=responses))
    answer = get("/pets")
    assert (answer.status_code, answer.headers["X-B"]) == (422, "1")
