"""Identities of identity pools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.cognito_identity.identity_pools import named_pool
from idp.aws.context import Context
from idp.aws.registry import operation
from idp.flows import identities
from idp.flows.paging import open_page_token, seal_page_token

if TYPE_CHECKING:
    from idp.aws.types import cognito_identity as types
    from idp.domain.identity import Identity


@operation("cognito-identity")
def get_id(context: Context, request: types.GetIdInput) -> types.GetIdResponse:
    identity = identities.get_id(context.services, request["IdentityPoolId"], request.get("Logins", {}))
    return {"IdentityId": identity.id}


@operation("cognito-identity")
def describe_identity(context: Context, request: types.DescribeIdentityInput) -> types.IdentityDescription:
    return _shown(identities.get_identity(context.services, request["IdentityId"], account=context.account))


@operation("cognito-identity", resource=named_pool)
def list_identities(context: Context, request: types.ListIdentitiesInput) -> types.ListIdentitiesResponse:
    pool_id, limit = request["IdentityPoolId"], request["MaxResults"]
    with_disabled = not request.get("HideDisabled", False)
    bound_to = ("ListIdentities", context.account, pool_id, int(with_disabled))
    begin = open_page_token(context.services, request.get("NextToken"), bound_to=bound_to)
    found = identities.list_identities(
        context.services,
        context.account,
        pool_id,
        with_disabled=with_disabled,
        after=str(begin[0]) if begin else "",
        limit=limit + 1,
    )
    answer: types.ListIdentitiesResponse = {
        "IdentityPoolId": pool_id,
        "Identities": [_shown(identity) for identity in found[:limit]],
    }
    if len(found) > limit:
        answer["NextToken"] = seal_page_token(context.services, [found[limit - 1].id], bound_to=bound_to)
    return answer


def _shown(identity: Identity) -> types.IdentityDescription:
    return {
        "IdentityId": identity.id,
        "Logins": sorted({login.provider for login in identity.logins}),
        "CreationDate": identity.created_at,
        "LastModifiedDate": identity.updated_at,
    }
