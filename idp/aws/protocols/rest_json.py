"""REST-JSON: the operation by method and path; parameters in path, query string, headers and body."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import orjson
from botocore.model import StructureShape

from idp.aws.errors import GeneralError, Refusal, ServiceError
from idp.aws.http import HttpRequest, HttpResponse
from idp.aws.models import service_model
from idp.aws.protocols.json import error_message_header
from idp.aws.protocols.rest_answers import writer
from idp.aws.protocols.rest_parameters import reader
from idp.aws.protocols.rest_paths import find_operation

if TYPE_CHECKING:
    from idp.aws.directory import Service

__all__ = ["operation_name", "reader", "refuse", "require_media_type", "unknown_operation", "writer"]

FORBIDDEN_MEDIA_TYPES = frozenset({"text/xml", "application/xml"})


def operation_name(service: Service, request: HttpRequest) -> str:
    name = find_operation(service.id, request.method, raw_path=request.raw_path, raw_query=request.raw_query)
    if name is None:
        raise unknown_operation(service, request)
    return name


def unknown_operation(_service: Service, request: HttpRequest) -> ServiceError:
    """Return the refusal of a method and path that no operation has."""
    return ServiceError("UnknownOperationException", f"No operation is at {request.method} {request.raw_path}", 404)


def require_media_type(request: HttpRequest) -> None:
    """Take any body that does not claim to be XML: clients send JSON as octets and payloads as anything."""
    if request.media_type in FORBIDDEN_MEDIA_TYPES:
        raise GeneralError("UnsupportedMediaTypeException", "The Content-Type must be application/json.")


def refuse(service: Service, refusal: Refusal, request_id: str) -> HttpResponse:
    """Write an error: its modelled members, or just the message.

    Source: spec SIGV4 section 6; the capital `Message` of denials: spec STS_IAM section 4.
    """
    message_name, has_type = _error_members(service.id, refusal.code)
    body = {"Type": "User" if refusal.status < 500 else "Service"} if has_type else {}
    body[message_name] = refusal.message
    headers = (
        ("Content-Type", service.content_type),
        ("x-amzn-RequestId", request_id),
        ("x-amzn-ErrorType", refusal.code),
        *error_message_header(refusal),
    )
    return HttpResponse(refusal.status, headers, orjson.dumps(body))


@cache
def _error_members(service: str, code: str) -> tuple[str, bool]:
    """Return how the model of an error spells `message`, and whether it has a `Type`."""
    if code == "AccessDeniedException":
        return "Message", False
    shape = next((each for each in service_model(service).error_shapes if each.name == code), None)
    members = shape.members if isinstance(shape, StructureShape) else {}
    return next((name for name in members if name.lower() == "message"), "message"), "Type" in members
