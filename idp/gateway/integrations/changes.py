"""Parameter mapping of HTTP APIs: what is changed of a request before the backend, and of its answer before the client.

Source: API Gateway Developer Guide, "Transform API requests and responses for HTTP APIs".
Unknown: what AWS makes of a variable that has no value. Alone it changes nothing here; within a text it is empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode

from idp.gateway.integrations.answer_headers import are_sendable
from idp.gateway.integrations.mapping import mapping_context
from idp.gateway.integrations.parameters import request_value, response_value
from idp.gateway.integrations.paths import in_path
from idp.gateway.messages import Answer
from idp.gateway.refusals import Refusal, Refused

if TYPE_CHECKING:
    from idp.domain.rest_api import Integration, ParameterChange
    from idp.gateway.messages import Headers
    from idp.gateway.visit import Grant, Visit

Read = Callable[[str], str | None]
"""Returns the value of a variable, such as `request.header.x`."""
_BRACED = re.compile(r"\$\{([^}]*)\}")


def changed_visit(visit: Visit, integration: Integration, grant: Grant) -> Visit:
    """Return the request as the backend gets it; values are those of the request as it came.

    Raises:
        Refused: MALFORMED when a path climbs; MISCONFIGURED when a header cannot be sent.
    """
    if not integration.request_changes:
        return visit
    context = mapping_context(visit, grant)
    headers, query, path = visit.request.headers, visit.request.query, visit.path
    for change in integration.request_changes:
        value = _value(change, lambda variable: _of_request(variable, visit, context))
        if value is None:
            continue
        if change.place == "header":
            headers = _joined(_changed(headers, change, value))
        elif change.place == "querystring":
            query = _changed(query, change, value)
        else:
            path = _absolute(in_path(value))
    raw_query = visit.request.raw_query if query == visit.request.query else urlencode(query)
    return replace(visit, request=replace(visit.request, headers=_sendable(headers), raw_query=raw_query), path=path)


def changed_answer(answer: Answer, integration: Integration, visit: Visit, grant: Grant) -> Answer:
    """Return a backend's answer as the client gets it.

    Args:
        visit: as the client sent it.

    Raises:
        Refused: MISCONFIGURED when a header cannot be sent.
    """
    changes = integration.response_changes.get(answer.status)
    if not changes:
        return answer
    context = mapping_context(visit, grant)
    status, headers = answer.status, answer.headers
    for change in changes:
        value = _value(change, lambda variable: _of_answer(variable, answer, visit, context))
        if value is None:
            continue
        if change.place == "statuscode":
            status = int(value)
        else:
            headers = _changed(headers, change, value)
    return Answer(status, _sendable(headers), answer.body)


def _value(change: ParameterChange, read: Read) -> str | None:
    """Return the new value; None when it is of one variable that has none."""
    if change.value.startswith("$") and not change.value.startswith("${"):
        return read(change.value[1:])
    return _BRACED.sub(lambda found: read(found.group(1)) or "", change.value)


def _of_request(variable: str, visit: Visit, context: dict[str, Any]) -> str | None:
    if variable == "request.path":
        return unquote(visit.path)
    if variable.startswith("request.querystring."):
        variable = variable.replace("request.querystring.", "request.multivaluequerystring.", 1)
    return request_value(f"method.{variable}" if variable.startswith("request.") else variable, visit, context)


def _of_answer(variable: str, answer: Answer, visit: Visit, context: dict[str, Any]) -> str | None:
    if not variable.startswith("response."):
        return _of_request(variable, visit, context)
    variable = variable.replace("response.header.", "response.multivalueheader.", 1)
    return response_value(f"integration.{variable}", answer.headers, answer.body, visit, context)


def _changed(pairs: Headers, change: ParameterChange, value: str) -> Headers:
    kept = pairs if change.action == "append" else tuple(pair for pair in pairs if not _is_named(pair[0], change))
    return kept if change.action == "remove" else (*kept, (change.name, value))


def _is_named(name: str, change: ParameterChange) -> bool:
    if change.place == "header":
        return name.lower() == change.name.lower()
    return name == change.name


def _joined(headers: Headers) -> Headers:
    """Return a request's headers, of one name each, in lower case."""
    values: dict[str, str] = {}
    for name, value in headers:
        lowered = name.lower()
        values[lowered] = f"{values[lowered]},{value}" if lowered in values else value
    return tuple(values.items())


def _absolute(path: str) -> str:
    return path if path.startswith("/") else f"/{path}"


def _sendable(headers: Headers) -> Headers:
    if not are_sendable(headers):
        raise Refused(Refusal.MISCONFIGURED, "A mapped header holds what no header may hold.")
    return headers
