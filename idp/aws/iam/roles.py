"""IAM roles: create, get, list, delete, and who may assume them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from idp.aws.context import Context
from idp.aws.iam.markers import page_of
from idp.aws.iam.rendering import encoded, read_tags, refuse_boundary, shown_tags
from idp.aws.registry import operation
from idp.domain.iam import role_arn
from idp.flows import iam_roles

if TYPE_CHECKING:
    from idp.aws.types import iam as types
    from idp.domain.iam import Role


def named_role(context: Context, request: Mapping[str, Any]) -> str:
    """Return the ARN of the role a request names."""
    return iam_roles.arn_of_role(context.services, context.account, request["RoleName"])


def _new_role(context: Context, request: Mapping[str, Any]) -> str:
    return role_arn(context.account, request.get("Path", "/"), request["RoleName"])


def _roles_below(context: Context, request: Mapping[str, Any]) -> str:
    return role_arn(context.account, request.get("PathPrefix", "/"), "*")


@operation("iam", resource=_new_role)
def create_role(context: Context, request: types.CreateRoleRequest) -> types.CreateRoleResponse:
    refuse_boundary(request)
    role = iam_roles.create_role(
        context.services,
        context.account,
        request["RoleName"],
        trust_policy=request["AssumeRolePolicyDocument"],
        path=request.get("Path", "/"),
        description=request.get("Description"),
        max_session_s=request.get("MaxSessionDuration", 3600),
        tags=read_tags(request.get("Tags", ())),
    )
    return {"Role": _shown(role)}


@operation("iam", resource=named_role)
def get_role(context: Context, request: types.GetRoleRequest) -> types.GetRoleResponse:
    return {"Role": _shown(iam_roles.get_role(context.services, context.account, request["RoleName"]))}


@operation("iam", resource=_roles_below)
def list_roles(context: Context, request: types.ListRolesRequest) -> types.ListRolesResponse:
    prefix = request.get("PathPrefix", "/")
    page = page_of(
        context,
        request,
        "ListRoles",
        load=lambda after, limit: iam_roles.list_roles(
            context.services, context.account, path_prefix=prefix, after=after, limit=limit
        ),
        position=lambda role: role.path + role.name,
        of=prefix,
    )
    return {"Roles": [_shown(role) for role in page.rows], **page.tail}  # type: ignore[typeddict-item]


@operation("iam", resource=named_role)
def update_assume_role_policy(context: Context, request: types.UpdateAssumeRolePolicyRequest) -> None:
    iam_roles.update_assume_role_policy(
        context.services, context.account, request["RoleName"], request["PolicyDocument"]
    )


@operation("iam", resource=named_role)
def delete_role(context: Context, request: types.DeleteRoleRequest) -> None:
    iam_roles.delete_role(context.services, context.account, request["RoleName"])


def _shown(role: Role) -> types.Role:
    shown: types.Role = {
        "Path": role.path,
        "RoleName": role.name,
        "RoleId": role.id,
        "Arn": role.arn,
        "CreateDate": role.created_at,
        "AssumeRolePolicyDocument": encoded(role.trust_policy),
        "MaxSessionDuration": role.max_session_s,
    }
    if role.description is not None:
        shown["Description"] = role.description
    if tags := shown_tags(role.tags):
        shown["Tags"] = tags
    return shown
