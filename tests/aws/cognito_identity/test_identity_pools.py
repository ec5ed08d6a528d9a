from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.aws.cognito_identity.conftest import ACCOUNT
from tests.aws.iam.policies import allow
from tests.sdk import refused

WHOLE: dict[str, Any] = {
    "IdentityPoolName": "my app",
    "AllowUnauthenticatedIdentities": False,
    "AllowClassicFlow": True,
    "SupportedLoginProviders": {"graph.facebook.com": "7346241598935552"},
    "DeveloperProviderName": "login.app",
    "CognitoIdentityProviders": [
        {
            "ProviderName": "cognito-idp.us-east-1.amazonaws.com/us-east-1_x",
            "ClientId": "c",
            "ServerSideTokenCheck": True,
        }
    ],
    "IdentityPoolTags": {"team": "blue"},
}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/members"


def body(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def test_a_pool_comes_back_as_it_was_made(admin: Any) -> None:
    made = body(admin.create_identity_pool(**WHOLE))

    assert made == {**WHOLE, "IdentityPoolId": made["IdentityPoolId"]}
    assert body(admin.describe_identity_pool(IdentityPoolId=made["IdentityPoolId"])) == made


def test_what_was_not_given_is_not_answered(admin: Any) -> None:
    made = body(admin.create_identity_pool(IdentityPoolName="app", AllowUnauthenticatedIdentities=True))

    assert set(made) == {"IdentityPoolId", "IdentityPoolName", "AllowUnauthenticatedIdentities", "IdentityPoolTags"}
    assert made["IdentityPoolId"].startswith("us-east-1:")


def test_another_account_does_not_see_the_pool(aws: Any, pool_id: str) -> None:
    with refused("ResourceNotFoundException", f"IdentityPool '{pool_id}' not found."):
        aws("cognito-identity", key="444455556666").describe_identity_pool(IdentityPoolId=pool_id)


def test_a_pool_needs_a_signature(public: Any) -> None:
    with refused("MissingAuthenticationTokenException", "Missing Authentication Token"):
        public._make_api_call("ListIdentityPools", {"MaxResults": 1})


def test_an_update_replaces_everything_but_the_developer_provider(admin: Any) -> None:
    pool_id = admin.create_identity_pool(**WHOLE)["IdentityPoolId"]

    admin.update_identity_pool(IdentityPoolId=pool_id, IdentityPoolName="new", AllowUnauthenticatedIdentities=True)

    assert body(admin.describe_identity_pool(IdentityPoolId=pool_id)) == {
        "IdentityPoolId": pool_id,
        "IdentityPoolName": "new",
        "AllowUnauthenticatedIdentities": True,
        "DeveloperProviderName": "login.app",
        "IdentityPoolTags": {},
    }


def test_the_developer_provider_cannot_be_changed(admin: Any) -> None:
    pool_id = admin.create_identity_pool(**WHOLE)["IdentityPoolId"]

    with refused("InvalidParameterException"):
        admin.update_identity_pool(IdentityPoolId=pool_id, **(WHOLE | {"DeveloperProviderName": "login.other"}))


def test_a_deleted_pool_is_gone_with_its_identities(admin: Any, public: Any, pool_id: str) -> None:
    identity_id = public.get_id(IdentityPoolId=pool_id)["IdentityId"]

    admin.delete_identity_pool(IdentityPoolId=pool_id)

    with refused("ResourceNotFoundException", f"IdentityPool '{pool_id}' not found."):
        public.get_id(IdentityPoolId=pool_id)
    with refused("ResourceNotFoundException", f"Identity '{identity_id}' not found."):
        public.get_credentials_for_identity(IdentityId=identity_id)


def test_pools_are_listed_in_pages(admin: Any, a_pool: Callable[..., str]) -> None:
    made = {a_pool() for _ in range(3)}

    first = admin.list_identity_pools(MaxResults=2)
    second = admin.list_identity_pools(MaxResults=2, NextToken=first["NextToken"])

    assert {each["IdentityPoolId"] for each in first["IdentityPools"] + second["IdentityPools"]} == made
    assert "NextToken" not in second


def test_roles_are_replaced_as_a_whole(admin: Any, pool_id: str) -> None:
    mapping = {"graph.facebook.com": {"Type": "Token", "AmbiguousRoleResolution": "Deny"}}
    admin.set_identity_pool_roles(IdentityPoolId=pool_id, Roles={"authenticated": ROLE}, RoleMappings=mapping)
    assert body(admin.get_identity_pool_roles(IdentityPoolId=pool_id)) == {
        "IdentityPoolId": pool_id,
        "Roles": {"authenticated": ROLE},
        "RoleMappings": mapping,
    }

    admin.set_identity_pool_roles(IdentityPoolId=pool_id, Roles={"unauthenticated": ROLE})

    assert body(admin.get_identity_pool_roles(IdentityPoolId=pool_id)) == {
        "IdentityPoolId": pool_id,
        "Roles": {"unauthenticated": ROLE},
    }


@pytest.mark.parametrize(
    "mapping",
    [
        {"Type": "Token"},
        {"Type": "Rules", "AmbiguousRoleResolution": "Deny"},
    ],
    ids=["no resolution", "no rules"],
)
def test_a_mapping_that_could_not_decide_is_refused(admin: Any, pool_id: str, mapping: dict[str, str]) -> None:
    with refused("InvalidParameterException"):
        admin.set_identity_pool_roles(
            IdentityPoolId=pool_id, Roles={"authenticated": ROLE}, RoleMappings={"graph.facebook.com": mapping}
        )


def test_a_role_of_another_account_cannot_be_given(admin: Any, pool_id: str) -> None:
    foreign = ROLE.replace(ACCOUNT, "444455556666")

    with refused("NotAuthorizedException", f"Access to Role '{foreign}' is forbidden."):
        admin.set_identity_pool_roles(IdentityPoolId=pool_id, Roles={"authenticated": foreign})


def test_a_role_must_be_the_callers_to_pass(aws: Any, pool_id: str) -> None:
    iam = aws("iam", key=ACCOUNT)
    iam.create_user(UserName="ann")
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=allow("cognito-identity:*"))
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    ann = aws("cognito-identity", key=key["AccessKeyId"], secret=key["SecretAccessKey"])

    with refused("NotAuthorizedException", f"Access to Role '{ROLE}' is forbidden."):
        ann.set_identity_pool_roles(IdentityPoolId=pool_id, Roles={"authenticated": ROLE})

    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=allow(["cognito-identity:*", "iam:PassRole"]))
    ann.set_identity_pool_roles(IdentityPoolId=pool_id, Roles={"authenticated": ROLE})


def test_iam_decides_on_the_pool(aws: Any, pool_id: str) -> None:
    iam = aws("iam", key=ACCOUNT)
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    ann = aws("cognito-identity", key=key["AccessKeyId"], secret=key["SecretAccessKey"])

    with refused(
        "AccessDeniedException",
        f"User: arn:aws:iam::{ACCOUNT}:user/ann is not authorized to perform: cognito-identity:DescribeIdentityPool on "
        f"resource: arn:aws:cognito-identity:us-east-1:{ACCOUNT}:identitypool/{pool_id} because no identity-based "
        "policy allows the cognito-identity:DescribeIdentityPool action",
    ):
        ann.describe_identity_pool(IdentityPoolId=pool_id)
