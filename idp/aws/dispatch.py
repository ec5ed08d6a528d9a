"""One AWS request, top to bottom: find, parse, authenticate, authorize, check, run, answer."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from idp.authorizer.sigv4 import SignatureRefused
from idp.aws import declined, passthrough
from idp.aws.context import Context
from idp.aws.errors import GeneralError, Invalid, ServiceError, refusal_of
from idp.aws.models import operation_model
from idp.aws.protocols import PROTOCOLS, WireProtocol
from idp.aws.routing import find_service
from idp.aws.sigv4 import Caller, authenticate
from idp.domain.errors import DomainError
from idp.domain.request_quota import CATEGORY_OF
from idp.flows.authorize import require

if TYPE_CHECKING:
    from idp.aws.directory import Service
    from idp.aws.http import HttpRequest, HttpResponse
    from idp.aws.registry import Operation, Registry
    from idp.services import Services

USER_POOLS = "cognito-idp"
_log = logging.getLogger(__name__)
_SDK = re.compile(r"aws-sdk-(?P<language>[a-zA-Z0-9-]{1,32})/v?(?P<version>[0-9A-Za-z.+-]{1,32})")


def handle(services: Services, registry: Registry, request: HttpRequest) -> HttpResponse:
    """Answer an AWS request; every refusal and every bug leaves here in the protocol's own form."""
    request_id = services.random.uuid()
    service = find_service(request)
    protocol = PROTOCOLS[service.protocol]
    try:
        return _answer(services, registry, request, service=service, protocol=protocol, request_id=request_id)
    except (DomainError, ServiceError, GeneralError, Invalid, SignatureRefused) as error:
        refusal = refusal_of(error, service, operation=_name_asked_for(service, protocol, request))
    except Exception as error:  # noqa: BLE001 - the edge of the face: a bug becomes the service's internal error
        _log.error("request %s to %s failed: %s", request_id, service.id, _frames(error))
        refusal = refusal_of(error, service, operation=_name_asked_for(service, protocol, request))
    return protocol.refuse(service, refusal, request_id)


def body_limit(head: HttpRequest) -> int:
    """Return how many bytes a request, known by its head alone, may bring."""
    return find_service(head).max_body_bytes


def _answer(
    services: Services,
    registry: Registry,
    request: HttpRequest,
    *,
    service: Service,
    protocol: WireProtocol,
    request_id: str,
) -> HttpResponse:
    if len(request.body) > service.max_body_bytes:
        raise GeneralError("RequestTooLargeException", f"Request must be smaller than {service.max_body_bytes} bytes")
    if service.passed_through:
        caller = authenticate(services, service, request)
        return passthrough.handle(_context(services, request, caller, request_id=request_id), service, request)
    operation = _find_operation(registry, request, service=service, protocol=protocol)
    parameters, violations = operation.check(operation.read(request))
    caller_or_none = None if operation.is_unsigned else authenticate(services, service, request)
    context = _context(services, request, caller_or_none, request_id=request_id)
    if service.id == USER_POOLS:
        whose = f"{context.account}/{context.region}"
        services.request_quotas.take(CATEGORY_OF.get(operation.name), whose, services.clock.now())
    _authorize(operation, context, parameters)
    if violations:
        raise Invalid(violations)
    return operation.write(operation.function(context, parameters), request_id)


def _find_operation(registry: Registry, request: HttpRequest, *, service: Service, protocol: WireProtocol) -> Operation:
    name = protocol.operation_name(service, request)
    protocol.require_media_type(request)
    operation = registry.find(service.id, name)
    if operation is not None:
        return operation
    if operation_model(service.id, name) is None:
        raise protocol.unknown_operation(service, request)
    raise GeneralError("UnknownOperationException", declined.refusal(service.id, name))


def _name_asked_for(service: Service, protocol: WireProtocol, request: HttpRequest) -> str:
    """Return the name of the operation of a request that is refused; empty when it names none."""
    try:
        return protocol.operation_name(service, request)
    except (GeneralError, ServiceError):
        return ""


def _context(services: Services, request: HttpRequest, caller: Caller | None, *, request_id: str) -> Context:
    sdk = sdk_of(request.header("x-amz-user-agent") or request.header("user-agent") or "")
    return Context(
        services=services if sdk is None else replace(services, caller_sdk=sdk),
        principal=caller.principal if caller else None,
        account=caller.principal.account if caller else services.settings.account,
        region=caller.region if caller else services.settings.region,
        request_id=request_id,
        source_ip=request.source_ip,
        user_agent=request.header("user-agent") or "",
    )


def sdk_of(user_agent: str) -> str | None:
    """Return the AWS SDK that a User-Agent names, `aws-sdk-<language>-<version>`; None when it names none.

    Browsers keep their own User-Agent, so SDKs there send X-Amz-User-Agent.  Source: spec USER_POOLS section 8.1.
    """
    found = _SDK.match(user_agent)
    return f"aws-sdk-{found['language']}-{found['version']}" if found else None


def _authorize(operation: Operation, context: Context, parameters: Mapping[str, Any]) -> None:
    """Ask IAM, unless the operation is unsigned or asks itself, or the account itself signed.

    Raises:
        AccessDenied: policy refuses.
    """
    principal = context.principal
    if principal is None or principal.is_root or operation.authorizes_itself:
        return
    require(
        context.services,
        principal,
        operation.action,
        _resource(operation, context, parameters),
        context.condition_keys,
    )


def _resource(operation: Operation, context: Context, parameters: Mapping[str, Any]) -> str:
    """Return the ARN the operation acts on; `*` when it has none, or a required member that would name it is missing."""
    if operation.resource is None:
        return "*"
    try:
        return operation.resource(context, parameters)
    except KeyError:
        return "*"


def _frames(error: BaseException) -> str:
    """Return types and code lines of an error and its causes, without messages: those may hold what callers sent."""
    return "".join(
        f"\n{type(each).__name__}\n{''.join(traceback.format_tb(each.__traceback__))}" for each in _chain(error)
    )


def _chain(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain
