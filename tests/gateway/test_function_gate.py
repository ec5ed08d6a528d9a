"""Lambda authorizers: whom a function's policy lets in, and for how long its word counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes import FakeClock, ScriptedFunctions
from tests.gateway.callers import Deploy, Get
from tests.gateway.documents import (
    ACCOUNT,
    FUNCTION,
    GATEKEEPER,
    TO_FUNCTION,
    TO_FUNCTION_V2,
    allow,
    http_api,
    lambda_scheme,
    operation,
    policy,
    rest_api,
)

GET_PETS = f"arn:aws:execute-api:us-east-1:{ACCOUNT}:api/prod/GET/pets"
UNAUTHORIZED = (401, b'{"message":"Unauthorized"}')
DENIED = "User is not authorized to access this resource"


def guarded(kind: str = "token", **settings: Any) -> dict[str, Any]:
    """Return a REST API with two routes behind a Lambda authorizer."""
    guard = operation(TO_FUNCTION, "keeper")
    paths = {"/pets": {"get": guard, "post": guard}, "/pets/{id}": {"get": guard}}
    return rest_api(paths, schemes={"keeper": lambda_scheme(kind, **settings)})


def http_guarded(**settings: Any) -> dict[str, Any]:
    """Return an HTTP API with a route behind a Lambda authorizer of payload format 2.0."""
    given = {"authorizerPayloadFormatVersion": "2.0", "identitySource": "$request.header.Authorization", **settings}
    paths = {"/pets/{id}": {"get": operation(TO_FUNCTION_V2, "keeper")}}
    return http_api(paths, schemes={"keeper": lambda_scheme("request", **given)})


def lets_in(resource: str = "*", effect: str = "Allow", **members: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return a function that answers with a policy of one statement."""
    document = policy(allow(resource, effect))
    return lambda event: {"principalId": "ann", "policyDocument": document, **members}


@pytest.fixture(autouse=True)
def echo(functions: ScriptedFunctions) -> None:
    """Let the backend answer whatever it is asked."""
    functions.on(FUNCTION, lambda event: {"statusCode": 200, "body": "in"})


def asked(functions: ScriptedFunctions) -> list[dict[str, Any]]:
    """Return what the authorizer was asked."""
    return [event for event in functions.events if event.get("type") in ("TOKEN", "REQUEST")]


def test_a_token_authorizer_is_told_the_token_and_the_call(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
) -> None:
    functions.on(GATEKEEPER, lets_in(GET_PETS))
    deploy(guarded())
    assert get("/pets", "Bearer word").data == b"in"
    assert asked(functions) == [{"type": "TOKEN", "authorizationToken": "Bearer word", "methodArn": GET_PETS}]


@pytest.mark.parametrize("authorization", [None, ""])
def test_without_a_token_the_function_is_not_asked(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
    authorization: str | None,
) -> None:
    functions.on(GATEKEEPER, lets_in())
    deploy(guarded())
    answer = get("/pets", authorization)
    assert (answer.status_code, answer.data) == UNAUTHORIZED
    assert answer.headers["x-amzn-ErrorType"] == "UnauthorizedException"
    assert asked(functions) == []


def test_a_token_that_breaks_the_pattern_is_not_shown_to_the_function(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
) -> None:
    functions.on(GATEKEEPER, lets_in())
    deploy(guarded(identityValidationExpression="Bearer [a-z]+"))
    assert get("/pets", "Bearer word").status_code == 200
    answer = get("/pets", "Bearer word!")
    assert (answer.status_code, answer.data) == UNAUTHORIZED
    assert len(asked(functions)) == 1


def test_a_pattern_that_backtracks_forever_lets_nobody_in(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
) -> None:
    functions.on(GATEKEEPER, lets_in())
    deploy(guarded(identityValidationExpression="(a|aa)+b"))
    assert get("/pets", "a" * 5000).status_code == 401


