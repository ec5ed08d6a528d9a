"""What a function behind a proxy integration may answer.

Source: observed, test_aws_proxy_response_payload_format_validation; API Gateway Developer Guide, "Output format of a
Lambda function for proxy integration" and "Lambda function response for format 2.0"; spec API_GATEWAY section 6.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import orjson

from idp.gateway.integrations.answer_headers import are_sendable, passed_back
from idp.gateway.integrations.events import is_binary
from idp.gateway.messages import Answer

if TYPE_CHECKING:
    from idp.domain.rest_api import ApiKind
    from idp.gateway.messages import Headers
    from idp.gateway.visit import Visit

MEMBERS: Final = frozenset({"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"})
DEFAULT_STATUS: Final = 200
JSON: Final = ("Content-Type", "application/json")


class MalformedAnswer(ValueError):
    """The answer cannot be sent; the message says why."""


def proxy_answer(payload: Any, visit: Visit, *, kind: ApiKind) -> Answer:
    """Return the answer of format 1.0.

    Raises:
        MalformedAnswer: it has a member that is unknown, or of the wrong type.
    """
    if not isinstance(payload, Mapping) or not payload.keys() <= MEMBERS:
        raise MalformedAnswer(
            "an object of statusCode, headers, multiValueHeaders, body and isBase64Encoded is wanted."
        )
    headers = passed_back(_headers_1_0(payload), remaps=kind == "REST")
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers = (*headers, JSON)
    decodes = payload.get("isBase64Encoded") is True and (kind == "HTTP" or _takes_binary(visit))
    return Answer(_status(payload.get("statusCode")), _sendable(headers), _body(payload.get("body"), decodes=decodes))


def proxy_answer_v2(payload: Any) -> Answer:
    """Return the answer of format 2.0: an object with `statusCode` says all; anything else is the body of a 200.

    Raises:
        MalformedAnswer: an object with `statusCode` has a member of the wrong type.
    """
    if not isinstance(payload, Mapping) or "statusCode" not in payload:
        body = payload.encode() if isinstance(payload, str) else orjson.dumps(payload)
        return Answer(DEFAULT_STATUS, (JSON,), body)
    headers = passed_back(_scalars(payload.get("headers"), "headers"), remaps=False)
    cookies = payload.get("cookies") or []
    if not isinstance(cookies, list) or not all(isinstance(cookie, str) for cookie in cookies):
        raise MalformedAnswer("cookies is a list of texts.")
    headers += tuple(("set-cookie", cookie) for cookie in cookies)
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers = (*headers, ("content-type", "application/json"))
    body = _body(payload.get("body"), decodes=payload.get("isBase64Encoded") is True)
    return Answer(_status(payload["statusCode"]), _sendable(headers), body)


def _status(value: Any) -> int:
    """Return a status; digits as text are one, and none is 200."""
    if value is None:
        return DEFAULT_STATUS
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:4])
    if not isinstance(value, int) or isinstance(value, bool) or not 100 <= value <= 599:
        raise MalformedAnswer("statusCode is no status.")
    return value


def _headers_1_0(payload: Mapping[str, Any]) -> Headers:
    """Return both kinds of headers: of the same name the multi-valued ones first, and in their spelling."""
    multiple = payload.get("multiValueHeaders")
    if not isinstance(multiple, Mapping | None):
        raise MalformedAnswer("multiValueHeaders is an object.")
    merged: list[tuple[str, str]] = []
    for name, values in (multiple or {}).items():
        if not isinstance(values, list):
            raise MalformedAnswer("multiValueHeaders holds lists.")
        merged.extend((name, _scalar(value)) for value in values)
    spelled = {name.lower(): name for name, _ in merged}
    single = _scalars(payload.get("headers"), "headers")
    return (*merged, *((spelled.get(name.lower(), name), value) for name, value in single))


def _scalars(value: Any, what: str) -> Headers:
    if not isinstance(value, Mapping | None):
        raise MalformedAnswer(f"{what} is an object.")
    return tuple((name, _scalar(item)) for name, item in (value or {}).items() if item is not None)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise MalformedAnswer("a header's value is a text, a number or a boolean.")


def _body(value: Any, *, decodes: bool) -> bytes:
    if value is None:
        return b""
    if not isinstance(value, str):
        raise MalformedAnswer("body is a text.")
    if not decodes:
        return value.encode("utf-8", "replace")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedAnswer("body is not Base64.") from error


def _sendable(headers: Headers) -> Headers:
    if not are_sendable(headers):
        raise MalformedAnswer("a header holds what no header may hold.")
    return headers


def _takes_binary(visit: Visit) -> bool:
    """Say whether a REST API's client asks for one of the API's binary types first.

    Source: API Gateway Developer Guide, "Return binary media from a Lambda proxy integration".
    """
    accepted = (visit.request.header("accept") or "").partition(",")[0].partition(";")[0].strip().lower()
    return is_binary(accepted or "*/*", visit.rest_api.definition.binary_media_types)
