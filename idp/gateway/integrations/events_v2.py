"""Payload format 2.0: what a function behind an HTTP API is told.

Source: API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway"; spec API_GATEWAY
section 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from idp.domain.rest_api import DEFAULT_STAGE
from idp.gateway.context import clf_time, epoch_ms, stage_path
from idp.gateway.integrations.events import encoded_body, passed_headers
from idp.gateway.messages import multi_valued

if TYPE_CHECKING:
    from idp.gateway.visit import Grant, Visit


def http_event(visit: Visit, grant: Grant) -> dict[str, Any]:
    """Return the event; what is absent is left out."""
    request = visit.request
    headers = {name: value for name, value in passed_headers(visit) if name != "cookie"}
    cookies = [each.strip() for each in (request.header("cookie") or "").split(";") if each.strip()]
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": visit.route.key,
        "rawPath": raw_path(visit),
        "rawQueryString": request.raw_query,
        "cookies": cookies,
        "headers": headers,
        "queryStringParameters": {name: ",".join(values) for name, values in multi_valued(request.query).items()},
        "requestContext": _request_context(visit, grant),
        "pathParameters": dict(visit.path_parameters),
        "stageVariables": dict(visit.stage_variables),
    }
    event = {name: value for name, value in event.items() if value or name in _ALWAYS}
    body, is_base64 = encoded_body(visit)
    if body is not None:
        event["body"] = body
    event["isBase64Encoded"] = is_base64
    return event


def http_event_1_0(event: dict[str, Any]) -> dict[str, Any]:
    """Return an HTTP API's event of format 1.0: a REST API's, with its version."""
    return {"version": "1.0", **event}


def raw_path(visit: Visit) -> str:
    """Return the path with the stage, which `$default` leaves out."""
    return visit.path if visit.rest_api.stage == DEFAULT_STAGE else stage_path(visit)


def _request_context(visit: Visit, grant: Grant) -> dict[str, Any]:
    rest_api, request = visit.rest_api, visit.request
    context: dict[str, Any] = {
        "accountId": rest_api.account,
        "apiId": rest_api.id,
        "domainName": visit.domain_name,
        "domainPrefix": visit.domain_name.partition(".")[0],
        "http": {
            "method": visit.method,
            "path": raw_path(visit),
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": request.user_agent or "",
        },
        "requestId": visit.extended_id,
        "routeKey": visit.route.key,
        "stage": rest_api.stage,
        "time": clf_time(visit.received_at),
        "timeEpoch": epoch_ms(visit.received_at),
    }
    if grant.authorizer_v2 is not None:
        context["authorizer"] = grant.authorizer_v2
    return context


_ALWAYS = frozenset({"rawQueryString", "headers"})
