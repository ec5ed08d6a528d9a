"""MOCK and mapping templates: what the gateway makes of requests and answers by itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.callers import Deploy, Get
from tests.gateway.documents import MOCK, operation, rest_api

SERVER_ERROR = (500, b'{"message":"Internal server error"}')


def mock(request: str = '{"statusCode": 200}', response: str | None = None, **settings: Any) -> dict[str, Any]:
    """Return an API with one MOCK route of these templates."""
    templates = {} if response is None else {"responseTemplates": {"application/json": response}}
    integration = {
        **MOCK,
        "requestTemplates": {"application/json": request},
        "responses": {"default": {"statusCode": 200, **templates}},
        **settings,
    }
    return rest_api({"/pets/{id}": {"x-amazon-apigateway-any-method": operation(integration)}})


@pytest.mark.parametrize("request_template", ['{"statusCode": 201}', "{statusCode: 201}", "{ 'statusCode' : 201 }"])
def test_the_request_template_chooses_the_response_by_its_status(
    deploy: Deploy,
    get: Get,
    request_template: str,
) -> None:
    responses = {"default": {"statusCode": 500}, "201": {"statusCode": 299}, "4\\d{2}": {"statusCode": 499}}
    deploy(mock(request_template, responses=responses))
    assert get("/pets/7").status_code == 299


def test_a_pattern_matches_the_whole_status(deploy: Deploy, get: Get) -> None:
    responses = {"4\\d{2}": {"statusCode": 499}, "default": {"statusCode": 200}}
    deploy(mock('{"statusCode": $input.params("status")}', responses=responses))
    assert [get(f"/pets/7?status={status}").status_code for status in (404, 200, 240)] == [499, 200, 200]


@pytest.mark.parametrize("request_template", ["", "text", '{"statusCode": "200"}', '{"status": 200}', "[200]"])
def test_a_request_template_without_a_status_is_a_server_error(deploy: Deploy, get: Get, request_template: str) -> None:
    deploy(mock(request_template))
    answer = get("/pets/7")
    assert (answer.status_code, answer.data) == SERVER_ERROR


def test_a_status_without_a_response_is_a_server_error(deploy: Deploy, get: Get) -> None:
    deploy(mock(responses={"201": {"statusCode": 201}}))
    answer = get("/pets/7")
    assert (answer.status_code, answer.data) == SERVER_ERROR


@pytest.mark.parametrize(
    ("template", "made"),
    [
        ("$input.params('id')", "7"),
        ("$input.params('q')", "1"),
        ("$input.params().querystring.q", "1"),
        ("$input.params().header.get('X-Who')", "ann"),
        ("$input.params('x-who')", "ann"),
        ("$input.params('nobody')", ""),
        ("$context.httpMethod $context.stage $context.resourcePath", "POST prod /pets/{id}"),
        ("$context.identity.sourceIp", "127.0.0.1"),
        ("$context.nothing.at.all", ""),
        ("$stageVariables.colour", "red"),
        ("$util.escapeJavaScript('a\"b')", 'a\\"b'),
        ("$util.urlEncode('a b&c')", "a+b%26c"),
        ("$util.urlDecode('a+b%26c')", "a b&c"),
        ("$util.base64Encode('x')", "eA=="),
        ("$util.base64Decode('eA==')", "x"),
        ("$util.parseJson('{\"a\": [1]}').a", "[1]"),
    ],
)
def test_a_template_knows_the_request(deploy: Deploy, get: Get, template: str, made: str) -> None:
    deploy(mock(response=template) | {"x-idp-stage-variables": {"colour": "red"}})
    assert get("/pets/7?q=1", method="POST", headers={"X-Who": "ann"}).data == made.encode()


@pytest.mark.parametrize(
    ("template", "body", "made"),
    [
        ("$input.json('$')", b'{"a": [1, 2]}', '{"a":[1,2]}'),
        ("$input.json('$.a[1]')", b'{"a": [1, "x"]}', '"x"'),
        ("$input.path('$.a')", b'{"a": {"b": [{"c": 5}], "d": true}}', '{b=[{"c":5}], d=true}'),
        ("$input.path('$.a')", b'{"a": [{"b": "c"}]}', '[{"b":"c"}]'),
        ("$input.path('$.missing')", b"{}", ""),
        ("$input.path('$').a.toUpperCase()", b'{"a": "x"}', "X"),
        ("$input.body", b'{"a": 1}', '{"a": 1}'),
        ("$input.body", b"", "{}"),
        ("#foreach($p in $input.path('$.p'))$p.n#if($foreach.hasNext),#end#end", b'{"p":[{"n":1},{"n":2}]}', "1,2"),
    ],
)
def test_a_request_template_knows_the_body(deploy: Deploy, get: Get, template: str, body: bytes, made: str) -> None:
    request_template = f'#set($context.responseOverride.header.X-Made = "" + {quoted(template)}){{"statusCode": 200}}'
    deploy(mock(request_template))
    assert get("/pets/7", method="POST", data=body).headers["X-Made"] == made


def quoted(template: str) -> str:
    """Return a template as an expression: in quotes, which are doubled within."""
    return '"' + template.replace('"', '""') + '"'


def test_a_template_may_override_status_and_headers(deploy: Deploy, get: Get) -> None:
    deploy(mock('#set($context.responseOverride.status = 444){"statusCode": 200}', ""))
    answer = get("/pets/7")
    assert (answer.status_code, answer.data) == (444, b"")


def test_response_parameters_become_headers(deploy: Deploy, get: Get) -> None:
    parameters = {
        "method.response.header.Access-Control-Allow-Origin": "'*'",
        "method.response.header.X-Stage": "context.stage",
        "method.response.header.X-Absent": "context.absent",
    }
    deploy(mock(responses={"default": {"statusCode": 200, "responseParameters": parameters}}))
    headers = get("/pets/7").headers
    assert (headers["Access-Control-Allow-Origin"], headers["X-Stage"]) == ("*", "prod")
    assert "X-Absent" not in headers


def test_a_header_cannot_be_split_in_two(deploy: Deploy, get: Get) -> None:
    deploy(mock("#set($context.responseOverride.header.X = $input.params('x')){\"statusCode\": 200}"))
    answer = get("/pets/7?x=a%0d%0aSet-Cookie:%20b=c")
    assert (answer.status_code, answer.data) == SERVER_ERROR


def test_the_accepted_type_chooses_the_response_template(deploy: Deploy, get: Get) -> None:
    templates = {"application/json": "{}", "text/html": "<p>"}
    deploy(mock(responses={"default": {"statusCode": 200, "responseTemplates": templates}}))
    html = get("/pets/7", headers={"Accept": "text/html, */*"})
    assert (html.data, html.headers["Content-Type"]) == (b"<p>", "text/html")
    assert get("/pets/7").data == b"{}"


@pytest.mark.parametrize(("behaviour", "status"), [("never", 415), ("when_no_templates", 415), ("when_no_match", 200)])
def test_a_type_without_a_template_is_passed_through_or_refused(
    deploy: Deploy,
    get: Get,
    behaviour: str,
    status: int,
) -> None:
    deploy(mock(passthroughBehavior=behaviour))
    answer = get("/pets/7", method="POST", data=b'{"statusCode": 200}', headers={"Content-Type": "text/plain"})
    assert answer.status_code == status


def test_an_unsupported_type_is_told_so(deploy: Deploy, get: Get) -> None:
    deploy(mock(passthroughBehavior="never"))
    answer = get("/pets/7", headers={"Content-Type": "text/plain"})
    assert answer.data == b'{"message":"Unsupported Media Type"}'
    assert answer.headers["x-amzn-ErrorType"] == "BadRequestException"


@pytest.mark.parametrize(
    "template", ["$input.nothing()", "$util.base64Decode('%')", "$input.json('$..x')", "$util.a()"]
)
def test_a_template_that_fails_is_a_server_error(deploy: Deploy, get: Get, template: str) -> None:
    deploy(mock(response=template))
    answer = get("/pets/7")
    assert (answer.status_code, answer.data) == SERVER_ERROR
