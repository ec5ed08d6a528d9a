from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.aws.cognito_identity.conftest import ACCOUNT, UserPool
from tests.aws.iam.policies import allow
from tests.sdk import refused


@pytest.fixture
def groups(a_role: Callable[..., str], pool_id: str, people: UserPool, roles: dict[str, str]) -> dict[str, str]:
    """Put ann into two groups of equal rank, each with a role of its own."""
    arns = {name: a_role(name, pool_id, allow("iam:ListRoles")) for name in ("readers", "writers")}
    for name, arn in arns.items():
        people.idp.create_group(UserPoolId=people.id, GroupName=name, RoleArn=arn, Precedence=1)
        people.idp.admin_add_user_to_group(UserPoolId=people.id, Username="ann", GroupName=name)
    return arns


@pytest.fixture
def role_of(
    admin: Any, public: Any, pool_id: str, people: UserPool, roles: dict[str, str], signing_with: Callable[..., Any]
) -> Callable[..., str]:
    """Set a role mapping and return the name of the role that ann then gets."""

    def get(mapping: dict[str, Any], **more: Any) -> str:
        key = f"{people.provider}:{people.client_id}"
        admin.set_identity_pool_roles(IdentityPoolId=pool_id, Roles=roles, RoleMappings={key: mapping})
        logins = people.login("ann")
        identity_id = public.get_id(IdentityPoolId=pool_id, Logins=logins)["IdentityId"]
        answer = public.get_credentials_for_identity(IdentityId=identity_id, Logins=logins, **more)
        arn: str = signing_with(answer["Credentials"], "sts").get_caller_identity()["Arn"]
        return arn.split("/")[1]

    return get


def test_the_token_of_somebody_in_two_groups_is_ambiguous(
    role_of: Callable[..., str], groups: dict[str, str], people: UserPool
) -> None:
    with refused(
        "NotAuthorizedException", f"The ambiguous role mapping rules for: {people.provider} denied this request."
    ):
        role_of({"Type": "Token", "AmbiguousRoleResolution": "Deny"})


def test_somebody_in_two_groups_may_choose(role_of: Callable[..., str], groups: dict[str, str]) -> None:
    mapping = {"Type": "Token", "AmbiguousRoleResolution": "Deny"}

    assert role_of(mapping, CustomRoleArn=groups["writers"]) == "writers"


def test_nobody_may_choose_a_role_of_others(role_of: Callable[..., str], groups: dict[str, str]) -> None:
    other = f"arn:aws:iam::{ACCOUNT}:role/members"

    with refused("NotAuthorizedException", f"Access to Role '{other}' is forbidden."):
        role_of({"Type": "Token", "AmbiguousRoleResolution": "Deny"}, CustomRoleArn=other)


def test_a_rule_maps_a_group_to_a_role(role_of: Callable[..., str], groups: dict[str, str]) -> None:
    rule = {"Claim": "cognito:groups", "MatchType": "Contains", "Value": "readers", "RoleARN": groups["writers"]}

    assert (
        role_of(
            {"Type": "Rules", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": {"Rules": [rule]}},
        )
        == "writers"
    )
