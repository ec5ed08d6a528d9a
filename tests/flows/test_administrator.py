"""The administrator whom the first start of `idp serve` makes."""

from __future__ import annotations

from typing import Any

from idp.flows.administrator import create_first_administrator
from idp.services import Services


def test_the_first_start_makes_somebody_who_may_do_everything(services: Services, aws: Any) -> None:
    key = create_first_administrator(services)

    assert key is not None
    users = aws("iam", key=key.id, secret=key.secret).list_users()["Users"]
    assert [user["UserName"] for user in users] == ["administrator"]


def test_the_second_start_makes_nobody(services: Services) -> None:
    create_first_administrator(services)

    assert create_first_administrator(services) is None


def test_an_administrator_who_was_deleted_in_favour_of_another_does_not_come_back(services: Services, aws: Any) -> None:
    key = create_first_administrator(services)
    iam = aws("iam")
    iam.create_user(UserName="ann")
    assert key is not None
    iam.delete_access_key(UserName="administrator", AccessKeyId=key.id)
    iam.delete_user_policy(UserName="administrator", PolicyName="everything")
    iam.delete_user(UserName="administrator")

    assert create_first_administrator(services) is None
