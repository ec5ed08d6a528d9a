from __future__ import annotations

from typing import Any

from tests.aws.iam.policies import allow
from tests.fakes import START
from tests.sdk import refused


def test_a_user_comes_back_as_it_was_made(iam: Any) -> None:
    made = iam.create_user(UserName="ann", Path="/staff/", Tags=[{"Key": "team", "Value": "blue"}])["User"]

    user = iam.get_user(UserName="ann")["User"]

    assert user == made
    assert user["UserId"].startswith("AIDA")
    assert user["Arn"] == "arn:aws:iam::111122223333:user/staff/ann"
    assert user["CreateDate"] == START
    assert user["Tags"] == [{"Key": "team", "Value": "blue"}]


def test_a_user_name_is_taken_once(iam: Any) -> None:
    iam.create_user(UserName="ann")

    with refused("EntityAlreadyExists", "User with name ann already exists."):
        iam.create_user(UserName="ann")


def test_tag_keys_that_differ_by_case_only_are_refused(iam: Any) -> None:
    with refused("InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive."):
        iam.create_user(UserName="ann", Tags=[{"Key": "team", "Value": "a"}, {"Key": "Team", "Value": "b"}])


def test_users_are_listed_by_name(iam: Any) -> None:
    iam.create_user(UserName="bob")
    iam.create_user(UserName="ann")

    assert [user["UserName"] for user in iam.list_users()["Users"]] == ["ann", "bob"]


def test_a_user_with_access_keys_is_not_deleted(iam: Any) -> None:
    iam.create_user(UserName="ann")
    iam.create_access_key(UserName="ann")

    with refused("DeleteConflict", "Cannot delete entity, must delete access keys first."):
        iam.delete_user(UserName="ann")


def test_a_user_with_policies_is_not_deleted(iam: Any) -> None:
    iam.create_user(UserName="ann")
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=allow("s3:*"))

    with refused("DeleteConflict", "Cannot delete entity, must delete policies first."):
        iam.delete_user(UserName="ann")


def test_a_deleted_user_is_gone(iam: Any) -> None:
    iam.create_user(UserName="ann")

    iam.delete_user(UserName="ann")

    with refused("NoSuchEntity", "The user with name ann cannot be found."):
        iam.get_user(UserName="ann")


def test_a_user_may_ask_who_it_is(iam: Any, aws: Any) -> None:
    iam.create_user(UserName="ann")
    iam.put_user_policy(
        UserName="ann", PolicyName="p", PolicyDocument=allow("iam:GetUser", "arn:aws:iam::*:user/${aws:username}")
    )
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    ann = aws("iam", key=key["AccessKeyId"], secret=key["SecretAccessKey"])

    assert ann.get_user()["User"]["UserName"] == "ann"
