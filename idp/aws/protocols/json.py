"""awsJson 1.0 and 1.1: one URL, the operation in X-Amz-Target, JSON both ways."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import orjson
from botocore.model import OperationModel

from idp.aws.directory import JSON_1_0, JSON_1_1, Service
from idp.aws.errors import SIGNATURE_CODES, GeneralError, Malformed, Refusal
from idp.aws.http import Headers, HttpRequest, HttpResponse
from idp.aws.protocols.json_values import json_writer
from idp.aws.protocols.protocol import Reader, Writer

MAX_DEPTH = 100
STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
"""An unterminated string matches too: the scan stays linear on whatever is sent."""
MAX_HEADER_CHARACTERS = 1024
HEADER_SAFE = "".join(map(chr, range(0x20, 0x7F))).replace("%", "")


def operation_name(service: Service, request: HttpRequest) -> str:
    prefix, _, name = (request.header("x-amz-target") or "").partition(".")
    if not prefix or prefix != service.target_prefix or request.method != "POST":
        raise unknown_operation(service, request)
    return name


def unknown_operation(_service: Service, _request: HttpRequest) -> GeneralError:
    """Return the bare refusal, without a sentence.  Source: spec USER_POOLS section 0.3."""
    return GeneralError("UnknownOperationException", "")


def require_media_type(request: HttpRequest) -> None:
    if request.media_type not in {JSON_1_0, JSON_1_1}:
        raise GeneralError("UnsupportedMediaTypeException", f"The Content-Type must be {JSON_1_1} or {JSON_1_0}.")


def reader(_operation: OperationModel) -> Reader:
    return lambda request: parse_json(request.body)


def parse_json(body: bytes) -> Any:
    """Parse a JSON body; an empty one is an empty object.

    Raises:
        Malformed: not JSON, not UTF-8, or deeper than `MAX_DEPTH` levels.
    """
    if not body:
        return {}
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH and _depth(body) > MAX_DEPTH:
        raise Malformed(f"The body is nested deeper than {MAX_DEPTH} levels")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Malformed("The body is not valid JSON in UTF-8") from error


def _depth(body: bytes) -> int:
    """Return the deepest nesting, without parsing; text inside strings does not count."""
    depth = deepest = 0
    for token in STRING_OR_BRACKET.finditer(body):
        first = body[token.start()]
        if first in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif first in b"]}":
            depth -= 1
    return deepest


def writer(service: Service, operation: OperationModel) -> Writer:
    """Compile the writer; an operation without an output shape answers nothing.

    Source: spec USER_POOLS section 0.2 (`{}`), IDENTITY_POOLS section 1 (an empty body).
    """
    write = json_writer(operation.output_shape)
    content_type = ("Content-Type", service.content_type)
    nothing = b"" if service.id == "cognito-identity" else b"{}"

    def write_answer(answer: Mapping[str, Any] | None, request_id: str) -> HttpResponse:
        body = nothing if write is None else orjson.dumps(write(answer or {}))
        return HttpResponse(200, (content_type, ("x-amzn-RequestId", request_id)), body)

    return write_answer


def refuse(service: Service, refusal: Refusal, request_id: str) -> HttpResponse:
    """Write an error.  Source: spec USER_POOLS section 0.3; the capital `Message` of denials: spec STS_IAM section 4."""
    namespace = service.error_namespace if _is_front_door(refusal) else ""
    body = {"__type": namespace + refusal.code}
    if refusal.message:
        body["Message" if refusal.code == "AccessDeniedException" else "message"] = refusal.message
    headers = (
        ("Content-Type", service.content_type),
        ("x-amzn-RequestId", request_id),
        ("x-amzn-ErrorType", f"{refusal.code}:"),
        *error_message_header(refusal),
    )
    return HttpResponse(refusal.status, headers, orjson.dumps(body))


def error_message_header(refusal: Refusal) -> Headers:
    """Return the header that repeats the message; none for a refusal without one."""
    return (("x-amzn-ErrorMessage", _header_text(refusal.message)),) if refusal.message else ()


def _header_text(message: str) -> str:
    """Return a message as a header may carry it: printable ASCII, the rest percent-encoded, cut to a bounded length."""
    return quote(message[:MAX_HEADER_CHARACTERS], safe=HEADER_SAFE)


def _is_front_door(refusal: Refusal) -> bool:
    """Say whether the error comes from before the service itself, which names it with its namespace."""
    return refusal.code in SIGNATURE_CODES or refusal.code in {
        "AccessDeniedException",
        "UnknownOperationException",
        "SerializationException",
    }
