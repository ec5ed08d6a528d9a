"""Writes a REST operation's answers: status, headers, and a body of members or of one payload.

Source: Smithy, "HTTP binding traits".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import orjson
from botocore.model import MapShape, OperationModel, Shape, StructureShape

from idp.aws.http import Headers, HttpResponse
from idp.aws.protocols.json_values import json_writer

if TYPE_CHECKING:
    from idp.aws.directory import Service
    from idp.aws.protocols.protocol import Writer


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
