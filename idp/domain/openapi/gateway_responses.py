"""`x-amazon-apigateway-gateway-responses`: what an API's owner makes of refusals.

Source: API Gateway Developer Guide, "Gateway response types for API Gateway".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from idp.domain.openapi import members
from idp.domain.openapi.known import require_known
from idp.domain.openapi.members import MalformedApi
from idp.domain.rest_api import ApiKind, GatewayResponse

TYPES: Final = frozenset(
    {
        "ACCESS_DENIED",
        "API_CONFIGURATION_ERROR",
        "AUTHORIZER_CONFIGURATION_ERROR",
        "AUTHORIZER_FAILURE",
        "BAD_REQUEST_BODY",
        "BAD_REQUEST_PARAMETERS",
        "DEFAULT_4XX",
        "DEFAULT_5XX",
        "EXPIRED_TOKEN",
        "INTEGRATION_FAILURE",
        "INTEGRATION_TIMEOUT",
        "INVALID_API_KEY",
        "INVALID_SIGNATURE",
        "MISSING_AUTHENTICATION_TOKEN",
        "QUOTA_EXCEEDED",
        "REQUEST_TOO_LARGE",
        "RESOURCE_NOT_FOUND",
        "THROTTLED",
        "UNAUTHORIZED",
        "UNSUPPORTED_MEDIA_TYPE",
        "WAF_FILTERED",
    }
)
MEMBERS: Final = frozenset({"responseParameters", "responseTemplates", "statusCode"})
MEDIA_TYPES: Final = frozenset({"application/json"})
_HEADER: Final = "gatewayresponse.header."
_SOURCE = re.compile(r"'.*'|(context|stageVariables|method\.request\.(header|path|querystring))\..+", re.DOTALL)


def parse_gateway_responses(value: Any, kind: ApiKind) -> Mapping[str, GatewayResponse]:
    """Return the responses by type.

    Raises:
        MalformedApi: there is no such type, or one asks for what is not served.
    """
    where = "x-amazon-apigateway-gateway-responses"
    if value is not None and kind == "HTTP":
        raise MalformedApi(where, "an HTTP API has none.")
    given = members.mapping(value, where)
    require_known(given, TYPES, where)
    return {name: _response(each, f"{where}.{name}") for name, each in given.items()}


def _response(value: Any, where: str) -> GatewayResponse:
    given = members.mapping(value, where)
    require_known(given, MEMBERS, where)
    status = given.get("statusCode")
    templates = members.texts(given.get("responseTemplates"), f"{where}.responseTemplates")
    require_known(templates, MEDIA_TYPES, f"{where}.responseTemplates")
    return GatewayResponse(
        None if status is None else members.whole_number(status, f"{where}.statusCode", at_least=200, at_most=599),
        _headers(given.get("responseParameters"), f"{where}.responseParameters"),
        templates.get("application/json"),
    )


def _headers(value: Any, where: str) -> Mapping[str, str]:
    parameters = members.texts(value, where)
    for target, source in parameters.items():
        if not target.startswith(_HEADER):
            raise MalformedApi(f"{where}.{target}", "only headers can be set.")
        if not _SOURCE.fullmatch(source):
            raise MalformedApi(f"{where}.{target}", f"{source} is nothing that a mapping can read.")
    return {target.removeprefix(_HEADER): source for target, source in parameters.items()}
