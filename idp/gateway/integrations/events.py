"""Payload format 1.0: what a function behind a REST API is told.

Source: observed, spec API_GATEWAY section 6; API Gateway Developer Guide, "Input format of a Lambda function for proxy
integration".
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from idp.gateway.context import clf_time, deployment_id, epoch_ms, rest_identity, stage_path
from idp.gateway.messages import multi_valued

if TYPE_CHECKING:
    from idp.gateway.messages import Headers
    from idp.gateway.visit import Grant, Visit

NOT_PASSED: Final = frozenset(
    {
        "connection",
        "content-length",
        "content-md5",
        "expect",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "te",
        "transfer-encoding",
        "trailer",
        "upgrade",
        "www-authenticate",
    }
)
AWS_SIGNATURE: Final = "AWS4-"
_HTTPS_PORT: Final = "443"
_HTTP_PORT: Final = "80"


def rest_event(visit: Visit, grant: Grant) -> dict[str, Any]:
    """Return the event; what is empty is null."""
    request = visit.request
    headers = [(canonical_name(name), value) for name, value in passed_headers(visit)]
    body, is_base64 = encoded_body(visit)
    return {
        "resource": visit.route.path,
        "path": visit.path,
        "httpMethod": visit.method,
        "headers": dict(headers) or None,
        "multiValueHeaders": multi_valued(tuple(headers)) or None,
        "queryStringParameters": dict(request.query_by_name) or None,
        "multiValueQueryStringParameters": multi_valued(request.query) or None,
        "pathParameters": dict(visit.path_parameters) or None,
        "stageVariables": dict(visit.stage_variables) or None,
        "requestContext": _request_context(visit, grant),
        "body": body,
        "isBase64Encoded": is_base64,
    }


def _request_context(visit: Visit, grant: Grant) -> dict[str, Any]:
    rest_api = visit.rest_api
    context: dict[str, Any] = {
        "accountId": rest_api.account,
        "apiId": rest_api.id,
        "deploymentId": deployment_id(visit),
        "domainName": visit.domain_name,
        "domainPrefix": visit.domain_name.partition(".")[0],
        "extendedRequestId": visit.extended_id,
        "httpMethod": visit.method,
        "identity": rest_identity(visit, grant),
        "path": stage_path(visit),
        "protocol": visit.request.protocol,
        "requestId": visit.request_id,
        "requestTime": clf_time(visit.received_at),
        "requestTimeEpoch": epoch_ms(visit.received_at),
        "resourceId": visit.route.resource_id,
        "resourcePath": visit.route.path,
        "stage": rest_api.stage,
    }
    if visit.route.operation_name is not None:
        context["operationName"] = visit.route.operation_name
    if grant.authorizer is not None:
        context["authorizer"] = grant.authorizer
    return context


def passed_headers(visit: Visit) -> Headers:
    """Return the headers that a backend sees: the client's, but for those of the connection, and the gateway's.

    A header that carries an AWS signature stays behind: it was for the gateway.
    """
    request = visit.request
    kept = [
        (name, value)
        for name, value in request.headers
        if name not in NOT_PASSED and not (name == "authorization" and value.startswith(AWS_SIGNATURE))
    ]
    forwarded_for = request.header("x-forwarded-for")
    added = {
        "x-amzn-trace-id": trace_id(visit),
        "x-forwarded-for": f"{forwarded_for}, {request.source_ip}" if forwarded_for else request.source_ip,
        "x-forwarded-port": _port(visit),
        "x-forwarded-proto": request.scheme,
    }
    return (*((name, value) for name, value in kept if name not in added), *added.items())


def trace_id(visit: Visit) -> str:
    """Return the request's X-Ray trace id."""
    return f"Root=1-{int(visit.received_at.timestamp()):08x}-{visit.request_id.replace('-', '')[:24]}"


def encoded_body(visit: Visit) -> tuple[str | None, bool]:
    """Return the body as text, or as Base64 when its type is declared binary or it is not UTF-8."""
    body = visit.request.body
    if not body:
        return None, False
    if not is_binary(visit.request.media_type, visit.rest_api.definition.binary_media_types):
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True


def is_binary(media_type: str, declared: tuple[str, ...]) -> bool:
    """Say whether a media type is among the API's binary ones."""
    return any(
        each in ("*/*", media_type) or (each.endswith("/*") and media_type.startswith(each[:-1])) for each in declared
    )


def canonical_name(name: str) -> str:
    """Return a header's name as HTTP/1.1 clients mostly write it: WSGI does not tell how it was written."""
    return _SPELLED.get(name) or "-".join(part.capitalize() for part in name.split("-"))


def _port(visit: Visit) -> str:
    host = visit.request.header("host") or ""
    port = host.rpartition(":")[2]
    if port.isdigit() and port != host:
        return port
    return _HTTPS_PORT if visit.request.scheme == "https" else _HTTP_PORT


_SPELLED: Final = {
    "x-amzn-trace-id": "X-Amzn-Trace-Id",
    "x-forwarded-for": "X-Forwarded-For",
    "x-forwarded-port": "X-Forwarded-Port",
    "x-forwarded-proto": "X-Forwarded-Proto",
}
