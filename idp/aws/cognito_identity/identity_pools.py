"""Identity pools and the roles they give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from idp.aws.context import Context
from idp.aws.registry import operation
from idp.domain.identity_pool import pool_arn
from idp.flows import identity_pools
from idp.flows.paging import open_page_token, seal_page_token

if TYPE_CHECKING:
    from idp.aws.types import cognito_identity as types
    from idp.domain.identity_pool import IdentityPool

_NOT_SETTINGS = frozenset({"IdentityPoolId", "IdentityPoolName"})


def named_pool(context: Context, request: Mapping[str, Any]) -> str:
    """Return the ARN of the pool a request names."""
    return pool_arn(context.account, request["IdentityPoolId"])


@operation("cognito-identity")
def create_identity_pool(context: Context, request: types.CreateIdentityPoolInput) -> types.IdentityPool:
    pool = identity_pools.create_identity_pool(
        context.services,
        context.account,
        context.region,
        name=request["IdentityPoolName"],
        settings=_settings(request),
    )
    return _shown(pool)


@operation("cognito-identity", resource=named_pool)
def describe_identity_pool(context: Context, request: types.DescribeIdentityPoolInput) -> types.IdentityPool:
    return _shown(_get(context, request["IdentityPoolId"]))


@operation("cognito-identity", resource=named_pool)
def update_identity_pool(context: Context, request: types.IdentityPool) -> types.IdentityPool:
    pool = identity_pools.update_identity_pool(
        context.services,
        context.account,
        request["IdentityPoolId"],
        name=request["IdentityPoolName"],
        settings=_settings(request),
    )
    return _shown(pool)


@operation("cognito-identity", resource=named_pool)
def delete_identity_pool(context: Context, request: types.DeleteIdentityPoolInput) -> None:
    identity_pools.delete_identity_pool(context.services, context.account, request["IdentityPoolId"])


@operation("cognito-identity")
def list_identity_pools(context: Context, request: types.ListIdentityPoolsInput) -> types.ListIdentityPoolsResponse:
    bound_to = ("ListIdentityPools", context.account, context.region)
    begin = open_page_token(context.services, request.get("NextToken"), bound_to=bound_to)
    limit = request["MaxResults"]
    pools = identity_pools.list_identity_pools(
        context.services, context.account, context.region, after=str(begin[0]) if begin else "", limit=limit + 1
    )
    answer: types.ListIdentityPoolsResponse = {
        "IdentityPools": [{"IdentityPoolId": pool.id, "IdentityPoolName": pool.name} for pool in pools[:limit]]
    }
    if len(pools) > limit:
        answer["NextToken"] = seal_page_token(context.services, [pools[limit - 1].id], bound_to=bound_to)
    return answer


@operation("cognito-identity", resource=named_pool)
def set_identity_pool_roles(context: Context, request: types.SetIdentityPoolRolesInput) -> None:
    assert context.principal is not None, "a signed operation"
    identity_pools.set_identity_pool_roles(
        context.services,
        context.principal,
        request["IdentityPoolId"],
        roles=request["Roles"],
        role_mappings=request.get("RoleMappings", {}),
    )


@operation("cognito-identity", resource=named_pool)
def get_identity_pool_roles(
    context: Context, request: types.GetIdentityPoolRolesInput
) -> types.GetIdentityPoolRolesResponse:
    pool = _get(context, request["IdentityPoolId"])
    answer: types.GetIdentityPoolRolesResponse = {"IdentityPoolId": pool.id, "Roles": pool.roles}
    if pool.role_mappings:
        answer["RoleMappings"] = pool.role_mappings  # type: ignore[typeddict-item]  # as it was given
    return answer


def _get(context: Context, pool_id: str) -> IdentityPool:
    return identity_pools.get_identity_pool(context.services, pool_id, account=context.account)


def _settings(request: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in request.items() if name not in _NOT_SETTINGS}


def _shown(pool: IdentityPool) -> types.IdentityPool:
    named: dict[str, Any] = {"IdentityPoolId": pool.id, "IdentityPoolName": pool.name, "IdentityPoolTags": {}}
    return {**named, **pool.settings}  # type: ignore[typeddict-item]  # the settings are the API's own members
