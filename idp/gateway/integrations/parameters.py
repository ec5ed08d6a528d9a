"""Where a mapped parameter gets its value from.

Source: API Gateway Developer Guide, "Data mapping source examples"; spec API_GATEWAY section 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from idp.domain.json_path import find
from idp.domain.velocity.values import json_text, printed
from idp.gateway.messages import multi_valued

if TYPE_CHECKING:
    from idp.gateway.messages import Headers
    from idp.gateway.visit import Visit


def request_value(source: str, visit: Visit, context: Mapping[str, Any]) -> str | None:
    """Return a value out of the client's request; None when it is not there.

    Args:
        source: `method.request.header.X`, `method.request.body.path`, `context.x`, `stageVariables.x` or `'text'`.
    """
    if not source.startswith("method.request."):
        return _general_value(source, visit, context)
    place, _, name = source.removeprefix("method.request.").partition(".")
    match place:
        case "header":
            return visit.request.header(name.lower())
        case "multivalueheader":
            return visit.request.header(name.lower())
        case "querystring":
            return visit.request.query_by_name.get(name)
        case "multivaluequerystring":
            values = multi_valued(visit.request.query).get(name)
            return None if values is None else ",".join(values)
        case "path":
            return visit.path_parameters.get(name)
        case "body":
            return _within(visit.request.body, name)
    return None


def response_value(source: str, headers: Headers, body: bytes, visit: Visit, context: Mapping[str, Any]) -> str | None:
    """Return a value out of a backend's answer; None when it is not there.

    Args:
        source: `integration.response.header.X`, `integration.response.body.path`, or as for `request_value`.
    """
    if not source.startswith("integration.response."):
        return _general_value(source, visit, context)
    place, _, name = source.removeprefix("integration.response.").partition(".")
    if place == "body":
        return _within(body, name)
    values = [value for held, value in headers if held.lower() == name.lower()]
    if not values:
        return None
    return ",".join(values) if place == "multivalueheader" else values[-1]


def _general_value(source: str, visit: Visit, context: Mapping[str, Any]) -> str | None:
    if source.startswith("'") and source.endswith("'"):
        return source[1:-1]
    if source.startswith("stageVariables."):
        return visit.stage_variables.get(source.removeprefix("stageVariables."))
    found: Any = {"context": context}
    for step in source.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return None if found is None else printed(found)


def _within(body: bytes, path: str) -> str | None:
    """Return a part of a JSON body, or all of any body when no path is named."""
    if not path:
        return body.decode("utf-8", "replace")
    try:
        value = find(orjson.loads(body), f"$.{path.removeprefix('$.')}")
    except orjson.JSONDecodeError:
        return None
    if value is None:
        return None
    return json_text(value) if isinstance(value, dict | list) else printed(value)
