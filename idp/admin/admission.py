"""Who may do what: every operation is signed for the service `idp` and decided by IAM policy, before anything is read.

An operation is the IAM action of its own name (`list_users` is `idp:ListUsers`). What concerns a pool, its clients and
its users is decided on the pool's ARN: a user goes by several names, and a policy on one of them could be gone round by
another. The ARN's region is the one in the pool's id, so that nobody chooses it by signing for another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import request
from werkzeug.exceptions import NotFound

from idp.admin.call import Call
from idp.authorizer.wsgi import wire_request
from idp.flows.authorize import require
from idp.flows.signed_requests import Caller, authenticate

if TYPE_CHECKING:
    from idp.services import Services

SERVICE = "idp"


def admit(services: Services, operation: str) -> Call:
    """Return the call of a request to an operation, whose signer IAM allows it.

    Args:
        operation: the name of its function.

    Raises:
        SignatureRefused, AccessDenied; NotFound: the path names what nothing can be called.
    """
    caller = authenticate(services, wire_request(request.environ, request.get_data()), signing_name=SERVICE)
    parts = request.view_args or {}
    _authorize(services, caller, action_of(operation), _resource(caller, parts))
    if any("\0" in part for part in parts.values()):
        raise NotFound
    return Call(services, caller.principal.account, caller.region)


def action_of(operation: str) -> str:
    """Return the IAM action of an operation."""
    return f"{SERVICE}:{operation_id(operation)}"


def operation_id(operation: str) -> str:
    """Return the operation's name as OpenAPI and IAM write it: `list_users` is `ListUsers`."""
    return "".join(word.capitalize() for word in operation.split("_"))


def _authorize(services: Services, caller: Caller, action: str, resource: str) -> None:
    if caller.principal.is_root:
        return
    context = {
        "aws:SourceIp": request.remote_addr or "127.0.0.1",
        "aws:UserAgent": request.headers.get("User-Agent", ""),
        "aws:RequestedRegion": caller.region,
    }
    require(services, caller.principal, action, resource, context)


def _resource(caller: Caller, parts: Mapping[str, Any]) -> str:
    pool_id = parts.get("userPoolId")
    if pool_id is None:
        return "*"
    return f"arn:aws:{SERVICE}:{pool_id.rpartition('_')[0]}:{caller.principal.account}:user-pool/{pool_id}"
