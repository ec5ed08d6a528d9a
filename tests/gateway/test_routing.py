"""Which route a request finds, and what is said when it finds none."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.fakes import ScriptedFunctions
from tests.gateway.callers import Deploy, Get
from tests.gateway.documents import FUNCTION, MOCK, TO_FUNCTION, TO_FUNCTION_V2, http_api, operation, rest_api

NO_ROUTE = b'{"message":"Missing Authentication Token"}'


def named(name: str) -> dict[str, Any]:
    """Return an operation that answers with a name."""
    responses = {"default": {"statusCode": 200, "responseTemplates": {"application/json": name}}}
    return operation({**MOCK, "responses": responses})


def test_a_route_answers_with_the_headers_of_a_rest_api(deploy: Deploy, get: Get) -> None:
    deploy(rest_api({"/pets": {"get": operation()}}))
    answer = get("/pets")
    assert (answer.status_code, answer.data) == (200, b'{"ok": true}')
    assert answer.headers["Content-Type"] == "application/json"
    assert len(answer.headers["x-amzn-RequestId"]) == 36
    assert len(answer.headers["x-amz-apigw-id"]) == 16


@pytest.mark.parametrize(("method", "path"), [("GET", "/cats"), ("POST", "/pets"), ("GET", "/"), ("HEAD", "/pets")])
def test_an_unknown_path_and_a_wrong_method_are_a_missing_token_in_a_rest_api(
    deploy: Deploy, get: Get, method: str, path: str
) -> None:
    deploy(rest_api({"/pets": {"get": operation()}}))
    answer = get(path, method=method)
    assert answer.status_code == 403
    assert answer.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"
    assert answer.data == (b"" if method == "HEAD" else NO_ROUTE)


@pytest.mark.parametrize(("method", "path"), [("GET", "/cats"), ("POST", "/pets"), ("GET", "/pets/")])
def test_an_unknown_route_is_not_found_in_an_http_api(deploy: Deploy, get: Get, method: str, path: str) -> None:
    deploy(http_api({"/pets": {"get": operation(TO_FUNCTION_V2)}}))
    answer = get(path, method=method)
    assert (answer.status_code, answer.data) == (404, b'{"message":"Not Found"}')
    assert "apigw-requestid" in answer.headers
    assert "x-amzn-ErrorType" not in answer.headers


def test_an_unknown_stage_of_a_rest_api_is_forbidden(deploy: Deploy, web: FlaskClient) -> None:
    deploy(rest_api({"/pets": {"get": operation()}}))
    answer = web.get("/_api/api/test/pets")
    assert (answer.status_code, answer.data) == (403, b'{"message":"Forbidden"}')
    assert answer.headers["x-amzn-ErrorType"] == "ForbiddenException"


def test_an_unknown_api_is_forbidden(web: FlaskClient) -> None:
    answer = web.get("/_api/nobody/prod/pets")
    assert (answer.status_code, answer.data) == (403, b'{"message":"Forbidden"}')


@pytest.mark.parametrize("host", ["api.execute-api.localhost:9229", "API.execute-api.us-east-1.example.com"])
def test_an_api_answers_to_its_own_host_too(deploy: Deploy, web: FlaskClient, host: str) -> None:
    deploy(rest_api({"/": {"get": named("root")}}))
    assert web.get("/prod", headers={"Host": host}).data == b"root"


def test_slashes_before_the_stage_may_be_doubled(deploy: Deploy, web: FlaskClient) -> None:
    deploy(rest_api({"/": {"get": named("root")}}))
    assert web.get("/_api/api//prod/").data == b"root"


def test_other_hosts_and_paths_are_not_the_gateways(web: FlaskClient) -> None:
    assert web.get("/healthz", headers={"Host": "execute-api.localhost"}).status_code == 200


PATHS = {
    "/pets": {"get": named("fixed"), "x-amazon-apigateway-any-method": named("any")},
    "/pets/{id}": {"get": named("variable")},
    "/pets/mine": {"get": named("mine")},
    "/pets/mine/{id}": {"get": named("below")},
    "/{proxy+}": {"x-amazon-apigateway-any-method": named("greedy")},
}


@pytest.mark.parametrize(
    ("method", "path", "found"),
    [
        ("GET", "/pets", "fixed"),
        ("GET", "/pets/", "fixed"),
        ("PATCH", "/pets", "any"),
        ("GET", "/pets/7", "variable"),
        ("GET", "/pets/mine", "mine"),
        ("GET", "/p%65ts/mine", "mine"),
        ("GET", "/pets/mine/7", "below"),
        ("GET", "/pets/7/toys", "greedy"),
        ("GET", "/a//b", "greedy"),
        ("DELETE", "/anything/at/all", "greedy"),
    ],
)
def test_a_fixed_segment_wins_over_a_variable_and_that_over_the_rest(
    deploy: Deploy, get: Get, method: str, path: str, found: str
) -> None:
    deploy(rest_api(PATHS))
    assert get(path, method=method).data == found.encode()


def test_a_path_without_the_method_does_not_fall_back_to_the_rest_of_a_rest_api(deploy: Deploy, get: Get) -> None:
    deploy(rest_api(PATHS))
    assert get("/pets/mine", method="POST").data == NO_ROUTE


def test_a_path_without_the_method_falls_back_in_an_http_api(
    deploy: Deploy, get: Get, functions: ScriptedFunctions
) -> None:
    functions.on(FUNCTION, lambda event: event["routeKey"])
    paths = {
        "/pets": {"get": operation(TO_FUNCTION_V2)},
        "/{proxy+}": {"post": operation(TO_FUNCTION_V2)},
        "$default": {"x-amazon-apigateway-any-method": operation(TO_FUNCTION_V2)},
    }
    deploy(http_api(paths))
    assert get("/pets").data == b"GET /pets"
    assert get("/pets", method="POST").data == b"POST /{proxy+}"
    assert get("/pets", method="PUT").data == b"$default"


@pytest.mark.parametrize("path", ["/pets/../admin", "/pets/%2e%2e/admin", "/./pets"])
def test_dot_segments_find_no_route(deploy: Deploy, get: Get, path: str) -> None:
    deploy(rest_api({"/{proxy+}": {"get": operation()}}))
    assert get(path).data == NO_ROUTE


def test_a_header_overrides_the_method_of_a_rest_api(deploy: Deploy, get: Get) -> None:
    deploy(rest_api({"/pets": {"delete": named("deleted")}}))
    assert get("/pets", method="POST", headers={"X-HTTP-Method-Override": "DELETE"}).data == b"deleted"


def test_the_default_stage_of_an_http_api_has_no_segment(
    deploy: Deploy, web: FlaskClient, functions: ScriptedFunctions
) -> None:
    functions.on(FUNCTION, lambda event: event["rawPath"])
    deploy(http_api({"/pets": {"get": operation(TO_FUNCTION_V2)}}), stage="$default")
    assert web.get("/pets", headers={"Host": "api.execute-api.localhost"}).data == b"/pets"
    assert web.get("/_api/api/pets").data == b"/pets"
    assert web.get("/_api/api/$default/pets").data == b"/pets"


def test_a_new_deployment_is_seen_at_once(deploy: Deploy, get: Get) -> None:
    deploy(rest_api({"/pets": {"get": named("old")}}))
    assert get("/pets").data == b"old"
    deploy(rest_api({"/pets": {"get": named("new")}}))
    assert get("/pets").data == b"new"


def test_a_body_over_ten_megabytes_is_refused(deploy: Deploy, get: Get) -> None:
    deploy(rest_api({"/pets": {"post": operation(TO_FUNCTION)}}))
    answer = get("/pets", method="POST", data=b"x" * (10 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.data) == (413, b'{"message":"Request Too Long"}')


def test_a_query_of_thousands_of_fields_is_refused(deploy: Deploy, get: Get) -> None:
    deploy(rest_api({"/pets": {"get": operation(TO_FUNCTION)}}))
    assert get("/pets?" + "a&" * 2000).status_code == 400


def test_a_failure_of_the_gateway_itself_says_nothing(
    deploy: Deploy, get: Get, functions: ScriptedFunctions, caplog: pytest.LogCaptureFixture
) -> None:
    functions.on(FUNCTION, lambda event: 1 / 0)
    deploy(rest_api({"/pets": {"get": operation(TO_FUNCTION)}}))
    answer = get("/pets")
    assert (answer.status_code, answer.data) == (500, b'{"message":"Internal server error"}')
    assert "ZeroDivisionError" in caplog.text
