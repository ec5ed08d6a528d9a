"""Inline policies of roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.context import Context
from idp.aws.iam.markers import page_of
from idp.aws.iam.rendering import encoded
from idp.aws.iam.roles import named_role
from idp.aws.registry import operation
from idp.flows import inline_policies
from idp.flows.inline_policies import role_owner

if TYPE_CHECKING:
    from idp.aws.types import iam as types


@operation("iam", resource=named_role)
def put_role_policy(context: Context, request: types.PutRolePolicyRequest) -> None:
    owner = role_owner(context.account, request["RoleName"])
    inline_policies.put_policy(context.services, owner, request["PolicyName"], request["PolicyDocument"])


@operation("iam", resource=named_role)
def get_role_policy(context: Context, request: types.GetRolePolicyRequest) -> types.GetRolePolicyResponse:
    owner = role_owner(context.account, request["RoleName"])
    document = inline_policies.get_policy(context.services, owner, request["PolicyName"])
    return {
        "RoleName": request["RoleName"],
        "PolicyName": request["PolicyName"],
        "PolicyDocument": encoded(document),
    }


@operation("iam", resource=named_role)
def list_role_policies(context: Context, request: types.ListRolePoliciesRequest) -> types.ListRolePoliciesResponse:
    owner = role_owner(context.account, request["RoleName"])
    page = page_of(
        context,
        request,
        "ListRolePolicies",
        load=lambda after, limit: inline_policies.list_policies(context.services, owner, after=after, limit=limit),
        position=str,
        of=owner.name,
    )
    return {"PolicyNames": list(page.rows), **page.tail}  # type: ignore[typeddict-item]


@operation("iam", resource=named_role)
def delete_role_policy(context: Context, request: types.DeleteRolePolicyRequest) -> None:
    owner = role_owner(context.account, request["RoleName"])
    inline_policies.delete_policy(context.services, owner, request["PolicyName"])
