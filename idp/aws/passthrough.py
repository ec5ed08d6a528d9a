"""DynamoDB, which we do not implement: authorized here, answered by a backend.

Source: spec LAMBDA section 2; STS_IAM section 5.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson

from idp.aws.errors import GeneralError, Invalid, Malformed
from idp.aws.http import HttpResponse
from idp.aws.models import operation_model
from idp.aws.protocols import json
from idp.aws.shapes import input_checker
from idp.domain.dynamodb_operations import SERVED
from idp.domain.errors import AccessDenied
from idp.flows.table_access import TableRequest, authorize_tables
from idp.services import BackendRequest

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.directory import Service
    from idp.aws.http import HttpRequest


def handle(context: Context, service: Service, request: HttpRequest) -> HttpResponse:
    """Answer a request to DynamoDB or its streams, of a principal whose signature is verified.

    Raises:
        GeneralError: no such operation, none that is passed on, or its parameters cannot be read.
        AccessDenied: a policy refuses.
        Invalid: the parameters break the model's constraints.
    """
    principal = context.principal
    if principal is None:
        raise AccessDenied
    operation = json.operation_name(service, request)
    json.require_media_type(request)
    violations_of = _checker(service.id, operation)
    parameters = _read(request.body)
    violations = violations_of(parameters)
    asked = TableRequest(principal, context.region, operation, parameters, not violations, context.condition_keys)
    authorize_tables(context.services, asked)
    if violations:
        raise Invalid(violations)
    target = {"X-Amz-Target": request.header("x-amz-target") or ""}
    response = context.services.dynamodb.call(
        BackendRequest(service.id, principal.account, context.region, target, orjson.dumps(parameters))
    )
    return HttpResponse(response.status, tuple(response.headers.items()), response.body)


@cache
def _checker(service: str, operation: str) -> Callable[[Any], list[str]]:
    """Return what tells the violations of an operation's constraints.

    Raises:
        GeneralError: no such operation, or none that is passed on.
    """
    model = operation_model(service, operation)
    if model is None:
        raise GeneralError("UnknownOperationException", "")
    if operation not in SERVED:
        raise GeneralError("UnknownOperationException", f"The operation {operation} is declined by this server.")
    check = input_checker(model)
    return lambda parameters: check(parameters)[1]


def _read(body: bytes) -> dict[str, Any]:
    """Return the parameters without null members, which count as absent.

    What the backend gets is written anew from them: it must not read anything else out of the body than was decided on.
    """
    parameters = json.parse_json(body)
    if type(parameters) is not dict:
        raise Malformed("Start of list found where not expected." if type(parameters) is list else "Expected structure")
    present: dict[str, Any] = _without_nulls(parameters)
    return present


def _without_nulls(value: Any) -> Any:
    if type(value) is dict:
        return {name: _without_nulls(each) for name, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if type(value) is list else value
