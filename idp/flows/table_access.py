"""May a principal make a DynamoDB request?  Asked for every table it touches, with the keys and attributes it names.

Source: spec LAMBDA section 2, "Context keys to extract before authorising"; STS_IAM section 5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from idp.domain import policy
from idp.domain.dynamodb_expression import Unreadable
from idp.domain.dynamodb_operations import ITEMS, STATEMENTS
from idp.domain.dynamodb_request import TableAccess, bare_accesses, read_accesses
from idp.domain.errors import AccessDenied, ResourceNotFound
from idp.flows.authorize import grants_of, identity_policies, require, session_policies_of

if TYPE_CHECKING:
    from idp.domain.principal import Principal
    from idp.flows.authorize import ConditionKeys
    from idp.services import Services

PREFIX = "dynamodb:"

_ARN = re.compile(
    r"(arn:aws[a-z-]*:dynamodb:(?P<region>[a-z0-9-]*):(?P<account>\d{12}):(?P<path>[^|]+))(?:\|.*)?", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class TableRequest:
    """A DynamoDB request of a verified principal.

    Attributes:
        region: that the request is signed for; its tables are of the principal's account there.
        parameters: without null members.
        is_well_formed: the parameters have the form that the service's model wants. The others' request is not carried
            out; only its TableName counts.
        context: condition keys of the request as a whole.
    """

    principal: Principal
    region: str
    operation: str
    parameters: Mapping[str, Any]
    is_well_formed: bool
    context: ConditionKeys


def authorize_tables(services: Services, request: TableRequest) -> None:
    """Let the principal make the request.

    Raises:
        AccessDenied: in AWS's sentence.
        ResourceNotFound: a table of another region is named by its ARN.
    """
    if request.operation in STATEMENTS:
        _require_root(request)
        return
    for access in _accesses(services, request):
        resource = _own_resource(services, request, access)
        if not request.principal.is_root:
            keys = {**request.context, **access.keys}
            require(services, request.principal, PREFIX + access.operation, resource, keys)


def _require_root(request: TableRequest) -> None:
    if not request.principal.is_root:
        raise AccessDenied(
            f"User: {request.principal.arn} is not authorized to perform: {PREFIX}{request.operation} "
            "because PartiQL statements are served to the account's root only"
        )


def _accesses(services: Services, request: TableRequest) -> list[TableAccess]:
    """Return what to ask for: with condition keys where a policy has conditions on them.

    Raises:
        AccessDenied: a policy has such conditions, and the keys cannot be told.
    """
    if not request.is_well_formed:
        table = request.parameters.get("TableName")
        return [TableAccess(request.operation, table if isinstance(table, str) else None)]
    bare = bare_accesses(request.operation, request.parameters)
    if request.operation not in ITEMS or not _has_conditions_on_keys(services, request.principal):
        return bare
    try:
        return read_accesses(
            request.operation, request.parameters, lambda table: _partition_keys(services, request, table)
        )
    except Unreadable as error:
        raise _refusal(request, bare[0]) from error


def _refusal(request: TableRequest, access: TableAccess) -> AccessDenied:
    action = PREFIX + access.operation
    reason = f"because no identity-based policy allows the {action} action"
    decision = policy.Decision(allowed=False, explicit=False, reason=reason)
    resource = access.table if access.table is None else _arn(request, access.table, access.index)
    return AccessDenied(policy.denial_message(request.principal.arn, action, resource, decision))


def _has_conditions_on_keys(services: Services, principal: Principal) -> bool:
    """Tell whether a policy of the principal or its session has a condition on a `dynamodb:` key."""
    grants = grants_of(services, principal)
    if principal.is_root or grants is None:
        return False
    return any(
        condition.folded_key.startswith(PREFIX)
        for document in (*identity_policies(grants), *(session_policies_of(principal) or ()))
        for statement in document.statements
        for condition in statement.conditions
    )


def _own_resource(services: Services, request: TableRequest, access: TableAccess) -> str:
    """Return the ARN that IAM decides on.

    Raises:
        AccessDenied: it is another account's: no table has a resource policy here.
        ResourceNotFound: it is another region's.
    """
    if access.table is None:
        return "*"
    named = _ARN.fullmatch(access.table)
    if named is not None and named["account"] != request.principal.account:
        require(services, request.principal, PREFIX + access.operation, named[1])
    if named is not None and named["region"] != request.region:
        raise ResourceNotFound
    return _arn(request, access.table, access.index)


def _arn(request: TableRequest, table: str, index: str | None) -> str:
    named = _ARN.fullmatch(table)
    arn = f"arn:aws:dynamodb:{request.region}:{request.principal.account}:table/{table}" if named is None else named[1]
    return arn if index is None else f"{arn}/index/{index}"


def _partition_keys(services: Services, request: TableRequest, table: str) -> Mapping[str | None, str]:
    named = _ARN.fullmatch(table)
    name = table if named is None else named["path"].removeprefix("table/")
    return services.dynamodb.partition_keys(request.principal.account, request.region, name)
