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
    ROLE,
    SIGNATURE,
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


def with_parameters(**parameters: str) -> dict[str, Any]:
    return with_integration(requestParameters=parameters)


def with_response_parameters(**parameters: str) -> dict[str, Any]:
    return with_integration(responses={"default": {"statusCode": 200, "responseParameters": parameters}})


def with_responses(**responses: Any) -> dict[str, Any]:
    return rest_api({}) | {"x-amazon-apigateway-gateway-responses": responses}


def with_changes(**changes: str) -> dict[str, Any]:
    return http_api({"/": {"get": operation({**TO_FUNCTION, "requestParameters": changes})}})


def with_answer_changes(**changes: str) -> dict[str, Any]:
    return http_api({"/": {"get": operation({**TO_FUNCTION, "responseParameters": {"200": changes}})}})


ENDPOINT = "x-amazon-apigateway-endpoint-configuration"
HEADER = "integration.request.header.a"
DYNAMODB_URI = "arn:aws:apigateway:us-east-1:dynamodb:action"
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
        "paths./.get: x-amazon-apigateway-request-validator is not served.",
    ),
    (rest_api({}) | {"x-amazon-apigateway-api-key-source": "HEADER"}, "document: x-amazon-apigateway-api-key-source is"),
    (rest_api({}) | {"x-amazon-apigateway-minimum-compression-size": 0}, "x-amazon-apigateway-minimum-compression-size is"),
    (rest_api({}) | {"x-idp-stage": "a"}, "document: x-idp-stage is not served."),
    (rest_api({}) | {ENDPOINT: {"vpcEndpointIds": ["vpce-1"]}}, f"{ENDPOINT}: vpcEndpointIds is not served."),
    (rest_api({}) | {ENDPOINT: {"disableExecuteApiEndpoint": True}}, "disableExecuteApiEndpoint: an API has no other endpoint"),
    (rest_api({}) | {ENDPOINT: {"types": ["PRIVATE"]}}, f"{ENDPOINT}.types: private endpoints are not served."),
    (
        rest_api({}) | {"servers": [{"url": "https://a", ENDPOINT: {"disableExecuteApiEndpoint": True}}]},
        f"servers.0.{ENDPOINT}.disableExecuteApiEndpoint: an API has no other endpoint",
    ),
    (rest_api({"/": {"trace": operation()}}), "paths./: trace is not served."),
    (rest_api({"/": {"$ref": "#/x"}}), "paths./: $ref is not served."),
    (rest_api({"/": {"x-amazon-apigateway-integration": MOCK}}), "paths./: x-amazon-apigateway-integration is not served."),
    (http_api({}) | {"x-amazon-apigateway-cors": {"allowOrigin": "*"}}, "x-amazon-apigateway-cors: allowOrigin is not"),
    (with_responses(TEAPOT={}), "x-amazon-apigateway-gateway-responses: TEAPOT is not served."),
    (with_responses(THROTTLED={"headers": {}}), "x-amazon-apigateway-gateway-responses.THROTTLED: headers is not served."),
    (with_responses(THROTTLED={"responseTemplates": {"text/xml": ""}}), "responseTemplates: text/xml is not served."),
    (with_responses(THROTTLED={"responseParameters": {"X-A": "'a'"}}), "responseParameters.X-A: only headers can be set."),
    (
        with_responses(THROTTLED={"responseParameters": {"gatewayresponse.header.A": "method.request.body.a"}}),
        "method.request.body.a is nothing that a mapping can read.",
    ),
    (with_integration(integrationSubtype="SQS-SendMessage"), "integrationSubtype is not served."),
    (with_integration(connectionId="a"), "connectionId is not served."),
    (with_integration(tlsConfig={"insecureSkipVerification": True}), "tlsConfig is not served."),
    (with_integration(connectionType="VPC_LINK"), ".connectionType: only INTERNET is served."),
    (with_integration(contentHandling="CONVERT_TO_TEXT"), ".contentHandling: only CONVERT_TO_TEXT of aws_proxy is served."),
    (with_integration(**TO_FUNCTION | {"credentials": "arn:aws:iam::*:user/*"}), ".credentials: functions are not invoked in"),
    (with_integration(payloadFormatVersion="2.0"), ".payloadFormatVersion: one of 1.0 is expected."),
    (with_integration(responseParameters={"200": {}}), ".responseParameters: a REST API has them in its responses."),
    (
        with_integration(responses={"default": {"statusCode": 200, "contentHandling": "CONVERT_TO_TEXT"}}),
        ".responses.default: contentHandling is not served.",
    ),
    (with_parameters(**{"append:header.a": "b"}), "append:header.a: this is nothing that a mapping can set."),
    (with_parameters(**{HEADER: "method.request.cookie.a"}), f"{HEADER}: method.request.cookie.a is nothing that a mapping"),
    (with_parameters(**{HEADER: "method.request.body.a..b"}), f"{HEADER}: a..b is no path into a body."),
    (with_response_parameters(**{"header.a": "'b'"}), "header.a: this is nothing that a mapping can set."),
    (with_response_parameters(**{"method.response.header.a": "b"}), "method.response.header.a: b is nothing that a mapping"),
    (with_integration(**DYNAMODB | {"uri": f"{DYNAMODB_URI}/CreateTable", "credentials": ROLE}), "CreateTable of dynamodb"),
    (
        with_integration(**DYNAMODB | {"credentials": ROLE, "requestParameters": {HEADER: "'a'"}}),
        f"requestParameters.{HEADER}: an action reads only its body.",
    ),
    (with_changes(**{HEADER: "'a'"}), f"{HEADER}: this changes nothing of a request."),
    (with_changes(**{"overwrite:header.Authorization": "a"}), "the header Authorization is reserved."),
    (with_changes(**{"append:header.X-Amzn-A": "a"}), "the header X-Amzn-A is reserved."),
    (with_changes(**{"append:path": "a"}), "append:path: this changes nothing of a request."),
    (with_changes(**{"overwrite:path": "/${request.cookie.a}"}), "request.cookie.a is nothing that a mapping can read."),
    (with_changes(**{"append:header.a": "$response.header.b"}), "response.header.b is nothing that a mapping can read."),
    (with_answer_changes(**{"overwrite:path": "/"}), "200.overwrite:path: this changes nothing of a response."),
    (with_answer_changes(**{"overwrite:statuscode": "600"}), "a whole number from 200 to 599 is expected."),
    (with_answer_changes(**{"append:header.a": "$response.body.a..b"}), "a..b is no path into a body."),
    (with_scheme(lambda_scheme(providerARNs=[])), "security scheme guard: providerARNs is not served."),
    (with_scheme(lambda_scheme("request", identitySource="context.path", authorizerPayloadFormatVersion="2.0")), "one of 1.0"),
    (with_scheme(lambda_scheme("request", identitySource="context.path", enableSimpleResponses=True)), "only payload format 2"),
    (with_scheme(lambda_scheme("request", identityValidationExpression="a")), "identityValidationExpression is not served."),
    (with_scheme(SIGNATURE | lambda_scheme()), "awsSigv4 has no authorizer."),
    (with_scheme(SIGNATURE | {"x-amazon-apigateway-other": 1}), "security scheme guard: x-amazon-apigateway-other is not"),
    (
        http_api({}, schemes={"a": jwt_scheme("https://a", "b", identitySource="$request.header.a,$request.header.b")}),
        "security scheme a.identitySource: exactly one source is expected.",
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


def test_members_that_say_what_holds_anyhow_are_taken() -> None:
    integration = {
        **TO_FUNCTION,
        "cacheKeyParameters": ["method.request.path.id"],
        "cacheNamespace": "a",
        "connectionType": "INTERNET",
        "contentHandling": "CONVERT_TO_TEXT",
        "credentials": ROLE,
        "passthroughBehavior": "when_no_match",
        "responses": {"default": {"statusCode": "200"}},
    }
    document = rest_api({"/": {"parameters": [], "get": {**operation(integration), "x-codegen": "a"}}})
    document |= {ENDPOINT: {"types": ["REGIONAL"]}, "x-amazon-apigateway-request-validators": {}, "tags": []}
    assert [route.integration.uri for route in parsed(document).routes] == [FUNCTION]
