from __future__ import annotations

import re
from typing import Any

import pytest

from tests.fakes import START
from tests.sdk import refused

UNKNOWN = "The security token included in the request is invalid."


@pytest.fixture
def key(iam: Any) -> dict[str, str]:
    iam.create_user(UserName="ann")
    made: dict[str, str] = iam.create_access_key(UserName="ann")["AccessKey"]
    return made


@pytest.fixture
def sts(aws: Any, key: dict[str, str]) -> Any:
    return aws("sts", key=key["AccessKeyId"], secret=key["SecretAccessKey"])


def test_a_new_key_has_the_form_of_aws(key: dict[str, str]) -> None:
    assert re.fullmatch(r"AKIA[A-Z2-7]{16}", key["AccessKeyId"])
    assert re.fullmatch(r"[A-Za-z0-9/+]{40}", key["SecretAccessKey"])
    assert key["Status"] == "Active"


def test_a_key_signs_for_its_user(sts: Any) -> None:
    assert sts.get_caller_identity()["Arn"] == "arn:aws:iam::111122223333:user/ann"


def test_a_wrong_secret_is_refused(aws: Any, key: dict[str, str]) -> None:
    with refused("SignatureDoesNotMatch"):
        aws("sts", key=key["AccessKeyId"], secret="wrong").get_caller_identity()


def test_keys_are_listed_without_their_secrets(iam: Any, key: dict[str, str]) -> None:
    assert iam.list_access_keys(UserName="ann")["AccessKeyMetadata"] == [
        {"UserName": "ann", "AccessKeyId": key["AccessKeyId"], "Status": "Active", "CreateDate": START}
    ]


def test_an_inactive_key_signs_nothing(iam: Any, key: dict[str, str], sts: Any) -> None:
    iam.update_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"], Status="Inactive")

    with refused("InvalidClientTokenId", UNKNOWN):
        sts.get_caller_identity()


def test_a_key_can_be_switched_on_again(iam: Any, key: dict[str, str], sts: Any) -> None:
    iam.update_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    iam.update_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"], Status="Active")

    assert sts.get_caller_identity()["Account"] == "111122223333"


def test_a_deleted_key_is_not_listed(iam: Any, key: dict[str, str]) -> None:
    iam.delete_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"])

    assert iam.list_access_keys(UserName="ann")["AccessKeyMetadata"] == []


def test_a_user_has_two_keys_at_most(iam: Any, key: dict[str, str]) -> None:
    iam.create_access_key(UserName="ann")

    with refused("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2"):
        iam.create_access_key(UserName="ann")


def test_a_key_of_somebody_else_cannot_be_deleted(iam: Any, key: dict[str, str]) -> None:
    iam.create_user(UserName="bob")

    with refused("NoSuchEntity", f"The Access Key with id {key['AccessKeyId']} cannot be found."):
        iam.delete_access_key(UserName="bob", AccessKeyId=key["AccessKeyId"])


def test_the_root_has_keys_of_its_own(iam: Any, aws: Any) -> None:
    key = iam.create_access_key()["AccessKey"]
    sts = aws("sts", key=key["AccessKeyId"], secret=key["SecretAccessKey"])

    assert sts.get_caller_identity()["Arn"] == "arn:aws:iam::111122223333:root"
