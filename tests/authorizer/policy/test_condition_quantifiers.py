"""Keys with several values, with and without ForAllValues and ForAnyValue."""

from __future__ import annotations

import pytest

from idp.authorizer.policy import AccessRequest, ContextValue, evaluate, parse_policy

KEY = "dynamodb:Attributes"


def effect_of(operator: str, context: dict[str, ContextValue], *, statement_effect: str = "Allow") -> str:
    condition = {operator: {KEY: ["ID", "Message"]}}
    statement = {"Effect": statement_effect, "Action": "*", "Resource": "*", "Condition": condition}
    return evaluate([parse_policy({"Statement": statement})], AccessRequest("a:Act", "*", context)).effect


@pytest.mark.parametrize(
    ("operator", "values", "effect"),
    [
        ("ForAllValues:StringEquals", ("ID",), "allow"),
        ("ForAllValues:StringEquals", ("ID", "Message"), "allow"),
        ("ForAllValues:StringEquals", ("ID", "Secret"), "implicit_deny"),
        ("ForAllValues:StringEquals", (), "allow"),
        ("ForAnyValue:StringEquals", ("ID", "Secret"), "allow"),
        ("ForAnyValue:StringEquals", ("Secret",), "implicit_deny"),
        ("ForAnyValue:StringEquals", (), "implicit_deny"),
        ("ForAllValues:StringNotEquals", ("Secret", "Other"), "allow"),
        ("ForAllValues:StringNotEquals", ("Secret", "ID"), "implicit_deny"),
        ("ForAllValues:StringNotEquals", (), "allow"),
        ("ForAnyValue:StringNotEquals", ("Secret", "ID"), "allow"),
        ("ForAnyValue:StringNotEquals", ("ID", "Message"), "implicit_deny"),
        ("ForAnyValue:StringNotEquals", (), "implicit_deny"),
        ("ForAllValues:StringEqualsIfExists", ("Secret",), "implicit_deny"),
        ("ForAllValues:StringEqualsIfExists", (), "allow"),
        ("ForAnyValue:StringLikeIfExists", ("Secret",), "implicit_deny"),
        ("ForAnyValue:StringLikeIfExists", ("ID", "Secret"), "allow"),
        ("ForAnyValue:StringLikeIfExists", (), "allow"),
    ],
)
def test_a_quantifier_says_how_many_values_must_satisfy(operator: str, values: tuple[str, ...], effect: str) -> None:
    assert effect_of(operator, {KEY: values}) == effect


@pytest.mark.parametrize(
    ("operator", "effect"),
    [("ForAllValues:StringEquals", "allow"), ("ForAnyValue:StringEquals", "implicit_deny")],
)
def test_an_absent_key_satisfies_all_and_never_any(operator: str, effect: str) -> None:
    assert effect_of(operator, {}) == effect


@pytest.mark.parametrize("operator", ["ForAllValues:StringEquals", "ForAnyValue:StringEquals"])
def test_a_single_value_is_a_set_of_one(operator: str) -> None:
    assert effect_of(operator, {KEY: "ID"}) == "allow"


def test_a_set_of_one_is_a_single_value() -> None:
    assert effect_of("StringEquals", {KEY: ("ID",)}) == "allow"


@pytest.mark.parametrize("operator", ["StringEquals", "StringNotEquals"])
def test_several_values_without_a_quantifier_never_meet_an_allow(operator: str) -> None:
    assert effect_of(operator, {KEY: ("ID", "ID")}) == "implicit_deny"


@pytest.mark.parametrize("operator", ["StringEquals", "StringNotEquals"])
def test_several_values_without_a_quantifier_always_meet_a_deny(operator: str) -> None:
    assert effect_of(operator, {KEY: ("ID", "ID")}, statement_effect="Deny") == "explicit_deny"


def test_every_operator_and_every_key_of_a_condition_must_be_met() -> None:
    condition = {"StringEquals": {"a:x": "1", "a:y": "2"}, "Bool": {"a:z": "true"}}
    policy = parse_policy({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}})
    met = AccessRequest("a:Act", "*", {"a:x": "1", "a:y": "2", "a:z": "true"})
    without_one = AccessRequest("a:Act", "*", {"a:x": "1", "a:y": "3", "a:z": "true"})
    assert [evaluate([policy], request).effect for request in (met, without_one)] == ["allow", "implicit_deny"]
