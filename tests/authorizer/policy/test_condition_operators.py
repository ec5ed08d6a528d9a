"""Each condition operator against a match, a mismatch, a missing key, several listed values and unreadable values."""

from __future__ import annotations

import pytest

from idp.authorizer.policy import AccessRequest, ContextValue, MalformedPolicy, evaluate, parse_policy

KEY = "aws:Key"

POSITIVE = [  # operator, listed, a value that matches, a value that does not
    ("StringEquals", "Ann", "Ann", "ann"),
    ("StringEquals", "A*", "A*", "Ann"),
    ("StringEqualsIgnoreCase", "Ann", "aNN", "Anna"),
    ("StringLike", "A?n*", "Annabel", "Alan"),
    ("StringLike", "a*", "a\nb", "A"),
    ("NumericEquals", "10", "10.0", "10.5"),
    ("NumericLessThan", "10", "9.99", "10"),
    ("NumericLessThanEquals", "10", "10", "10.01"),
    ("NumericGreaterThan", "-10", "-9", "-10"),
    ("NumericGreaterThanEquals", "1e2", "100", "99"),
    ("DateEquals", "2020-07-01T00:00:00Z", "2020-07-01T02:00:00+02:00", "2020-07-01T00:00:01Z"),
    ("DateLessThan", "2020-07-01T00:00:00Z", "2020-06-30T23:59:59Z", "2020-07-01T00:00:00Z"),
    ("DateLessThanEquals", "2020-07", "2020-07-01", "2020-07-02"),
    ("DateGreaterThan", "2020", "1577836801", "1577836800"),
    ("DateGreaterThanEquals", "1577836800", "2020-01-01T00:00Z", "2019-12-31"),
    ("Bool", "true", "True", "false"),
    ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", "QmluYXJ4"),
    ("IpAddress", "203.0.113.0/24", "203.0.113.255", "203.0.114.0"),
    ("IpAddress", "203.0.113.7", "203.0.113.7", "203.0.113.8"),
    ("IpAddress", "203.0.113.0/24", "::ffff:203.0.113.9", "::ffff:203.0.114.9"),
    ("IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5678::1", "2001:db8:1234:5679::1"),
    ("ArnEquals", "arn:aws:sns:*:1:t", "arn:aws:sns:eu-west-1:1:t", "arn:aws:sns:eu-west-1:2:t"),
    ("ArnLike", "arn:aws:s3:::b/?", "arn:aws:s3:::b/a", "arn:aws:s3:::b/ab"),
    ("ArnLike", "arn:aws:sns:*:*:t", "arn:aws:sns:eu-west-1:1:t", "arn:aws:sns:eu-west-1:1:a:t"),
    ("ArnLike", "*", "arn:aws:s3:::b", "b"),
]
NEGATED = [  # operator, listed, a value that meets it, a value that does not
    ("StringNotEquals", "Ann", "ann", "Ann"),
    ("StringNotEqualsIgnoreCase", "Ann", "Anna", "aNN"),
    ("StringNotLike", "A*", "Bob", "Ann"),
    ("NumericNotEquals", "10", "11", "10.0"),
    ("DateNotEquals", "2020-01-01", "2020-01-02", "1577836800"),
    ("NotIpAddress", "203.0.113.0/24", "203.0.114.0", "203.0.113.1"),
    ("ArnNotEquals", "arn:aws:s3:::b", "arn:aws:s3:::c", "arn:aws:s3:::b"),
    ("ArnNotLike", "arn:aws:s3:::b*", "arn:aws:s3:::c", "arn:aws:s3:::bb"),
    ("ArnNotLike", "*", "no arn", "arn:aws:s3:::b"),
]
UNREADABLE = [  # operator, listed, a value the operator cannot read
    ("NumericEquals", "10", "ten"),
    ("NumericNotEquals", "10", "NaN"),
    ("NumericLessThan", "10", "٣"),
    ("DateLessThan", "2020-01-01", "yesterday"),
    ("DateLessThan", "2020-01-01", "9999999999999"),
    ("DateLessThan", "2020-01-01", "2020-13-01"),
    ("Bool", "true", "yes"),
    ("BinaryEquals", "QmluYXJ5", "%"),
    ("IpAddress", "10.0.0.0/8", "10.0.0"),
    ("NotIpAddress", "10.0.0.0/8", "unknown"),
]


def effect_of(
    operator: str, listed: object, context: dict[str, ContextValue], *, statement_effect: str = "Allow"
) -> str:
    condition = {operator: {KEY: listed}}
    statement = {"Effect": statement_effect, "Action": "*", "Resource": "*", "Condition": condition}
    policy = parse_policy({"Version": "2012-10-17", "Statement": [statement]})
    return evaluate([policy], AccessRequest("a:Act", "*", context)).effect


@pytest.mark.parametrize(("operator", "listed", "met", "_unmet"), POSITIVE + NEGATED)
def test_a_condition_is_met(operator: str, listed: str, met: str, _unmet: str) -> None:
    assert effect_of(operator, listed, {KEY: met}) == "allow"


@pytest.mark.parametrize(("operator", "listed", "_met", "unmet"), POSITIVE + NEGATED)
def test_a_condition_is_not_met(operator: str, listed: str, _met: str, unmet: str) -> None:
    assert effect_of(operator, listed, {KEY: unmet}) == "implicit_deny"


