"""Users: creating them by invitation, reading, listing, disabling and deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from idp.aws.cognito_idp.resources import user_of, user_pool_arn, user_pool_of
from idp.aws.cognito_idp.user_shapes import attribute_list, attribute_map, mfa_settings, user_type
from idp.aws.registry import operation
from idp.domain.attributes import attributes_of, readable_attributes
from idp.domain.filtering import parse_filter
from idp.flows import users as flow
from idp.flows.access import authenticate_access_token
from idp.flows.invitations import Invitation, admin_create_user as create_user, resend_invitation
from idp.flows.lookups import get_client
from idp.flows.paging import open_page_token, seal_page_token

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        AdminCreateUserRequest,
        AdminCreateUserResponse,
        AdminDeleteUserRequest,
        AdminDisableUserRequest,
        AdminDisableUserResponse,
        AdminEnableUserRequest,
        AdminEnableUserResponse,
        AdminGetUserRequest,
        AdminGetUserResponse,
        DeleteUserRequest,
        GetUserRequest,
        GetUserResponse,
        ListUsersRequest,
        ListUsersResponse,
    )
    from idp.domain.message import Medium

DEFAULT_PAGE = 60


@operation("cognito-idp", resource=user_pool_arn)
def admin_create_user(context: Context, request: AdminCreateUserRequest) -> AdminCreateUserResponse:
    mediums = request.get("DesiredDeliveryMediums")
    invitation = Invitation(
        username=request["Username"],
        attributes=attribute_map(request.get("UserAttributes")),
        temporary_password=request.get("TemporaryPassword"),
        mediums=cast("tuple[Medium, ...]", tuple(mediums)) if mediums else None,  # the model's enum
        is_silent=request.get("MessageAction") == "SUPPRESS",
        forces_alias=request.get("ForceAliasCreation", False),
        validation_data=attribute_map(request["ValidationData"]) if "ValidationData" in request else None,
        client_metadata=request.get("ClientMetadata"),
    )
    invite = resend_invitation if request.get("MessageAction") == "RESEND" else create_user
    return {"User": user_type(invite(context.services, user_pool_of(context, request), invitation))}


@operation("cognito-idp", resource=user_pool_arn)
def admin_get_user(context: Context, request: AdminGetUserRequest) -> AdminGetUserResponse:
    user = user_of(context, user_pool_of(context, request), request)
    return {
        "Username": user.username,
        "UserAttributes": attribute_list(attributes_of(user)),
        "UserCreateDate": user.created_at,
        "UserLastModifiedDate": user.updated_at,
        "Enabled": user.enabled,
        "UserStatus": user.status.value,
        **mfa_settings(user),
    }


@operation("cognito-idp", resource=user_pool_arn)
def admin_delete_user(context: Context, request: AdminDeleteUserRequest) -> None:
    flow.admin_delete_user(context.services, user_pool_of(context, request), request["Username"])


@operation("cognito-idp", resource=user_pool_arn)
def admin_disable_user(context: Context, request: AdminDisableUserRequest) -> AdminDisableUserResponse:
    flow.admin_disable_user(context.services, user_pool_of(context, request), request["Username"])
    return {}


@operation("cognito-idp", resource=user_pool_arn)
def admin_enable_user(context: Context, request: AdminEnableUserRequest) -> AdminEnableUserResponse:
    flow.admin_enable_user(context.services, user_pool_of(context, request), request["Username"])
    return {}


@operation("cognito-idp", resource=user_pool_arn)
def list_users(context: Context, request: ListUsersRequest) -> ListUsersResponse:
    services, user_pool = context.services, user_pool_of(context, request)
    condition = parse_filter(request.get("Filter", ""))
    wanted = request.get("AttributesToGet") or None
    bound_to = ["ListUsers", context.account, user_pool.id, request.get("Filter"), *sorted(wanted or ())]
    after = open_page_token(services, request.get("PaginationToken"), bound_to=bound_to)
    limit = request.get("Limit") or DEFAULT_PAGE
    # Sealed below, in this form.
    place = cast("tuple[str, int] | None", None if after is None else tuple(after))
    users = flow.list_users(services, user_pool, condition, after=place, limit=limit + 1)
    answer: ListUsersResponse = {"Users": [user_type(each, wanted) for each in users[:limit]]}
    if len(users) > limit:
        answer["PaginationToken"] = seal_page_token(
            services, flow.place_of(users[limit - 1], condition), bound_to=bound_to
        )
    return answer


@operation("cognito-idp")
def get_user(context: Context, request: GetUserRequest) -> GetUserResponse:
    grant = authenticate_access_token(context.services, request["AccessToken"])
    client = get_client(context.services, grant.client_id)
    return {
        "Username": grant.user.username,
        "UserAttributes": attribute_list(readable_attributes(client, grant.user)),
        **mfa_settings(grant.user),
    }


@operation("cognito-idp")
def delete_user(context: Context, request: DeleteUserRequest) -> None:
    grant = authenticate_access_token(context.services, request["AccessToken"])
    flow.delete_user(context.services, grant.user)
