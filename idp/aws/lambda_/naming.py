"""Which function a request means, and what IAM decides on for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from idp.domain.errors import AccessDenied, InvalidParameter, ResourceNotFound
from idp.domain.function_name import FunctionName, parse_function_name
from idp.flows.authorize import require

if TYPE_CHECKING:
    from idp.aws.context import Context


def named_function(context: Context, request: Mapping[str, Any], action: str) -> FunctionName:
    """Return the function that FunctionName and Qualifier name, one of the caller's account and region.

    Args:
        action: what IAM knows the operation by.

    Raises:
        AccessDenied: it is another account's: no function has a resource policy here.
        ResourceNotFound: it is another region's.
        InvalidParameter: the two contradict one another.
    """
    name = _parsed(context, request).with_qualifier(request.get("Qualifier"))
    if name.account != context.account:
        if context.principal is None:
            raise AccessDenied
        require(context.services, context.principal, action, name.arn)
    if name.region != context.region:
        raise ResourceNotFound(f"Functions from '{name.region}' are not reachable in this region ('{context.region}')")
    return name


def function_resource(context: Context, request: Mapping[str, Any]) -> str:
    """Return the ARN that IAM decides on; `*` for what is no name of a function, which the operation refuses."""
    try:
        return _parsed(context, request).arn
    except InvalidParameter:
        return "*"


def _parsed(context: Context, request: Mapping[str, Any]) -> FunctionName:
    return parse_function_name(request["FunctionName"], account=context.account, region=context.region)
