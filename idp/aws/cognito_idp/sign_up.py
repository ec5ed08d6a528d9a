"""Signing up, and confirming it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.cognito_idp.origins import origin_of
from idp.aws.cognito_idp.resources import named_user, user_of, user_pool_arn, user_pool_of
from idp.aws.cognito_idp.user_shapes import attribute_map, code_delivery_details
from idp.aws.registry import operation
from idp.flows import confirmation, sign_up as flow
from idp.flows.lookups import get_client
from idp.flows.sign_up import Registration

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        AdminConfirmSignUpRequest,
        AdminConfirmSignUpResponse,
        ConfirmSignUpRequest,
        ConfirmSignUpResponse,
        ResendConfirmationCodeRequest,
        ResendConfirmationCodeResponse,
        SignUpRequest,
        SignUpResponse,
    )


@operation("cognito-idp")
def sign_up(context: Context, request: SignUpRequest) -> SignUpResponse:
    client = get_client(context.services, request["ClientId"])
    client.check_secret_hash(request.get("SecretHash"), request["Username"])
    registration = Registration(
        username=request["Username"],
        password=request.get("Password"),
        attributes=attribute_map(request.get("UserAttributes")),
        validation_data=attribute_map(request["ValidationData"]) if "ValidationData" in request else None,
        client_metadata=request.get("ClientMetadata"),
        origin=origin_of(context, client, request),
    )
    signed_up = flow.sign_up(context.services, client, registration)
    answer: SignUpResponse = {"UserConfirmed": signed_up.is_confirmed, "UserSub": signed_up.user.sub}
    if signed_up.delivery is not None:
        answer["CodeDeliveryDetails"] = code_delivery_details(signed_up.delivery)
    if signed_up.session is not None:
        answer["Session"] = signed_up.session
    return answer


@operation("cognito-idp")
def confirm_sign_up(context: Context, request: ConfirmSignUpRequest) -> ConfirmSignUpResponse:
    named = named_user(context, request)
    session = confirmation.confirm_sign_up(
        context.services,
        named,
        code=request["ConfirmationCode"],
        forces_alias=request.get("ForceAliasCreation", False),
        client_metadata=request.get("ClientMetadata"),
        session=request.get("Session"),
    )
    return {} if session is None else {"Session": session}


@operation("cognito-idp")
def resend_confirmation_code(
    context: Context, request: ResendConfirmationCodeRequest
) -> ResendConfirmationCodeResponse:
    named = named_user(context, request)
    delivery = confirmation.resend_confirmation_code(
        context.services, named, client_metadata=request.get("ClientMetadata")
    )
    return {"CodeDeliveryDetails": code_delivery_details(delivery)}


@operation("cognito-idp", resource=user_pool_arn)
def admin_confirm_sign_up(context: Context, request: AdminConfirmSignUpRequest) -> AdminConfirmSignUpResponse:
    user_pool = user_pool_of(context, request)
    user = user_of(context, user_pool, request)
    confirmation.admin_confirm_sign_up(context.services, user_pool, user, client_metadata=request.get("ClientMetadata"))
    return {}
