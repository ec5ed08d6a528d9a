"""`x-amazon-apigateway-integration`: what stands behind a route."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, cast

from idp.domain.openapi import members
from idp.domain.openapi.known import require_known
from idp.domain.openapi.members import MalformedApi
from idp.domain.openapi.parameters import (
    parse_request_changes,
    parse_request_parameters,
    parse_response_changes,
    parse_response_parameters,
)
from idp.domain.rest_api import (
    ApiKind,
    Integration,
    IntegrationKind,
    IntegrationResponse,
    ParameterChange,
    Passthrough,
    PayloadFormat,
)
from idp.domain.velocity import MalformedTemplate, parse_template

MAX_TIMEOUT_MS: Final[Mapping[ApiKind, int]] = {"REST": 29_000, "HTTP": 30_000}
_KINDS: Final[Mapping[ApiKind, tuple[str, ...]]] = {
    "REST": ("aws", "aws_proxy", "http", "http_proxy", "mock"),
    "HTTP": ("aws_proxy", "http_proxy"),
}
MEMBERS: Final = frozenset(
    {
        "cacheKeyParameters",
        "cacheNamespace",
        "connectionType",
        "contentHandling",
        "credentials",
        "httpMethod",
        "passthroughBehavior",
        "payloadFormatVersion",
        "requestParameters",
        "requestTemplates",
        "responseParameters",
        "responses",
        "timeoutInMillis",
        "type",
        "uri",
    }
)
RESPONSE_MEMBERS: Final = frozenset({"responseParameters", "responseTemplates", "statusCode"})
DYNAMODB_ACTIONS: Final = frozenset(
    {
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "Scan",
        "TransactGetItems",
        "TransactWriteItems",
        "UpdateItem",
    }
)
_CONTENT_TYPE: Final = "integration.request.header.content-type"
_DYNAMODB_URI = re.compile(r"arn:[a-z-]+:apigateway:[a-z0-9-]+:dynamodb:action/([A-Za-z]+)")


def parse_integration(value: Any, where: str, *, kind: ApiKind, variables: Mapping[str, str]) -> Integration:
    """Return the integration of a route.

    Raises:
        MalformedApi: it is incomplete, or nothing that this gateway serves.
    """
    where = f"{where}.x-amazon-apigateway-integration"
    given = members.mapping(value, where)
    if not given:
        raise MalformedApi(where, "there is none, so the route has nothing behind it.")
    require_known(given, MEMBERS, where)
    type_ = members.choice(given.get("type"), f"{where}.type", *_KINDS[kind])
    _require_plain(type_, given, where, kind)
    integration = Integration(
        kind=cast("IntegrationKind", type_.upper()),
        uri=_uri(type_, given, where, variables),
        http_method=str(given.get("httpMethod") or ("POST" if type_.startswith("aws") else "")).upper(),
        credentials=members.optional_text(given.get("credentials"), f"{where}.credentials"),
        request_templates=_templates(given.get("requestTemplates"), f"{where}.requestTemplates"),
        request_parameters=_request_parameters(given, where, kind),
        responses=_responses(given.get("responses"), f"{where}.responses", is_proxy=type_.endswith("_proxy")),
        passthrough=_passthrough(given, where),
        timeout_s=_timeout_ms(given, where, kind) / 1000,
        payload_format=_payload_format(given, where, kind, type_),
        request_changes=_request_changes(given, where, kind),
        response_changes=parse_response_changes(given.get("responseParameters"), f"{where}.responseParameters"),
    )
    _require_served(integration, where)
    return integration


def _require_plain(type_: str, given: Mapping[str, Any], where: str, kind: ApiKind) -> None:
    """Check the members of which only the value that changes nothing is served."""
    if given.get("connectionType", "INTERNET") != "INTERNET":
        raise MalformedApi(f"{where}.connectionType", "only INTERNET is served.")
    if "contentHandling" in given and (type_, given["contentHandling"]) != ("aws_proxy", "CONVERT_TO_TEXT"):
        raise MalformedApi(f"{where}.contentHandling", "only CONVERT_TO_TEXT of aws_proxy is served.")
    if type_ == "aws_proxy" and ":user/" in str(given.get("credentials", "")):
        raise MalformedApi(f"{where}.credentials", "functions are not invoked in the caller's name.")
    if "responseParameters" in given and kind == "REST":
        raise MalformedApi(f"{where}.responseParameters", "a REST API has them in its responses.")


def _request_parameters(given: Mapping[str, Any], where: str, kind: ApiKind) -> Mapping[str, str]:
    if kind == "HTTP":
        return {}
    return parse_request_parameters(given.get("requestParameters"), f"{where}.requestParameters")


def _request_changes(given: Mapping[str, Any], where: str, kind: ApiKind) -> tuple[ParameterChange, ...]:
    if kind == "REST":
        return ()
    return parse_request_changes(given.get("requestParameters"), f"{where}.requestParameters")


def _uri(type_: str, given: Mapping[str, Any], where: str, variables: Mapping[str, str]) -> str:
    if type_ == "mock":
        return ""
    uri = members.filled_in(members.text(given.get("uri"), f"{where}.uri"), variables, f"{where}.uri")
    if type_ == "aws_proxy":
        return members.lambda_arn(uri, f"{where}.uri")
    if type_.startswith("http") and not uri.startswith(("http://", "https://")):
        raise MalformedApi(f"{where}.uri", "an http or https URL is expected.")
    return uri


def _require_served(integration: Integration, where: str) -> None:
    if integration.kind in ("HTTP", "HTTP_PROXY") and not integration.http_method:
        raise MalformedApi(where, "Enumeration value for HttpMethod must be non-empty.")
    if integration.kind != "AWS":
        return
    action = _DYNAMODB_URI.fullmatch(integration.uri)
    if action is None:
        raise MalformedApi(f"{where}.uri", "of the AWS services, only actions of dynamodb are served.")
    if action.group(1) not in DYNAMODB_ACTIONS:
        raise MalformedApi(f"{where}.uri", f"the action {action.group(1)} of dynamodb is not served.")
    if mapped := next((name for name in integration.request_parameters if name.lower() != _CONTENT_TYPE), None):
        raise MalformedApi(f"{where}.requestParameters.{mapped}", "an action reads only its body.")
    if integration.credentials is None or ":role/" not in integration.credentials:
        raise MalformedApi(f"{where}.credentials", "the ARN of a role is expected.")


def _responses(value: Any, where: str, *, is_proxy: bool) -> tuple[IntegrationResponse, ...]:
    """Return the responses, the default one last; a proxy has none, whatever is written."""
    if is_proxy:
        return ()
    responses = []
    for pattern, each in members.mapping(value, where).items():
        here = f"{where}.{pattern}"
        given = members.mapping(each, here)
        require_known(given, RESPONSE_MEMBERS, here)
        responses.append(
            IntegrationResponse(
                pattern=None if pattern == "default" else members.pattern(pattern, here),
                status=members.whole_number(given.get("statusCode"), f"{here}.statusCode", at_least=100, at_most=599),
                templates=_templates(given.get("responseTemplates"), f"{here}.responseTemplates"),
                parameters=parse_response_parameters(given.get("responseParameters"), f"{here}.responseParameters"),
            )
        )
    return tuple(sorted(responses, key=lambda response: response.pattern is None))


def _templates(value: Any, where: str) -> Mapping[str, str]:
    templates = {}
    for media_type, template in members.mapping(value, where).items():
        templates[media_type.lower()] = template = "" if template is None else str(template)
        try:
            parse_template(template)
        except MalformedTemplate as error:
            raise MalformedApi(f"{where}.{media_type}", str(error)) from error
    return templates


def _passthrough(given: Mapping[str, Any], where: str) -> Passthrough:
    word = members.choice(
        given.get("passthroughBehavior", "when_no_match"),
        f"{where}.passthroughBehavior",
        "when_no_match",
        "when_no_templates",
        "never",
    )
    return cast("Passthrough", word.upper())


def _timeout_ms(given: Mapping[str, Any], where: str, kind: ApiKind) -> int:
    most = MAX_TIMEOUT_MS[kind]
    return members.whole_number(
        given.get("timeoutInMillis", most), f"{where}.timeoutInMillis", at_least=50, at_most=most
    )


def _payload_format(given: Mapping[str, Any], where: str, kind: ApiKind, type_: str) -> PayloadFormat:
    version = str(given.get("payloadFormatVersion", "1.0"))
    served = ("1.0", "2.0") if kind == "HTTP" and type_ == "aws_proxy" else ("1.0",)
    return cast("PayloadFormat", members.choice(version, f"{where}.payloadFormatVersion", *served))
