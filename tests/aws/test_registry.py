"""Marked functions are found by the name of their operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from idp.aws.context import Context
from idp.aws.registry import Registry, operation
from tests.aws import probe


def test_a_function_serves_the_operation_of_its_name() -> None:
    found = Registry(probe.PROBES).find("cognito-idp", "ListUserPools")

    assert found is not None
    assert found.function is probe.list_user_pools
    assert found.action == "cognito-idp:ListUserPools"


def test_an_operation_is_compiled_once() -> None:
    registry = Registry(probe.PROBES)

    assert registry.find("sts", "AssumeRole") is registry.find("sts", "AssumeRole")


@pytest.mark.parametrize("name", ["Nothing", "list_user_pools", "", "CreateUserPool"])
def test_what_is_not_served_is_not_found(name: str) -> None:
    assert Registry(probe.PROBES).find("cognito-idp", name) is None


@pytest.mark.parametrize(("name", "unsigned"), [("SignUp", True), ("GetUser", True), ("AdminGetUser", False)])
def test_the_model_says_which_operations_are_unsigned(name: str, unsigned: bool) -> None:
    found = Registry(probe.PROBES).find("cognito-idp", name)

    assert found is not None
    assert found.is_unsigned is unsigned


def test_an_operation_may_name_another_action() -> None:
    @operation("cognito-idp", action="cognito-idp:Something")
    def list_groups(context: Context, request: Mapping[str, Any]) -> Mapping[str, Any]:
        return {}

    found = Registry([list_groups]).find("cognito-idp", "ListGroups")

    assert found is not None
    assert found.action == "cognito-idp:Something"


def test_two_functions_for_one_operation_are_refused() -> None:
    @operation("cognito-idp")
    def sign_up(context: Context, request: Mapping[str, Any]) -> Mapping[str, Any]:
        return {}

    with pytest.raises(LookupError, match="two functions sign_up"):
        Registry([probe.sign_up, sign_up])


def test_a_function_that_is_no_operation_of_its_service_is_refused() -> None:
    @operation("cognito-idp")
    def sign_upp(context: Context, request: Mapping[str, Any]) -> Mapping[str, Any]:
        return {}

    with pytest.raises(LookupError, match="sign_upp"):
        Registry([sign_upp]).served("cognito-idp")
