from __future__ import annotations

import json
from typing import Any

import pytest

from tests.aws.iam.policies import TRUST_LAMBDA, allow, trust
from tests.fakes import START
from tests.sdk import refused


def test_a_role_comes_back_as_it_was_made(iam: Any) -> None:
    made = iam.create_role(
        RoleName="worker",
        Path="/team/",
        AssumeRolePolicyDocument=TRUST_LAMBDA,
        Description="Runs functions.",
        MaxSessionDuration=7200,
        Tags=[{"Key": "team", "Value": "blue"}],
    )["Role"]

    role = iam.get_role(RoleName="worker")["Role"]

    assert role == made
    assert role["Arn"] == "arn:aws:iam::111122223333:role/team/worker"
    assert role["CreateDate"] == START
    assert role["AssumeRolePolicyDocument"] == json.loads(TRUST_LAMBDA)
    assert (role["Description"], role["MaxSessionDuration"]) == ("Runs functions.", 7200)
    assert role["Tags"] == [{"Key": "team", "Value": "blue"}]


def test_a_role_id_has_the_form_of_aws(iam: Any) -> None:
    role_id = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST_LAMBDA)["Role"]["RoleId"]

    assert role_id.startswith("AROA")
    assert len(role_id) == 21
    assert set(role_id) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def test_a_role_name_is_taken_once(iam: Any) -> None:
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST_LAMBDA)

    with refused("EntityAlreadyExists", "Role with name worker already exists."):
        iam.create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST_LAMBDA)


def test_another_account_has_roles_of_its_own(iam: Any, aws: Any) -> None:
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST_LAMBDA)

    with refused("NoSuchEntity", "The role with name worker cannot be found."):
        aws("iam", key="444455556666").get_role(RoleName="worker")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{not json", "This policy contains invalid Json"),
        (allow("sts:AssumeRole"), "Missing required field Principal"),
        (trust({"AWS": "*"}, "s3:GetObject"), "AssumeRole policy may only specify STS AssumeRole actions."),
    ],
)
def test_a_trust_policy_that_is_none_is_refused(iam: Any, text: str, message: str) -> None:
    with refused("MalformedPolicyDocument", message):
        iam.create_role(RoleName="worker", AssumeRolePolicyDocument=text)


def test_a_permissions_boundary_cannot_be_silently_ignored(iam: Any) -> None:
    arn = "arn:aws:iam::111122223333:policy/limits"

    with refused("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable."):
        iam.create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST_LAMBDA, PermissionsBoundary=arn)


def test_a_trust_policy_can_be_replaced(iam: Any) -> None:
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST_LAMBDA)
    wanted = trust({"Service": "apigateway.amazonaws.com"})

    iam.update_assume_role_policy(RoleName="worker", PolicyDocument=wanted)

    assert iam.get_role(RoleName="worker")["Role"]["AssumeRolePolicyDocument"] == json.loads(wanted)


def test_a_role_with_policies_is_not_deleted(iam: Any) -> None:
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST_LAMBDA)
    iam.put_role_policy(RoleName="worker", PolicyName="p", PolicyDocument=allow("s3:*"))

    with refused("DeleteConflict", "Cannot delete entity, must delete policies first."):
        iam.delete_role(RoleName="worker")


def test_a_deleted_role_is_gone(iam: Any) -> None:
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST_LAMBDA)

    iam.delete_role(RoleName="worker")

    with refused("NoSuchEntity", "The role with name worker cannot be found."):
        iam.get_role(RoleName="worker")


def test_roles_are_listed_in_pages_below_a_path(iam: Any) -> None:
    for name, path in (("a", "/x/"), ("b", "/y/"), ("c", "/x/"), ("d", "/x/z/")):
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=TRUST_LAMBDA)

    pages = list(iam.get_paginator("list_roles").paginate(PathPrefix="/x/", PaginationConfig={"PageSize": 2}))

    assert [[role["RoleName"] for role in page["Roles"]] for page in pages] == [["a", "c"], ["d"]]


def test_a_path_prefix_may_end_within_a_folders_name(iam: Any) -> None:
    for name, path in (("a", "/team/"), ("b", "/te/"), ("teapot", "/")):
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=TRUST_LAMBDA)

    assert [role["RoleName"] for role in iam.list_roles(PathPrefix="/te")["Roles"]] == ["b", "a"]


def test_a_marker_is_good_for_its_own_list_only(iam: Any) -> None:
    for name in ("a", "b"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST_LAMBDA)
    marker = iam.list_roles(MaxItems=1)["Marker"]

    with refused("ValidationError", "Invalid pagination token"):
        iam.list_roles(PathPrefix="/x/", Marker=marker)


def test_iam_decides_on_the_role_with_its_path(iam: Any, aws: Any) -> None:
    iam.create_role(RoleName="worker", Path="/team/", AssumeRolePolicyDocument=TRUST_LAMBDA)
    iam.create_role(RoleName="boss", AssumeRolePolicyDocument=TRUST_LAMBDA)
    iam.create_user(UserName="ann")
    iam.put_user_policy(
        UserName="ann", PolicyName="p", PolicyDocument=allow("iam:GetRole", "arn:aws:iam::111122223333:role/team/*")
    )
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    ann = aws("iam", key=key["AccessKeyId"], secret=key["SecretAccessKey"])

    assert ann.get_role(RoleName="worker")["Role"]["RoleName"] == "worker"
    with refused(
        "AccessDenied",
        "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: iam:GetRole on resource: "
        "arn:aws:iam::111122223333:role/boss because no identity-based policy allows the iam:GetRole action",
    ):
        ann.get_role(RoleName="boss")
