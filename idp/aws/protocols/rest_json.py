"""REST-JSON: the operation by method and path; parameters in path, query, headers and body."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, quote, unquote

import orjson
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from idp.aws.errors import GeneralError, Malformed, Refusal, ServiceError
from idp.aws.http import Headers, HttpRequest, HttpResponse
from idp.aws.models import operation_model, service_model
from idp.aws.protocols.json import header_text, parse_json
from idp.aws.protocols.json_values import json_writer

if TYPE_CHECKING:
    from idp.aws.directory import Service
    from idp.aws.protocols.protocol import Reader, Writer

LABEL = re.compile(r"\{([^}+]+)(\+?)\}")
FORBIDDEN_MEDIA_TYPES = frozenset({"text/xml", "application/xml"})


def operation_name(service: Service, request: HttpRequest) -> str:
    for method, path, name in _routes(service.id):
        if method == request.method and path.fullmatch(request.raw_path):
            return name
    raise unknown_operation(service, request)


def unknown_operation(_service: Service, request: HttpRequest) -> ServiceError:
    """Return the refusal of a method and path that no operation has."""
    return ServiceError("UnknownOperationException", f"No operation is at {request.method} {request.raw_path}", 404)


def require_media_type(request: HttpRequest) -> None:
    """Take any body that does not claim to be XML: clients send JSON as octets and payloads as anything."""
    if request.media_type in FORBIDDEN_MEDIA_TYPES:
        raise GeneralError("UnsupportedMediaTypeException", "The Content-Type must be application/json.")


@cache
def _routes(service: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Return method, path and name of each operation, fixed paths before those with labels."""
    operations = [operation_model(service, name) for name in service_model(service).operation_names]
    ordered = sorted((each for each in operations if each), key=lambda each: LABEL.sub("~", each.http["requestUri"]))
    return tuple((each.http["method"], _path(each), each.name) for each in ordered)


def _path(operation: OperationModel) -> re.Pattern[str]:
    """Return the pattern of an operation's raw path; its groups are the labels in order."""
    template = operation.http["requestUri"].partition("?")[0]
    pieces = LABEL.split(template)
    pattern = re.escape(pieces[0])
    for greedy, literal in zip(pieces[2::3], pieces[3::3], strict=True):
        pattern += (r"(.+)" if greedy else r"([^/]+)") + re.escape(literal)
    return re.compile(pattern.removesuffix("/") + "/?")


# ── parameters ───────────────────────────────────────────────────────────────────────────────────────────────────────


def reader(operation: OperationModel) -> Reader:
    shape = operation.input_shape
    if shape is None:
        return lambda _: {}
    path = _path(operation)
    labels = [label for label, _ in LABEL.findall(operation.http["requestUri"].partition("?")[0])]
    read_body = _body_reader(shape)
    read_members = [_member_reader(name, member) for name, member in shape.members.items()]

    def read(request: HttpRequest) -> dict[str, Any]:
        parameters = read_body(request.body)
        matched = path.fullmatch(request.raw_path)
        values = _Values(request, dict(zip(labels, map(_decoded, matched.groups()), strict=True)) if matched else {})
        for read_member in read_members:
            read_member(values, parameters)
        return parameters

    return read


class _Values:
    """What a request brings beside its body."""

    def __init__(self, request: HttpRequest, labels: Mapping[str, str]) -> None:
        self.request = request
        self.labels = labels
        self.query = parse_qs(request.raw_query, keep_blank_values=True)


def _member_reader(name: str, member: Shape) -> Callable[[_Values, dict[str, Any]], None]:
    """Return the function that moves one member from its place in the request into the parameters."""
    wire_name = str(member.serialization.get("name", name))
    location = member.serialization.get("location")

    def read(values: _Values, parameters: dict[str, Any]) -> None:
        found: Any = None
        if location == "uri":
            found = values.labels.get(wire_name)
        elif location == "querystring":
            found = _from_texts(values.query.get(wire_name, []), member)
        elif location == "header":
            found = values.request.header(wire_name.lower())
        elif location == "headers":
            found = _prefixed(values.request, wire_name.lower())
        if found is not None:
            parameters[wire_name] = _from_text(found, member)

    return read if location else lambda _values, _parameters: None


def _body_reader(shape: StructureShape) -> Callable[[bytes], dict[str, Any]]:
    """Return the reader of the body: the payload member alone, or an object of the members without a place."""
    payload = shape.serialization.get("payload")
    if payload is None:
        return _read_object
    member = shape.members[payload]
    wire_name = str(member.serialization.get("name", payload))
    if member.type_name in {"blob", "string"}:
        return lambda body: {wire_name: body if member.type_name == "blob" else _decoded_body(body)} if body else {}
    return lambda body: {wire_name: parse_json(body)} if body else {}


