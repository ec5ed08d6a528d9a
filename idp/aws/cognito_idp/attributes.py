"""Users' attributes: changing them, and adding to those a pool has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.cognito_idp.resources import user_pool_arn, user_pool_of
from idp.aws.cognito_idp.user_shapes import attribute_map, code_delivery_details
from idp.aws.registry import operation
from idp.flows import attributes as flow, own_attributes, user_pools
from idp.flows.own_attributes import authenticate_user

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        AddCustomAttributesRequest,
        AddCustomAttributesResponse,
        AdminDeleteUserAttributesRequest,
        AdminDeleteUserAttributesResponse,
        AdminUpdateUserAttributesRequest,
        AdminUpdateUserAttributesResponse,
        DeleteUserAttributesRequest,
        DeleteUserAttributesResponse,
        GetUserAttributeVerificationCodeRequest,
        GetUserAttributeVerificationCodeResponse,
        UpdateUserAttributesRequest,
        UpdateUserAttributesResponse,
        VerifyUserAttributeRequest,
        VerifyUserAttributeResponse,
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


@operation("cognito-idp", resource=user_pool_arn)
def admin_delete_user_attributes(
    context: Context, request: AdminDeleteUserAttributesRequest
) -> AdminDeleteUserAttributesResponse:
    deletions = dict.fromkeys(request["UserAttributeNames"], "")
    flow.admin_update_user_attributes(context.services, user_pool_of(context, request), request["Username"], deletions)
    return {}


@operation("cognito-idp")
def update_user_attributes(context: Context, request: UpdateUserAttributesRequest) -> UpdateUserAttributesResponse:
    deliveries = own_attributes.update_user_attributes(
        context.services,
        authenticate_user(context.services, request["AccessToken"]),
        attribute_map(request["UserAttributes"]),
        client_metadata=request.get("ClientMetadata"),
    )
    return {"CodeDeliveryDetailsList": [code_delivery_details(delivery) for delivery in deliveries]}


@operation("cognito-idp")
def delete_user_attributes(context: Context, request: DeleteUserAttributesRequest) -> DeleteUserAttributesResponse:
    signed_in = authenticate_user(context.services, request["AccessToken"])
    own_attributes.delete_user_attributes(context.services, signed_in, request["UserAttributeNames"])
    return {}


@operation("cognito-idp")
def get_user_attribute_verification_code(
    context: Context, request: GetUserAttributeVerificationCodeRequest
) -> GetUserAttributeVerificationCodeResponse:
    delivery = own_attributes.send_verification_code(
        context.services,
        authenticate_user(context.services, request["AccessToken"]),
        request["AttributeName"],
        client_metadata=request.get("ClientMetadata"),
    )
    return {"CodeDeliveryDetails": code_delivery_details(delivery)}


@operation("cognito-idp")
def verify_user_attribute(context: Context, request: VerifyUserAttributeRequest) -> VerifyUserAttributeResponse:
    signed_in = authenticate_user(context.services, request["AccessToken"])
    own_attributes.verify_user_attribute(context.services, signed_in, request["AttributeName"], code=request["Code"])
    return {}
