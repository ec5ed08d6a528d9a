"""`idp ops` tells where an operation lives."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from idp.cli import main


def told(*arguments: str) -> str:
    return CliRunner().invoke(main, ["ops", *arguments]).output


def test_a_served_operation_is_told_with_file_flow_and_tests() -> None:
    text = told("SignUp")
    assert "idp/aws/cognito_idp/sign_up.py:" in text
    assert "idp/flows/sign_up.py:" in text
    assert "tests/aws/cognito_idp/test_sign_up.py" in text


@pytest.mark.parametrize("name", ["signup", "SIGNUP"])
def test_the_case_of_a_name_does_not_matter(name: str) -> None:
    assert told(name) == told("SignUp")


def test_a_declined_operation_is_told_with_its_reason() -> None:
    assert told("AssumeRoleWithSAML").startswith("sts AssumeRoleWithSAML is declined: ")


def test_an_unknown_operation_is_an_error() -> None:
    result = CliRunner().invoke(main, ["ops", "MakeCoffee"])
    assert (result.exit_code, result.output) == (1, "Error: No service that idp knows has an operation MakeCoffee.\n")


def test_without_a_name_every_operation_is_listed() -> None:
    assert "cognito-idp        InitiateAuth" in told()
