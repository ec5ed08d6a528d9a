"""IAM users: create, get, list, delete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from idp.aws.context import Context
from idp.aws.errors import ServiceError
from idp.aws.iam.markers import page_of
from idp.aws.iam.rendering import read_tags, refuse_boundary, shown_tags
from idp.aws.registry import operation
from idp.domain.iam import user_arn
from idp.flows import iam_users

if TYPE_CHECKING:
    from idp.aws.types import iam as types
    from idp.domain.iam import IamUser

OTHER_CREDENTIALS = "Must specify userName when calling with non-User credentials"


def named_user(context: Context, request: Mapping[str, Any]) -> str:
    """Return the ARN of the user a request names, or of whoever signed it."""
    if "UserName" not in request and context.principal is not None:
        return context.principal.arn
    return iam_users.arn_of_user(context.services, context.account, request["UserName"])


def _new_user(context: Context, request: Mapping[str, Any]) -> str:
    return user_arn(context.account, request.get("Path", "/"), request["UserName"])


def _users_below(context: Context, request: Mapping[str, Any]) -> str:
    return user_arn(context.account, request.get("PathPrefix", "/"), "*")


@operation("iam", resource=_new_user)
def create_user(context: Context, request: types.CreateUserRequest) -> types.CreateUserResponse:
    refuse_boundary(request)
    user = iam_users.create_user(
        context.services,
        context.account,
        request["UserName"],
        path=request.get("Path", "/"),
        tags=read_tags(request.get("Tags", ())),
    )
    return {"User": _shown(user)}


@operation("iam", resource=named_user)
def get_user(context: Context, request: types.GetUserRequest) -> types.GetUserResponse:
    name = request.get("UserName") or _own_name(context)
    return {"User": _shown(iam_users.get_user(context.services, context.account, name))}


@operation("iam", resource=_users_below)
def list_users(context: Context, request: types.ListUsersRequest) -> types.ListUsersResponse:
    prefix = request.get("PathPrefix", "/")
    page = page_of(
        context,
        request,
        "ListUsers",
        load=lambda after, limit: iam_users.list_users(
            context.services, context.account, path_prefix=prefix, after=after, limit=limit
        ),
        position=lambda user: user.path + user.name,
        of=prefix,
    )
    return {"Users": [_shown(user) for user in page.rows], **page.tail}  # type: ignore[typeddict-item]


@operation("iam", resource=named_user)
def delete_user(context: Context, request: types.DeleteUserRequest) -> None:
    iam_users.delete_user(context.services, context.account, request["UserName"])


def _own_name(context: Context) -> str:
    if context.principal is None or context.principal.kind != "user":
        raise ServiceError("ValidationError", OTHER_CREDENTIALS)
    return context.principal.name


def _shown(user: IamUser) -> types.User:
    shown: types.User = {
        "Path": user.path,
        "UserName": user.name,
        "UserId": user.id,
        "Arn": user.arn,
        "CreateDate": user.created_at,
    }
    if tags := shown_tags(user.tags):
        shown["Tags"] = tags
    return shown
