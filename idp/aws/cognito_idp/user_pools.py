"""User pools: making, reading, changing, deleting and listing them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from idp.aws.cognito_idp.resources import user_pool_arn
from idp.aws.cognito_idp.user_pool_answers import user_pool_description, user_pool_type
from idp.aws.errors import ServiceError
from idp.aws.registry import operation
from idp.domain.tags import find_fault_of_tags
from idp.flows import user_pools as flow
from idp.flows.paging import list_page
from idp.flows.user_pools import UserPoolState

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        CreateUserPoolRequest,
        CreateUserPoolResponse,
        DeleteUserPoolRequest,
        DescribeUserPoolRequest,
        DescribeUserPoolResponse,
        ListUserPoolsRequest,
        ListUserPoolsResponse,
        UpdateUserPoolRequest,
        UpdateUserPoolResponse,
    )

_NAMING = frozenset({"UserPoolId", "PoolName"})


@operation("cognito-idp")
def create_user_pool(context: Context, request: CreateUserPoolRequest) -> CreateUserPoolResponse:
    settings = _settings(request)
    created = flow.create_user_pool(
        context.services, account=context.account, region=context.region, name=request["PoolName"], settings=settings
    )
    return {"UserPool": user_pool_type(UserPoolState(created))}


@operation("cognito-idp", resource=user_pool_arn)
def describe_user_pool(context: Context, request: DescribeUserPoolRequest) -> DescribeUserPoolResponse:
    state = flow.describe_user_pool(context.services, request["UserPoolId"], account=context.account)
    return {"UserPool": user_pool_type(state)}


@operation("cognito-idp", resource=user_pool_arn)
def update_user_pool(context: Context, request: UpdateUserPoolRequest) -> UpdateUserPoolResponse:
    flow.update_user_pool(
        context.services,
        request["UserPoolId"],
        account=context.account,
        name=request.get("PoolName"),
        settings=_settings(request),
    )
    return {}


@operation("cognito-idp", resource=user_pool_arn)
def delete_user_pool(context: Context, request: DeleteUserPoolRequest) -> None:
    flow.delete_user_pool(context.services, request["UserPoolId"], account=context.account)


@operation("cognito-idp")
def list_user_pools(context: Context, request: ListUserPoolsRequest) -> ListUserPoolsResponse:
    page, token = list_page(
        context.services,
        lambda after, limit: flow.list_user_pools(
            context.services, account=context.account, region=context.region, after=after, limit=limit
        ),
        start="",
        place=lambda user_pool: user_pool.id,
        token=request.get("NextToken"),
        limit=request["MaxResults"],
        bound_to=["ListUserPools", context.account, context.region],
    )
    answer: ListUserPoolsResponse = {"UserPools": [user_pool_description(each) for each in page]}
    return {**answer, "NextToken": token} if token else answer


def _settings(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request's settings.

    Raises:
        ServiceError: too many tags, or reserved ones.
    """
    fault = find_fault_of_tags(request.get("UserPoolTags", {}))
    if fault is not None:
        raise ServiceError("UserPoolTaggingException", fault)
    return {name: value for name, value in request.items() if name not in _NAMING}