def test_a_deny_is_told_as_explicit(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(GATEKEEPER, lets_in(effect="Deny"))
    deploy(guarded())
    answer = get("/pets", "word")
    assert answer.status_code == 403
    assert answer.headers["x-amzn-ErrorType"] == "AccessDeniedException"
    assert answer.data == f'{{"Message":"{DENIED} with an explicit deny in an identity-based policy"}}'.encode()


def test_a_policy_about_other_calls_denies(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(GATEKEEPER, lets_in("arn:aws:execute-api:*:*:api/prod/GET/cats"))
    deploy(guarded())
    answer = get("/pets", "word")
    assert (answer.status_code, answer.data) == (403, f'{{"Message":"{DENIED}"}}'.encode())


def test_unauthorized_is_what_the_function_says_by_failing_so(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
) -> None:
    functions.fail(GATEKEEPER, "Unauthorized")
    deploy(guarded())
    answer = get("/pets", "word")
    assert (answer.status_code, answer.data) == UNAUTHORIZED


BROKEN: list[Any] = [
    None,
    "yes",
    {},
    {"principalId": "ann"},
    {"policyDocument": policy(allow("*"))},
    {"principalId": "ann", "policyDocument": {"Statement": [{"Effect": "Perhaps"}]}},
    {"principalId": "ann", "policyDocument": policy(allow("*")), "context": {"nested": {}}},
]


@pytest.mark.parametrize("broken", BROKEN)
def test_an_answer_that_is_none_is_a_configuration_error(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
    broken: Any,
) -> None:
    functions.on(GATEKEEPER, lambda event: broken)
    deploy(guarded())
    answer = get("/pets", "word")
    assert (answer.status_code, answer.data) == (500, b'{"message":null}')
    assert answer.headers["x-amzn-ErrorType"] == "AuthorizerConfigurationException"


def test_a_function_that_fails_or_is_missing_is_a_configuration_error(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
) -> None:
    deploy(guarded())
    assert get("/pets", "word").data == b'{"message":null}'
    functions.fail(GATEKEEPER, "unauthorized")
    assert get("/pets", "word").data == b'{"message":null}'


def test_an_answer_is_kept_for_its_caller(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
    clock: FakeClock,
) -> None:
    functions.on(GATEKEEPER, lets_in())
    deploy(guarded())
    words = ["ann", "ann", "bob", "ann"]
    assert [get("/pets", word).status_code for word in words] == [200] * 4
    assert [event["authorizationToken"] for event in asked(functions)] == ["ann", "bob"]
    clock.advance(timedelta(seconds=300))
    get("/pets", "ann")
    assert len(asked(functions)) == 3


def test_a_kept_answer_is_asked_anew_for_each_call(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(GATEKEEPER, lambda event: lets_in(event["methodArn"])(event))
    deploy(guarded())
    assert get("/pets", "ann").status_code == 200
    assert get("/pets", "ann", method="POST").status_code == 403
    assert get("/pets/1", "ann").status_code == 403
    assert len(asked(functions)) == 1


def test_answers_are_not_kept_with_a_lifetime_of_zero(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(GATEKEEPER, lets_in())
    deploy(guarded(authorizerResultTtlInSeconds=0))
    get("/pets", "ann")
    get("/pets", "ann")
    assert len(asked(functions)) == 2


def test_a_new_deployment_forgets_the_answers(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(GATEKEEPER, lets_in())
    deploy(guarded())
    get("/pets", "ann")
    functions.on(GATEKEEPER, lets_in(effect="Deny"))
    deploy(guarded(authorizerResultTtlInSeconds=200))
    assert get("/pets", "ann").status_code == 403


def test_a_request_authorizer_is_told_the_whole_request(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(GATEKEEPER, lets_in())
    sources = "method.request.header.X-Who, method.request.querystring.q, context.httpMethod"
    deploy(guarded("request", identitySource=sources))
    get("/pets/7?q=1&q=2", headers={"X-Who": "ann"})
    event = asked(functions)[0]
    assert event["type"] == "REQUEST"
    assert event["methodArn"] == GET_PETS + "/7"
    assert event["headers"]["X-Who"] == "ann"
    assert event["queryStringParameters"] == {"q": "2"}
    assert event["multiValueQueryStringParameters"] == {"q": ["1", "2"]}
    assert event["pathParameters"] == {"id": "7"}
    assert event["stageVariables"] == {}
    assert (event["resource"], event["path"], event["httpMethod"]) == ("/pets/{id}", "/pets/7", "GET")
    assert event["requestContext"]["path"] == "/prod/pets/7"
    assert not {"body", "isBase64Encoded"} & event.keys()


@pytest.mark.parametrize("query", ["", "?q=", "?Q=1"])
def test_a_missing_or_empty_source_is_unauthorized(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
    query: str,
) -> None:
    functions.on(GATEKEEPER, lets_in())
    deploy(guarded("request", identitySource="method.request.header.X-Who,method.request.querystring.q"))
    answer = get("/pets" + query, headers={"X-Who": "ann"})
    assert (answer.status_code, answer.data) == UNAUTHORIZED
    assert asked(functions) == []


def test_a_request_authorizer_that_keeps_nothing_needs_no_source(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
) -> None:
    functions.on(GATEKEEPER, lets_in())
    deploy(guarded("request", authorizerResultTtlInSeconds=0))
    assert get("/pets").data == b"in"


def test_values_of_several_sources_do_not_run_into_one_another(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
) -> None:
    functions.on(GATEKEEPER, lets_in())
    deploy(guarded("request", identitySource="method.request.querystring.a,method.request.querystring.b"))
    get("/pets?a=xy&b=z")
    get("/pets?a=x&b=yz")
    assert len(asked(functions)) == 2


def test_the_backend_learns_the_context_as_texts(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(GATEKEEPER, lets_in(context={"plan": "gold", "age": 7, "vip": True}))
    deploy(guarded())
    get("/pets", "word")
    told = functions.events[-1]["requestContext"]["authorizer"]
    assert {"plan": "gold", "age": "7", "vip": "true", "principalId": "ann"}.items() <= told.items()
    assert isinstance(told["integrationLatency"], int)


def test_conditions_of_the_functions_policy_count(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    condition = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    document = policy(allow("*", Condition=condition))
    functions.on(GATEKEEPER, lambda event: {"principalId": "ann", "policyDocument": document})
    deploy(guarded())
    assert get("/pets", "word").status_code == 403
    assert get("/pets", "word", environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 200


def test_a_deny_of_the_apis_policy_comes_before_the_function(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
) -> None:
    functions.on(GATEKEEPER, lets_in())
    denied = policy(allow("execute-api:/prod/GET/pets", "Deny", Principal="*"))
    deploy(guarded() | {"x-amazon-apigateway-policy": denied})
    answer = get("/pets", "word")
    assert b"with an explicit deny in a resource-based policy" in answer.data
    assert asked(functions) == []


def test_the_apis_policy_may_allow_what_the_function_does_not_mention(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
) -> None:
    functions.on(GATEKEEPER, lets_in("arn:aws:execute-api:*:*:other/*"))
    allowed = policy(allow("execute-api:/prod/GET/pets", Principal="*"))
    deploy(guarded() | {"x-amazon-apigateway-policy": allowed})
    assert get("/pets", "word").status_code == 200
    assert get("/pets/7", "word").status_code == 403


def test_an_http_api_takes_a_simple_answer(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(GATEKEEPER, lambda event: {"isAuthorized": event["identitySource"] == ["word"], "context": {"a": [1]}})
    deploy(http_guarded(enableSimpleResponses=True))
    assert get("/pets/7", "word").status_code == 200
    assert functions.events[-1]["requestContext"]["authorizer"] == {"lambda": {"a": [1]}}
    answer = get("/pets/7", "guess")
    assert (answer.status_code, answer.data) == (403, b'{"message":"Forbidden"}')


def test_an_http_api_tells_the_function_in_format_2(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
) -> None:
    functions.on(GATEKEEPER, lets_in())
    deploy(http_guarded())
    get("/pets/7?q=1&q=2", headers={"Authorization": "word", "Cookie": "a=1; b=2"})
    event = asked(functions)[0]
    assert event["version"] == "2.0"
    assert event["routeArn"] == GET_PETS + "/7"
    assert (event["routeKey"], event["rawPath"], event["rawQueryString"]) == (
        "GET /pets/{id}",
        "/prod/pets/7",
        "q=1&q=2",
    )
    assert event["cookies"] == ["a=1", "b=2"]
    assert event["pathParameters"] == {"id": "7"}
    assert event["requestContext"]["http"]["method"] == "GET"


def test_an_http_api_fails_in_its_own_words(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    deploy(http_guarded())
    missing = get("/pets/7")
    assert (missing.status_code, missing.data) == UNAUTHORIZED
    broken = get("/pets/7", "word")
    assert (broken.status_code, broken.data) == (500, b'{"message":"Internal Server Error"}')


def test_an_http_api_keeps_no_answers_unless_told_to(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(GATEKEEPER, lets_in())
    deploy(http_guarded())
    get("/pets/7", "word")
    get("/pets/7", "word")
    assert len(asked(functions)) == 2


def test_format_1_of_an_http_api_carries_the_identity(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(GATEKEEPER, lets_in())
    deploy(http_guarded(authorizerPayloadFormatVersion="1.0"))
    get("/pets/7", "word")
    event = asked(functions)[0]
    assert (event["version"], event["identitySource"], event["authorizationToken"]) == ("1.0", "word", "word")
    assert event["methodArn"] == GET_PETS + "/7"
