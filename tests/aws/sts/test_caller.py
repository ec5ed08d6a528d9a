from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.aws.iam.policies import document
from tests.aws.sts.conftest import ACCOUNT
from tests.sdk import refused


def test_the_root_of_an_account_is_told_apart(aws: Any) -> None:
    caller = aws("sts", key=ACCOUNT).get_caller_identity()

    assert (caller["UserId"], caller["Account"], caller["Arn"]) == (ACCOUNT, ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root")


def test_no_policy_can_forbid_to_ask_who_one_is(a_user: Callable[..., Any]) -> None:
    ann = a_user("ann", document({"Effect": "Deny", "Action": "*", "Resource": "*"}))("sts")

    assert ann.get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/ann"


def test_an_unsigned_caller_is_nobody(aws: Any) -> None:
    with refused("MissingAuthenticationToken"):
        aws("sts", unsigned=True).get_caller_identity()


@pytest.mark.parametrize("key", ["test", "ASIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"])
def test_in_dev_credentials_of_somebody_elses_cloud_are_the_default_accounts_root(aws: Any, key: str) -> None:
    caller = aws("sts", key=key, token="of another cloud").get_caller_identity()

    assert caller["Arn"] == "arn:aws:iam::000000000000:root"
