"""Invoke: run a function and wait, leave it an event, or only ask whether one may.

Source: AWS API_Invoke; spec LAMBDA section 1, "Mapping to Invoke results".
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

import orjson

from idp.aws.errors import ServiceError
from idp.aws.lambda_.naming import function_resource, named_function
from idp.aws.registry import operation
from idp.domain.function import LATEST
from idp.flows.functions import get_function

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.lambda_ import InvocationRequest, InvocationResponse

MAX_SYNCHRONOUS_BYTES = 6 * 1024 * 1024
MAX_EVENT_BYTES = 1024 * 1024


@operation("lambda", resource=function_resource, action="lambda:InvokeFunction")
def invoke(context: Context, request: InvocationRequest) -> InvocationResponse:
    name = named_function(context, request, "lambda:InvokeFunction")
    if name.qualifier is None:
        name = name.with_qualifier(LATEST)
    kind = request.get("InvocationType", "RequestResponse")
    payload = _payload(request, MAX_EVENT_BYTES if kind == "Event" else MAX_SYNCHRONOUS_BYTES)
    client_context = _client_context(request.get("ClientContext"))
    if kind == "DryRun":
        get_function(context.services, name)
        return {"StatusCode": 204}
    if kind == "Event":
        context.services.functions.enqueue(name.qualified_arn, payload, client_context=client_context)
        return {"StatusCode": 202}
    return _run(context, request, name.qualified_arn, payload=payload, client_context=client_context)


def _run(
    context: Context, request: InvocationRequest, arn: str, *, payload: bytes, client_context: str | None
) -> InvocationResponse:
    result = context.services.functions.invoke(arn, payload, client_context=client_context)
    answer: InvocationResponse = {
        "StatusCode": 200,
        "Payload": result.payload,
        "ExecutedVersion": result.executed_version,
    }
    if result.function_error is not None:
        answer["FunctionError"] = result.function_error
    if request.get("LogType") == "Tail":
        answer["LogResult"] = base64.b64encode(result.log_tail).decode()
    return answer


def _payload(request: InvocationRequest, limit: int) -> bytes:
    """Return the event: `{}` when none was sent.

    Raises:
        ServiceError: too large, or not JSON.
    """
    payload = request.get("Payload") or b"{}"
    if len(payload) > limit:
        raise ServiceError(
            "RequestTooLargeException",
            f"Request must be smaller than {limit} bytes for the InvokeFunction operation",
            413,
        )
    try:
        orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise ServiceError(
            "InvalidRequestContentException", f"Could not parse request body into json: {error}"
        ) from error
    return payload


def _client_context(given: str | None) -> str | None:
    """Return the client's context as JSON.

    Raises:
        ServiceError: not base64 of JSON.
    """
    if given is None:
        return None
    try:
        text = base64.b64decode(given, validate=True).decode()
        orjson.loads(text)
    except (binascii.Error, ValueError) as error:
        raise ServiceError(
            "InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object."
        ) from error
    return text
