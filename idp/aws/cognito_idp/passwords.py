"""Passwords: forgotten, changed, reset and set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.cognito_idp.origins import origin_of
from idp.aws.cognito_idp.resources import named_user, user_of, user_pool_arn, user_pool_of
from idp.aws.cognito_idp.user_shapes import code_delivery_details
from idp.aws.registry import operation
from idp.flows import password_changes, recovery
from idp.flows.access import authenticate_access_token

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        AdminResetUserPasswordRequest,
        AdminResetUserPasswordResponse,
        AdminSetUserPasswordRequest,
        AdminSetUserPasswordResponse,
        ChangePasswordRequest,
        ChangePasswordResponse,
        ConfirmForgotPasswordRequest,
        ConfirmForgotPasswordResponse,
        ForgotPasswordRequest,
        ForgotPasswordResponse,
    )


@operation("cognito-idp")
def forgot_password(context: Context, request: ForgotPasswordRequest) -> ForgotPasswordResponse:
    named = named_user(context, request)
    delivery = recovery.forgot_password(context.services, named, client_metadata=request.get("ClientMetadata"))
    return {"CodeDeliveryDetails": code_delivery_details(delivery)}


@operation("cognito-idp")
def confirm_forgot_password(context: Context, request: ConfirmForgotPasswordRequest) -> ConfirmForgotPasswordResponse:
    named = named_user(context, request)
    recovery.confirm_forgot_password(
        context.services,
        named,
        code=request["ConfirmationCode"],
        password=request["Password"],
        client_metadata=request.get("ClientMetadata"),
    )
    return {}


@operation("cognito-idp")
def change_password(context: Context, request: ChangePasswordRequest) -> ChangePasswordResponse:
    grant = authenticate_access_token(context.services, request["AccessToken"])
    password_changes.change_password(
        context.services,
        grant.user_pool,
        grant.user,
        previous=request.get("PreviousPassword"),
        proposed=request["ProposedPassword"],
        client_id=grant.client_id,
        origin=origin_of(context, None, request),
    )
    return {}


@operation("cognito-idp", resource=user_pool_arn)
def admin_reset_user_password(
    context: Context, request: AdminResetUserPasswordRequest
) -> AdminResetUserPasswordResponse:
    user_pool = user_pool_of(context, request)
    user = user_of(context, user_pool, request)
    recovery.admin_reset_user_password(context.services, user_pool, user, client_metadata=request.get("ClientMetadata"))
    return {}


@operation("cognito-idp", resource=user_pool_arn)
def admin_set_user_password(context: Context, request: AdminSetUserPasswordRequest) -> AdminSetUserPasswordResponse:
    user_pool = user_pool_of(context, request)
    user = user_of(context, user_pool, request)
    password_changes.admin_set_user_password(
        context.services,
        user_pool,
        user,
        password=request["Password"],
        is_permanent=request.get("Permanent", False),
    )
    return {}
