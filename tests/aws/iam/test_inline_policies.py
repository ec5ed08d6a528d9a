from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.aws.iam.policies import TRUST_LAMBDA, allow
from tests.sdk import refused

Calls = dict[str, Callable[..., Any]]


@pytest.fixture(params=["role", "user"])
def kind(request: pytest.FixtureRequest, iam: Any) -> str:
    iam.create_role(RoleName="ann", AssumeRolePolicyDocument=TRUST_LAMBDA)
    iam.create_user(UserName="ann")
    return str(request.param)


@pytest.fixture
def owner(kind: str) -> dict[str, str]:
    return {f"{kind.title()}Name": "ann"}


@pytest.fixture
def call(iam: Any, kind: str, owner: dict[str, str]) -> Callable[..., Any]:
    """Call the operation of the kind, `put_{}_policy` and so on, on its owner."""
    return lambda name, **parameters: getattr(iam, name.format(kind))(**owner, **parameters)


def test_a_policy_comes_back_as_it_was_put(call: Callable[..., Any]) -> None:
    call("put_{}_policy", PolicyName="p", PolicyDocument=allow("s3:Get*"))
    call("put_{}_policy", PolicyName="p", PolicyDocument=allow("s3:Put*"))

    assert call("get_{}_policy", PolicyName="p")["PolicyDocument"] == json.loads(allow("s3:Put*"))
    assert call("list_{}_policies")["PolicyNames"] == ["p"]


def test_a_policy_that_is_none_is_refused(call: Callable[..., Any]) -> None:
    with refused("MalformedPolicyDocument", "This policy contains invalid Json"):
        call("put_{}_policy", PolicyName="p", PolicyDocument="{")


def test_a_deleted_policy_is_gone(call: Callable[..., Any], kind: str) -> None:
    call("put_{}_policy", PolicyName="p", PolicyDocument=allow("s3:*"))

    call("delete_{}_policy", PolicyName="p")

    with refused("NoSuchEntity", f"The {kind} policy with name p cannot be found."):
        call("get_{}_policy", PolicyName="p")
    with refused("NoSuchEntity", f"The {kind} policy with name p cannot be found."):
        call("delete_{}_policy", PolicyName="p")


def test_policies_are_listed_in_pages(call: Callable[..., Any]) -> None:
    for name in ("b", "a", "c"):
        call("put_{}_policy", PolicyName=name, PolicyDocument=allow("s3:*"))

    first = call("list_{}_policies", MaxItems=2)
    second = call("list_{}_policies", MaxItems=2, Marker=first["Marker"])

    assert (first["PolicyNames"], second["PolicyNames"]) == (["a", "b"], ["c"])
    assert (first["IsTruncated"], second["IsTruncated"]) == (True, False)


@pytest.mark.parametrize(("kind", "limit"), [("role", 10_240), ("user", 2_048)], indirect=["kind"])
def test_policies_have_room_together(call: Callable[..., Any], kind: str, limit: int) -> None:
    half = allow("s3:" + "x" * (limit // 2))
    call("put_{}_policy", PolicyName="a", PolicyDocument=half)

    with refused("LimitExceeded", f"Maximum policy size of {limit} bytes exceeded for {kind} ann"):
        call("put_{}_policy", PolicyName="b", PolicyDocument=half)


def test_a_role_that_is_not_there_gets_no_policy(iam: Any) -> None:
    with refused("NoSuchEntity", "The role with name nobody cannot be found."):
        iam.put_role_policy(RoleName="nobody", PolicyName="p", PolicyDocument=allow("s3:*"))


def test_white_space_takes_no_room(call: Callable[..., Any]) -> None:
    call("put_{}_policy", PolicyName="p", PolicyDocument=allow("s3:*") + "\n" * 10_240)

    assert call("list_{}_policies")["PolicyNames"] == ["p"]
