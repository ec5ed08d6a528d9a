"""Users and roles of one account, and clients that sign as they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

ACCOUNT = "111122223333"


@pytest.fixture
def iam(aws: Any) -> Any:
    return aws("iam", key=ACCOUNT)


@pytest.fixture
def a_user(iam: Any, aws: Any) -> Callable[..., Callable[[str], Any]]:
    """Make a user with one policy; returns a maker of clients that sign as the user."""

    def make(name: str, policy: str | None = None, *, account: str = ACCOUNT) -> Callable[[str], Any]:
        root = aws("iam", key=account)
        root.create_user(UserName=name)
        if policy is not None:
            root.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=policy)
        key = root.create_access_key(UserName=name)["AccessKey"]
        return lambda service: aws(service, key=key["AccessKeyId"], secret=key["SecretAccessKey"])

    return make


@pytest.fixture
def a_role(iam: Any) -> Callable[..., str]:
    """Make a role with one policy; returns its ARN."""

    def make(name: str, trust: str, policy: str | None = None, **more: Any) -> str:
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, **more)["Role"]
        if policy is not None:
            iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy)
        arn: str = role["Arn"]
        return arn

    return make


@pytest.fixture
def signing_with(aws: Any) -> Callable[[dict[str, Any], str], Any]:
    """Make a client that signs with temporary credentials."""
    return lambda credentials, service: aws(
        service,
        key=credentials["AccessKeyId"],
        secret=credentials["SecretAccessKey"],
        token=credentials["SessionToken"],
    )
