"""Reads a REST operation's parameters from path, query string, headers and body.

Source: Smithy, "HTTP binding traits".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from botocore.model import ListShape, OperationModel, Shape, StructureShape

from idp.aws.errors import Malformed
from idp.aws.moments import parse_moment
from idp.aws.protocols.json import parse_json
from idp.aws.protocols.rest_paths import labels_of, path_pattern

if TYPE_CHECKING:
    from idp.aws.http import HttpRequest
    from idp.aws.protocols.protocol import Reader


def reader(operation: OperationModel) -> Reader:
    shape = operation.input_shape
    if shape is None:
        return lambda _: {}
    path, labels = path_pattern(operation), labels_of(operation)
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
    if shape.type_name == "timestamp":
        return parse_moment(value)
    if shape.type_name == "boolean" and value in {"true", "false"}:
        return value == "true"
    return value


def _from_texts(texts: list[str], shape: Shape) -> Any:
    """Give a query parameter, which may be repeated, its member's type; None when it is absent."""
    if isinstance(shape, ListShape):
        return [_from_text(text, shape.member) for text in texts] or None
    return texts[0] if texts else None
