"""Users' attributes: changing them, and adding to those a pool has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.cognito_idp.resources import user_pool_arn, user_pool_of
from idp.aws.cognito_idp.user_shapes import attribute_map
from idp.aws.registry import operation
from idp.flows import attributes as flow, user_pools

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        AddCustomAttributesRequest,
        AddCustomAttributesResponse,
        AdminUpdateUserAttributesRequest,
        AdminUpdateUserAttributesResponse,
    )


@operation("cognito-idp", resource=user_pool_arn)
def admin_update_user_attributes(
    context: Context, request: AdminUpdateUserAttributesRequest
) -> AdminUpdateUserAttributesResponse:
    flow.admin_update_user_attributes(
        context.services,
        user_pool_of(context, request),
        request["Username"],
        attribute_map(request["UserAttributes"]),
        client_metadata=request.get("ClientMetadata"),
    )
    return {}


@operation("cognito-idp", resource=user_pool_arn)
def add_custom_attributes(context: Context, request: AddCustomAttributesRequest) -> AddCustomAttributesResponse:
    user_pools.add_custom_attributes(
        context.services, request["UserPoolId"], account=context.account, documents=tuple(request["CustomAttributes"])
    )
    return {}
