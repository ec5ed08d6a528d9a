"""APIs out of OpenAPI documents: what they mean, and what is refused at deployment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from idp.domain.openapi import MalformedApi, parse_api
from idp.domain.openapi.api import api_kind
from idp.domain.rest_api import ApiDefinition, LambdaAuthorizer
from tests.gateway.documents import (
    FUNCTION,
    GATEKEEPER,
    MOCK,
    TO_FUNCTION,
    TO_FUNCTION_V2,
    allow,
    cognito_scheme,
    http_api,
    jwt_scheme,
    lambda_scheme,
    operation,
    policy,
    rest_api,
)

ARN = "arn:aws:execute-api:us-east-1:000000000000:api"


def parsed(document: dict[str, Any], stage: str = "prod") -> ApiDefinition:
    return parse_api(document, stage=stage, arn=ARN)


def without_kind(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "x-idp-api-type"}


JWT = {"people": jwt_scheme("https://issuer.example", "client")}


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (rest_api({"/": {"get": operation()}}), "REST"),
        (rest_api({"/": {"get": operation()}}, schemes={"people": cognito_scheme("us-east-1_x")}), "REST"),
        (http_api({"/": {"get": operation(TO_FUNCTION)}}, schemes=JWT), "HTTP"),
        (http_api({"/": {"get": operation(TO_FUNCTION_V2)}}), "HTTP"),
        (http_api({"/": {"get": operation(TO_FUNCTION)}}) | {"x-amazon-apigateway-cors": {}}, "HTTP"),
        (
            http_api({"/": {"get": operation(TO_FUNCTION)}}) | {"x-amazon-apigateway-importexport-version": "1.0"},
            "HTTP",
        ),
        ({"swagger": "2.0", "paths": {"/": {"get": operation(TO_FUNCTION_V2)}}}, "REST"),
    ],
)
def test_the_kind_of_an_api_shows_in_its_extensions(document: dict[str, Any], kind: str) -> None:
    assert api_kind(without_kind(document)) == kind


def test_a_document_may_say_its_kind() -> None:
    assert api_kind(rest_api({}) | {"x-idp-api-type": "HTTP"}) == "HTTP"


def test_swagger_documents_keep_their_schemes_elsewhere() -> None:
    document = {
        "swagger": "2.0",
        "securityDefinitions": {"keeper": lambda_scheme()},
        "paths": {"/": {"get": operation(TO_FUNCTION, "keeper")}},
    }
    (route,) = parsed(document).routes
    assert route.authorization.kind == "CUSTOM"
    assert route.integration.uri == FUNCTION


def test_a_token_authorizer_has_aws_defaults() -> None:
    document = rest_api({"/": {"get": operation(MOCK, "keeper")}}, schemes={"keeper": lambda_scheme()})
    authorizer = parsed(document).routes[0].authorization.authorizer
    assert isinstance(authorizer, LambdaAuthorizer)
    assert authorizer.function_arn == GATEKEEPER
    assert authorizer.lifetime == timedelta(seconds=300)
    assert [(source.place, source.name) for source in authorizer.identity_sources] == [("header", "authorization")]


def test_the_documents_security_holds_for_operations_without_their_own() -> None:
    open_ = {**operation(), "security": []}
    document = rest_api({"/a": {"get": operation()}, "/b": {"get": open_}}) | {"security": [{"signature": []}]}
    assert [route.authorization.kind for route in parsed(document).routes] == ["AWS_IAM", "NONE"]


@pytest.mark.parametrize(("type_", "kind"), [("AWS_IAM", "AWS_IAM"), ("NONE", "NONE")])
def test_an_operation_may_name_its_authorization_without_a_scheme(type_: str, kind: str) -> None:
    named = {**operation(guard="signature"), "x-amazon-apigateway-auth": {"type": type_}}
    assert parsed(rest_api({"/": {"get": named}})).routes[0].authorization.kind == kind


def test_scopes_in_security_are_the_routes() -> None:
    guard = operation(MOCK, "people", "pets/read", "pets/write")
    document = rest_api({"/": {"get": guard}}, schemes={"people": cognito_scheme("us-east-1_x")})
    assert parsed(document).routes[0].authorization.scopes == ("pets/read", "pets/write")


def test_stage_variables_are_filled_in() -> None:
    uri = TO_FUNCTION["uri"].replace("backend", "${stageVariables.fn}")
    document = rest_api({"/": {"get": operation({**TO_FUNCTION, "uri": uri})}})
    assert parsed(document | {"x-idp-stage-variables": {"fn": "backend"}}).routes[0].integration.uri == FUNCTION


def test_integrations_of_an_http_api_may_stand_among_the_components() -> None:
    document = http_api({"/": {"get": operation({"$ref": "#/components/x-amazon-apigateway-integrations/fn"})}})
    document["components"]["x-amazon-apigateway-integrations"] = {"fn": TO_FUNCTION_V2}
    assert parsed(document).routes[0].integration.payload_format == "2.0"


def with_integration(**changes: Any) -> dict[str, Any]:
    return rest_api({"/": {"get": operation({**MOCK, **changes})}})


def with_scheme(scheme: dict[str, Any]) -> dict[str, Any]:
    return rest_api({"/": {"get": operation(MOCK, "guard")}}, schemes={"guard": scheme})


DYNAMODB = {"type": "aws", "uri": "arn:aws:apigateway:us-east-1:dynamodb:action/GetItem"}
REFUSED = [
    ([], "document: a mapping is expected."),
    (rest_api({"pets": {"get": operation()}}), "paths.pets.get: a path begins with a slash."),
    (rest_api({"/": {"get": {}}}), "paths./.get.x-amazon-apigateway-integration: there is none, so the route has nothing"),
    (rest_api({"/{a}": {"get": operation()}, "/{b}": {"get": operation()}}), "A sibling ({a}) of this resource already has"),
    (rest_api({"/{a+}/b": {"get": operation()}}), "Cannot create a child of a resource with a greedy path variable: {a+}"),
    (rest_api({"/a{b}": {"get": operation()}}), "a{b} is neither a text nor a variable."),
    (rest_api({"/": {"get": operation(MOCK, "nobody")}}), "there is no security scheme nobody."),
    (with_integration(type="kinesis"), "one of aws, aws_proxy, http, http_proxy, mock is expected."),
    (with_integration(type="aws_proxy", uri="x"), "the ARN of a Lambda invocation is expected."),
    (with_integration(type="http_proxy", uri="file:///etc/passwd", httpMethod="GET"), "an http or https URL is expected."),
    (with_integration(type="http", uri="http://a"), "Enumeration value for HttpMethod must be non-empty."),
    (with_integration(**DYNAMODB), "the ARN of a role is expected."),
    (with_integration(**{**DYNAMODB, "uri": "arn:aws:apigateway:us-east-1:sqs:path/x"}), "only actions of dynamodb are served"),
    (with_integration(requestTemplates={"application/json": "#if(1)"}), "A block is not closed by #end in line 1"),
    (with_integration(responses={"default": {}}), "a whole number from 100 to 599 is expected."),
    (with_integration(responses={"(": {"statusCode": 200}}), "it is no regular expression"),
    (with_integration(timeoutInMillis=30), "a whole number from 50 to 29000 is expected."),
    (with_integration(type="http_proxy", uri="http://${stageVariables.x}", httpMethod="GET"), "no stage variable x"),
    (with_scheme({"type": "http", "scheme": "bearer"}), "only awsSigv4 and schemes with x-amazon-apigateway-authorizer"),
    (with_scheme(jwt_scheme("https://a", "b")), "a REST API has no jwt authorizers."),
    (with_scheme(cognito_scheme()), "at least one user pool is expected."),
    (with_scheme(lambda_scheme("request")), "an authorizer whose answers are kept needs an identitySource."),
    (with_scheme(lambda_scheme(authorizerResultTtlInSeconds=3601)), "a whole number from 0 to 3600 is expected."),
    (with_scheme(lambda_scheme("request", identitySource="method.request.path.id")), "is no source of a REST API."),
    (with_scheme(lambda_scheme(identitySource="method.request.querystring.a")), "exactly one header is expected."),
    (with_scheme(lambda_scheme(identityValidationExpression="(")), "it is no regular expression"),
    (http_api({"/": {"get": operation(MOCK)}}), "one of aws_proxy, http_proxy is expected."),
    (rest_api({}) | {"x-amazon-apigateway-policy": {"Statement": []}}, "x-amazon-apigateway-policy: "),
    (http_api({}) | {"x-amazon-apigateway-policy": policy(allow("*"))}, "an HTTP API has no resource policy."),
    (rest_api({}) | {"x-amazon-apigateway-cors": {}}, "a REST API has none; give it OPTIONS methods."),
    (
        rest_api({"/": {"get": {**operation(), "x-amazon-apigateway-request-validator": "all"}}}),
        "x-amazon-apigateway-request-validator is not served.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("document", "sentence"), REFUSED)
def test_what_cannot_be_served_is_refused_with_its_place(document: Any, sentence: str) -> None:
    with pytest.raises(MalformedApi) as refused:
        parsed(document)
    assert sentence in refused.value.message


@pytest.mark.parametrize(("document", "stage"), [(rest_api({}), "$default"), (rest_api({}), "a/b"), (http_api({}), "")])
def test_a_stage_has_a_name(document: dict[str, Any], stage: str) -> None:
    with pytest.raises(MalformedApi, match=r"^stage: "):
        parsed(document, stage)