@pytest.mark.parametrize(("operator", "listed", "met", "_unmet"), POSITIVE + NEGATED)
def test_operator_and_key_names_ignore_case(operator: str, listed: str, met: str, _unmet: str) -> None:
    assert effect_of(operator.lower(), listed, {KEY.upper(): met}) == "allow"


@pytest.mark.parametrize(("operator", "listed", "_met", "_unmet"), POSITIVE)
def test_a_missing_key_fails_a_positive_condition(operator: str, listed: str, _met: str, _unmet: str) -> None:
    assert effect_of(operator, listed, {}) == "implicit_deny"


@pytest.mark.parametrize(("operator", "listed", "_met", "_unmet"), NEGATED)
def test_a_missing_key_meets_a_negated_condition(operator: str, listed: str, _met: str, _unmet: str) -> None:
    assert effect_of(operator, listed, {}) == "allow"


@pytest.mark.parametrize(("operator", "listed", "_met", "_unmet"), POSITIVE + NEGATED)
def test_a_missing_key_meets_if_exists(operator: str, listed: str, _met: str, _unmet: str) -> None:
    assert effect_of(f"{operator}IfExists", listed, {}) == "allow"


@pytest.mark.parametrize(("operator", "listed", "_met", "unmet"), POSITIVE + NEGATED)
def test_a_present_key_is_compared_by_if_exists(operator: str, listed: str, _met: str, unmet: str) -> None:
    assert effect_of(f"{operator}IfExists", listed, {KEY: unmet}) == "implicit_deny"


@pytest.mark.parametrize(
    ("operator", "listed", "value", "effect"),
    [
        ("StringEquals", ["a", "b"], "b", "allow"),
        ("StringEquals", ["a", "b"], "c", "implicit_deny"),
        ("NumericLessThan", ["1", "10"], "5", "allow"),
        ("IpAddress", ["10.0.0.0/8", "192.0.2.0/24"], "192.0.2.1", "allow"),
        ("IpAddress", ["10.0.0.0/8", "2001:db8::/32"], "2001:db8::1", "allow"),
        ("StringNotEquals", ["a", "b"], "b", "implicit_deny"),
        ("StringNotEquals", ["a", "b"], "c", "allow"),
        ("ArnNotLike", ["arn:aws:s3:::a", "arn:aws:s3:::b"], "arn:aws:s3:::b", "implicit_deny"),
        ("NotIpAddress", ["10.0.0.0/8", "192.0.2.0/24"], "192.0.2.1", "implicit_deny"),
        ("StringEquals", [], "a", "implicit_deny"),
    ],
)
def test_listed_values_are_alternatives_and_none_may_match_when_negated(
    operator: str, listed: list[str], value: str, effect: str
) -> None:
    assert effect_of(operator, listed, {KEY: value}) == effect


@pytest.mark.parametrize(
    ("operator", "listed", "value"),
    [("Bool", True, "true"), ("NumericEquals", 10, "10"), ("NumericEquals", 1.5, "1.5"), ("StringEquals", 7, "7")],
)
def test_json_booleans_and_numbers_stand_for_their_text(operator: str, listed: object, value: str) -> None:
    assert effect_of(operator, listed, {KEY: value}) == "allow"


@pytest.mark.parametrize(
    ("listed", "context", "effect"),
    [
        ("true", {}, "allow"),
        ("true", {KEY: "a"}, "implicit_deny"),
        ("false", {KEY: "a"}, "allow"),
        ("false", {KEY: ("a", "b")}, "allow"),
        ("false", {}, "implicit_deny"),
        ("true", {KEY: ()}, "allow"),
        (True, {}, "allow"),
        (["true", "false"], {KEY: "a"}, "allow"),
    ],
)
def test_null_asks_whether_the_key_is_absent(listed: object, context: dict[str, ContextValue], effect: str) -> None:
    assert effect_of("Null", listed, context) == effect


@pytest.mark.parametrize(("operator", "listed", "value"), UNREADABLE)
def test_an_unreadable_value_never_meets_an_allow(operator: str, listed: str, value: str) -> None:
    assert effect_of(operator, listed, {KEY: value}) == "implicit_deny"


@pytest.mark.parametrize(("operator", "listed", "value"), UNREADABLE)
def test_an_unreadable_value_always_meets_a_deny(operator: str, listed: str, value: str) -> None:
    assert effect_of(operator, listed, {KEY: value}, statement_effect="Deny") == "explicit_deny"


@pytest.mark.parametrize(
    ("operator", "listed"),
    [
        ("NumericEquals", "ten"),
        ("NumericEquals", "${aws:username}"),
        ("DateEquals", "soon"),
        ("DateEquals", "0000-01-01"),
        ("Bool", "yes"),
        ("BinaryEquals", "%"),
        ("IpAddress", "10.0.0.0/33"),
        ("Null", "maybe"),
        ("Frobnicate", "a"),
        ("NullIfExists", "true"),
        ("ForAllValues:Null", "true"),
        ("ForSomeValues:StringEquals", "a"),
        ("StringEqualsIfExistsIfExists", "a"),
        ("StringEquals", {"a": "b"}),
        ("StringEquals", [None]),
        ("StringLike", "${aws:username"),
    ],
)
def test_a_condition_that_cannot_be_compiled_is_malformed(operator: str, listed: object) -> None:
    with pytest.raises(MalformedPolicy):
        effect_of(operator, listed, {})
