"""Refusals in the words of the API's owner, and CORS for those of HTTP APIs; what `idp dev` adds for learners."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from idp.app import mount_faces
from idp.gateway.refusals import HTTP, REST, Refusal
from idp.services import Services
from tests.fakes import ScriptedFunctions
from tests.gateway.callers import Caller, Deploy, Get
from tests.gateway.documents import FUNCTION, TO_FUNCTION_V2, http_api, jwt_scheme, operation, rest_api

SIGNED = {"/pets/{id}": {"get": operation(guard="signature")}}
ORIGIN = "https://app.example"


def with_response(type_: str, **response: Any) -> dict[str, Any]:
    """Return an API whose owner words one type of refusal."""
    return rest_api(SIGNED) | {"x-amazon-apigateway-gateway-responses": {type_: response}}


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_has_its_words_in_both_kinds_of_api(refusal: Refusal) -> None:
    assert refusal in REST
    assert refusal in HTTP


@pytest.mark.parametrize("type_", ["MISSING_AUTHENTICATION_TOKEN", "DEFAULT_4XX"])
def test_the_owner_words_a_type_or_all_of_its_class(deploy: Deploy, get: Get, type_: str) -> None:
    template = '{"error": $context.error.messageString, "type": "$context.error.responseType", "at": "$context.stage"}'
    deploy(with_response(type_, statusCode=404, responseTemplates={"application/json": template}))
    answer = get("/pets/7")
    assert answer.status_code == 404
    assert answer.json == {
        "error": "Missing Authentication Token",
        "type": "MISSING_AUTHENTICATION_TOKEN",
        "at": "prod",
    }


def test_what_the_owner_does_not_word_stays(deploy: Deploy, get: Get) -> None:
    parameters = {
        "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
        "gatewayresponse.header.X-Who": "method.request.header.Who",
        "gatewayresponse.header.X-Id": "method.request.path.id",
        "gatewayresponse.header.X-Colour": "stageVariables.colour",
    }
    document = with_response("DEFAULT_4XX", responseParameters=parameters)
    deploy(document | {"x-idp-stage-variables": {"colour": "red"}})
    answer = get("/pets/7", headers={"Who": "ann"})
    assert (answer.status_code, answer.data) == (403, b'{"message":"Missing Authentication Token"}')
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Who"] == "ann"
    assert answer.headers["X-Id"] == "7"
    assert answer.headers["X-Colour"] == "red"


def test_a_response_repeats_no_query_of_too_many_fields(deploy: Deploy, get: Get) -> None:
    deploy(
        with_response("DEFAULT_4XX", responseParameters={"gatewayresponse.header.X-Q": "method.request.querystring.q"})
    )
    assert get("/pets/7?q=1").headers["X-Q"] == "1"
    answer = get("/pets/7?q=1" + "&a" * 1001)
    assert (answer.status_code, answer.headers["X-Q"]) == (403, "")


def test_other_types_stay_as_they_are(deploy: Deploy, get: Get) -> None:
    deploy(with_response("UNAUTHORIZED", statusCode=418))
    assert get("/pets/7").status_code == 403


CORS = {
    "allowOrigins": [ORIGIN],
    "allowMethods": ["GET", "POST"],
    "allowHeaders": ["authorization"],
    "exposeHeaders": ["x-a"],
    "maxAge": 60,
    "allowCredentials": True,
}
PREFLIGHT = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}


def shared(**cors: Any) -> dict[str, Any]:
    """Return an HTTP API with CORS, and one route behind a JWT authorizer."""
    paths = {"/open": {"get": operation(TO_FUNCTION_V2)}, "/closed": {"get": operation(TO_FUNCTION_V2, "people")}}
    document = http_api(paths, schemes={"people": jwt_scheme("https://issuer.example", "client")})
    return document | {"x-amazon-apigateway-cors": {**CORS, **cors}}


def test_a_preflight_is_answered_by_the_gateway(deploy: Deploy, get: Get) -> None:
    deploy(shared())
    answer = get("/closed", method="OPTIONS", headers=PREFLIGHT)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Access-Control-Allow-Methods"] == "GET,POST"
    assert answer.headers["Access-Control-Allow-Headers"] == "authorization"
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert answer.headers["Access-Control-Max-Age"] == "60"


def test_another_origin_is_allowed_nothing(deploy: Deploy, get: Get) -> None:
    deploy(shared())
    answer = get("/closed", method="OPTIONS", headers={**PREFLIGHT, "Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_answers_and_refusals_carry_the_apis_headers_not_the_backends(
    deploy: Deploy,
    get: Get,
    functions: ScriptedFunctions,
) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200, "headers": {"access-control-allow-origin": "https://b"}})
    deploy(shared())
    answer = get("/open", headers={"Origin": ORIGIN})
    assert answer.headers.getlist("Access-Control-Allow-Origin") == [ORIGIN]
    assert answer.headers["Access-Control-Expose-Headers"] == "x-a"
    assert get("/closed", headers={"Origin": ORIGIN}).headers["Access-Control-Allow-Origin"] == ORIGIN


def test_any_origin_is_a_star(deploy: Deploy, get: Get, functions: ScriptedFunctions) -> None:
    functions.on(FUNCTION, lambda event: {"statusCode": 200})
    deploy(shared(allowOrigins=["*"], allowCredentials=False))
    assert get("/open", headers={"Origin": ORIGIN}).headers["Access-Control-Allow-Origin"] == "*"


def test_a_refusal_explains_itself_in_dev_only(deploy: Deploy, services: Services) -> None:
    deploy(rest_api(SIGNED))
    path = "/_api/api/prod/pets/7"
    explained = mount_faces(services).test_client().get(path)
    assert explained.headers["x-idp-explain"].startswith("The route wants a request signed by Signature Version 4")
    silent = (
        mount_faces(replace(services, settings=replace(services.settings, dev_doors=False))).test_client().get(path)
    )
    assert "x-idp-explain" not in silent.headers
    assert silent.data == explained.data


def test_an_explanation_names_the_statement_that_refused(deploy: Deploy, caller: Caller) -> None:
    deploy(rest_api(SIGNED))
    caller.may({"Sid": "NoPets", "Effect": "Deny", "Action": "execute-api:*", "Resource": "*"})
    why = caller.get("/pets/7").headers["x-idp-explain"]
    assert "identity-based policy may (Deny) applies" in why
    assert "\n" not in why


def test_an_explanation_cannot_carry_a_header_of_the_callers(deploy: Deploy, get: Get) -> None:
    deploy(rest_api(SIGNED))
    answer = get("/a%0d%0aX-Evil:%201/%C3%A9")
    assert answer.status_code == 403
    assert "X-Evil" not in answer.headers
