"""Groups: making, reading, changing, deleting and listing them, and who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.cognito_idp.resources import user_pool_arn, user_pool_of
from idp.aws.cognito_idp.user_shapes import user_type
from idp.aws.registry import operation
from idp.domain.group import Group
from idp.flows import groups as flow
from idp.flows.paging import list_page

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        AdminAddUserToGroupRequest,
        AdminListGroupsForUserRequest,
        AdminListGroupsForUserResponse,
        AdminRemoveUserFromGroupRequest,
        CreateGroupRequest,
        CreateGroupResponse,
        DeleteGroupRequest,
        GetGroupRequest,
        GetGroupResponse,
        GroupType,
        ListGroupsRequest,
        ListGroupsResponse,
        ListUsersInGroupRequest,
        ListUsersInGroupResponse,
        UpdateGroupRequest,
        UpdateGroupResponse,
    )

DEFAULT_PAGE = 60


@operation("cognito-idp", resource=user_pool_arn)
def create_group(context: Context, request: CreateGroupRequest) -> CreateGroupResponse:
    now = context.services.clock.now()
    group = Group(
        user_pool_of(context, request).id,
        request["GroupName"],
        created_at=now,
        updated_at=now,
        description=request.get("Description"),
        role_arn=request.get("RoleArn"),
        precedence=request.get("Precedence"),
    )
    return {"Group": _group_type(flow.create_group(context.services, group))}


@operation("cognito-idp", resource=user_pool_arn)
def get_group(context: Context, request: GetGroupRequest) -> GetGroupResponse:
    group = flow.get_group(context.services, user_pool_of(context, request), request["GroupName"])
    return {"Group": _group_type(group)}


@operation("cognito-idp", resource=user_pool_arn)
def update_group(context: Context, request: UpdateGroupRequest) -> UpdateGroupResponse:
    group = flow.update_group(
        context.services,
        user_pool_of(context, request),
        request["GroupName"],
        description=request.get("Description"),
        role_arn=request.get("RoleArn"),
        precedence=request.get("Precedence"),
    )
    return {"Group": _group_type(group)}


@operation("cognito-idp", resource=user_pool_arn)
def delete_group(context: Context, request: DeleteGroupRequest) -> None:
    flow.delete_group(context.services, user_pool_of(context, request), request["GroupName"])


@operation("cognito-idp", resource=user_pool_arn)
def list_groups(context: Context, request: ListGroupsRequest) -> ListGroupsResponse:
    user_pool = user_pool_of(context, request)
    page, token = list_page(
        context.services,
        lambda after, limit: flow.list_groups(context.services, user_pool, after=after, limit=limit),
        start="",
        place=lambda group: group.name,
        token=request.get("NextToken"),
        limit=request.get("Limit") or DEFAULT_PAGE,
        bound_to=["ListGroups", context.account, user_pool.id],
    )
    answer: ListGroupsResponse = {"Groups": [_group_type(each) for each in page]}
    return {**answer, "NextToken": token} if token else answer


@operation("cognito-idp", resource=user_pool_arn)
def admin_add_user_to_group(context: Context, request: AdminAddUserToGroupRequest) -> None:
    user_pool = user_pool_of(context, request)
    flow.add_user_to_group(context.services, user_pool, request["Username"], request["GroupName"])


@operation("cognito-idp", resource=user_pool_arn)
def admin_remove_user_from_group(context: Context, request: AdminRemoveUserFromGroupRequest) -> None:
    user_pool = user_pool_of(context, request)
    flow.remove_user_from_group(context.services, user_pool, request["Username"], request["GroupName"])


@operation("cognito-idp", resource=user_pool_arn)
def admin_list_groups_for_user(
    context: Context, request: AdminListGroupsForUserRequest
) -> AdminListGroupsForUserResponse:
    user_pool, username = user_pool_of(context, request), request["Username"]
    page, token = list_page(
        context.services,
        lambda after, limit: flow.list_groups_of_user(context.services, user_pool, username, after=after, limit=limit),
        start="",
        place=lambda group: group.name,
        token=request.get("NextToken"),
        limit=request.get("Limit") or DEFAULT_PAGE,
        bound_to=["AdminListGroupsForUser", context.account, user_pool.id, username],
    )
    answer: AdminListGroupsForUserResponse = {"Groups": [_group_type(each) for each in page]}
    return {**answer, "NextToken": token} if token else answer


@operation("cognito-idp", resource=user_pool_arn)
def list_users_in_group(context: Context, request: ListUsersInGroupRequest) -> ListUsersInGroupResponse:
    user_pool, name = user_pool_of(context, request), request["GroupName"]
    page, token = list_page(
        context.services,
        lambda after, limit: flow.list_users_in_group(context.services, user_pool, name, after=after, limit=limit),
        start=0,
        place=lambda user: user.id,
        token=request.get("NextToken"),
        limit=request.get("Limit") or DEFAULT_PAGE,
        bound_to=["ListUsersInGroup", context.account, user_pool.id, name],
    )
    answer: ListUsersInGroupResponse = {"Users": [user_type(each) for each in page]}
    return {**answer, "NextToken": token} if token else answer


def _group_type(group: Group) -> GroupType:
    """Return a group as the API shows it; absent members are left out."""
    shown: GroupType = {
        "GroupName": group.name,
        "UserPoolId": group.pool_id,
        "LastModifiedDate": group.updated_at,
        "CreationDate": group.created_at,
    }
    if group.description is not None:
        shown["Description"] = group.description
    if group.role_arn is not None:
        shown["RoleArn"] = group.role_arn
    if group.precedence is not None:
        shown["Precedence"] = group.precedence
    return shown
