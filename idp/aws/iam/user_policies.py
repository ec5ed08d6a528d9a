"""Inline policies of users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.context import Context
from idp.aws.iam.markers import page_of
from idp.aws.iam.rendering import encoded
from idp.aws.iam.users import named_user
from idp.aws.registry import operation
from idp.flows import inline_policies
from idp.flows.inline_policies import user_owner

if TYPE_CHECKING:
    from idp.aws.types import iam as types


@operation("iam", resource=named_user)
def put_user_policy(context: Context, request: types.PutUserPolicyRequest) -> None:
    owner = user_owner(context.account, request["UserName"])
    inline_policies.put_policy(context.services, owner, request["PolicyName"], request["PolicyDocument"])


@operation("iam", resource=named_user)
def get_user_policy(context: Context, request: types.GetUserPolicyRequest) -> types.GetUserPolicyResponse:
    owner = user_owner(context.account, request["UserName"])
    document = inline_policies.get_policy(context.services, owner, request["PolicyName"])
    return {
        "UserName": request["UserName"],
        "PolicyName": request["PolicyName"],
        "PolicyDocument": encoded(document),
    }


@operation("iam", resource=named_user)
def list_user_policies(context: Context, request: types.ListUserPoliciesRequest) -> types.ListUserPoliciesResponse:
    owner = user_owner(context.account, request["UserName"])
    page = page_of(
        context,
        request,
        "ListUserPolicies",
        load=lambda after, limit: inline_policies.list_policies(context.services, owner, after=after, limit=limit),
        position=str,
        of=owner.name,
    )
    return {"PolicyNames": list(page.rows), **page.tail}  # type: ignore[typeddict-item]


@operation("iam", resource=named_user)
def delete_user_policy(context: Context, request: types.DeleteUserPolicyRequest) -> None:
    owner = user_owner(context.account, request["UserName"])
    inline_policies.delete_policy(context.services, owner, request["PolicyName"])