def _read_object(body: bytes) -> dict[str, Any]:
    parsed = parse_json(body)
    if type(parsed) is not dict:
        raise Malformed("Start of list found where not expected." if type(parsed) is list else "Expected structure")
    return parsed


def _decoded_body(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Malformed("The body is not UTF-8") from error


def _decoded(label: str) -> str:
    try:
        return unquote(label, errors="strict")
    except UnicodeDecodeError as error:
        raise Malformed("The path is not UTF-8") from error


def _prefixed(request: HttpRequest, prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): value for name, value in request.headers if name.startswith(prefix)}


def _from_text(value: Any, shape: Shape) -> Any:
    """Give text from path, query or header the type that JSON would have had."""
    if type(value) is not str:
        return value
    try:
        if shape.type_name in {"integer", "long"}:
            return int(value)
        if shape.type_name in {"float", "double"}:
            return float(value)
    except ValueError as error:
        raise Malformed("STRING_VALUE can not be converted to a number") from error
    if shape.type_name == "boolean" and value in {"true", "false"}:
        return value == "true"
    return value


def _from_texts(texts: list[str], shape: Shape) -> Any:
    """Give a query parameter, which may be repeated, its member's type; None when it is absent."""
    if isinstance(shape, ListShape):
        return [_from_text(text, shape.member) for text in texts] or None
    return texts[0] if texts else None


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def writer(service: Service, operation: OperationModel) -> Writer:
    shape = operation.output_shape
    status = int(operation.http.get("responseCode", 200))
    content_type = ("Content-Type", service.content_type)
    write_body = _body_writer(shape)
    places = _placed_members(shape)

    def write_answer(answer: Mapping[str, Any] | None, request_id: str) -> HttpResponse:
        values = answer or {}
        headers: Headers = (content_type, ("x-amzn-RequestId", request_id))
        own_status = status
        for name, location, wire_name, member in places:
            value = values.get(name)
            if value is None:
                continue
            if location == "statusCode":
                own_status = int(value)
            else:
                headers += _headers(location, wire_name, value, member)
        return HttpResponse(own_status, headers, b"" if own_status == 204 else write_body(values))

    return write_answer


def _placed_members(shape: StructureShape | None) -> tuple[tuple[str, str, str, Shape], ...]:
    members = shape.members.items() if shape is not None else ()
    return tuple(
        (name, member.serialization["location"], str(member.serialization.get("name", name)), member)
        for name, member in members
        if "location" in member.serialization
    )


def _headers(location: str, wire_name: str, value: Any, member: Shape) -> Headers:
    if location == "headers" and isinstance(member, MapShape):
        return tuple((wire_name + key, _header_value(item)) for key, item in value.items())
    return ((wire_name, _header_value(value)),)


def _header_value(value: Any) -> str:
    if type(value) is bool:
        return "true" if value else "false"
    return quote(str(value), safe="".join(map(chr, range(0x20, 0x7F))))


def _body_writer(shape: StructureShape | None) -> Callable[[Mapping[str, Any]], bytes]:
    if shape is None:
        return lambda _: b""
    payload = shape.serialization.get("payload")
    if payload is not None:
        return _payload_writer(payload, shape.members[payload])
    write = json_writer(shape)
    placed = {name for name, *_ in _placed_members(shape)}

    def write_body(values: Mapping[str, Any]) -> bytes:
        body = {name: value for name, value in values.items() if name not in placed}
        return orjson.dumps(write(body) if write else body)

    return write_body


def _payload_writer(name: str, member: Shape) -> Callable[[Mapping[str, Any]], bytes]:
    if member.type_name == "blob":
        return lambda values: cast("bytes", values.get(name) or b"")
    if member.type_name == "string":
        return lambda values: str(values.get(name) or "").encode()
    write = json_writer(member)

    def write_payload(values: Mapping[str, Any]) -> bytes:
        value = values.get(name)
        return b"{}" if value is None else orjson.dumps(write(value) if write else value)

    return write_payload


def refuse(service: Service, refusal: Refusal, request_id: str) -> HttpResponse:
    """Write an error.  Source: spec SIGV4 section 6; the capital `Message` of denials: spec STS_IAM section 4."""
    key = "Message" if refusal.code == "AccessDeniedException" else "message"
    kind = "User" if refusal.status < 500 else "Service"
    headers = (
        ("Content-Type", service.content_type),
        ("x-amzn-RequestId", request_id),
        ("x-amzn-ErrorType", refusal.code),
        ("x-amzn-ErrorMessage", header_text(refusal.message)),
    )
    return HttpResponse(refusal.status, headers, orjson.dumps({"Type": kind, key: refusal.message}))
