"""What a Lambda authorizer is told of a request.

Source: API Gateway Developer Guide, "Input to an API Gateway Lambda authorizer"; spec API_GATEWAY sections 2 and 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from idp.gateway.integrations.events import rest_event
from idp.gateway.integrations.events_v2 import http_event
from idp.gateway.visit import NOBODY, Visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from idp.domain.rest_api import ApiKind, LambdaAuthorizer

_MAPS = (
    "headers",
    "multiValueHeaders",
    "queryStringParameters",
    "multiValueQueryStringParameters",
    "pathParameters",
    "stageVariables",
)


def authorizer_event(
    visit: Visit, authorizer: LambdaAuthorizer, values: Sequence[str], kind: ApiKind
) -> dict[str, Any]:
    """Return the event.

    Args:
        values: of the identity sources.
    """
    if authorizer.takes_token:
        return {"type": "TOKEN", "authorizationToken": values[0], "methodArn": visit.arn}
    if authorizer.payload_format == "2.0":
        return _request_v2(visit, values)
    event = _request(visit)
    if kind == "HTTP":
        identity = ",".join(values)
        return {"version": "1.0", **event, "identitySource": identity, "authorizationToken": identity}
    return event


def _request(visit: Visit) -> dict[str, Any]:
    """Return the event of format 1.0: as for an integration, without the body, and with empty maps in place of null."""
    event = rest_event(visit, NOBODY)
    del event["body"], event["isBase64Encoded"]
    event |= {name: event[name] or {} for name in _MAPS}
    return {"type": "REQUEST", "methodArn": visit.arn, **event}


def _request_v2(visit: Visit, values: Sequence[str]) -> dict[str, Any]:
    event = http_event(visit, NOBODY)
    event.pop("body", None)
    del event["isBase64Encoded"]
    return {**event, "type": "REQUEST", "routeArn": visit.arn, "identitySource": list(values)}
