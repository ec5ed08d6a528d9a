"""Variables, defaults and escaped characters in resources and conditions."""

from __future__ import annotations

import pytest

from idp.authorizer.policy import AccessRequest, ContextValue, MalformedPolicy, evaluate, parse_policy

SUB = "cognito-identity.amazonaws.com:sub"
ANN: dict[str, ContextValue] = {"aws:username": "ann", SUB: "eu-west-1:1-2", "aws:PrincipalTag/team": "blue sky"}


def effect_of(
    resource: str, requested: str, context: dict[str, ContextValue], *, version: str = "2012-10-17", **statement: object
) -> str:
    rule = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource, **statement}
    policy = parse_policy({"Version": version, "Statement": rule})
    return evaluate([policy], AccessRequest("s3:GetObject", requested, context)).effect


@pytest.mark.parametrize(
    ("resource", "requested"),
    [
        ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/ann/cat.jpg"),
        ("arn:aws:s3:::b/${AWS:USERNAME}/*", "arn:aws:s3:::b/ann/"),
        ("arn:aws:s3:::b/${ aws:username }", "arn:aws:s3:::b/ann"),
        ("arn:aws:s3:::b/*/${aws:username}?", "arn:aws:s3:::b/x/y/ann1"),
        (f"arn:aws:s3:::b/${{{SUB}}}/*", "arn:aws:s3:::b/eu-west-1:1-2/k"),
        ("arn:aws:s3:::b/${aws:PrincipalTag/team}", "arn:aws:s3:::b/blue sky"),
        ("arn:aws:s3:::b/${aws:PrincipalTag/x, 'company-wide'}", "arn:aws:s3:::b/company-wide"),
        ("arn:aws:s3:::b/${aws:PrincipalTag/x, 'a},b'}", "arn:aws:s3:::b/a},b"),
        ("arn:aws:s3:::b/${aws:PrincipalTag/team,'none'}", "arn:aws:s3:::b/blue sky"),
        ("arn:aws:s3:::b/${aws:PrincipalTag/x, ''}", "arn:aws:s3:::b/"),
        ("arn:aws:s3:::b/${*}${?}${$}", "arn:aws:s3:::b/*?$"),
        ("arn:aws:s3:::b/$a{b}", "arn:aws:s3:::b/$a{b}"),
    ],
)
def test_a_resource_with_variables_matches(resource: str, requested: str) -> None:
    assert effect_of(resource, requested, ANN) == "allow"


@pytest.mark.parametrize(
    ("resource", "requested"),
    [
        ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/bob/cat.jpg"),
        ("arn:aws:s3:::b/${aws:unknown}/*", "arn:aws:s3:::b/ann/cat.jpg"),
        ("arn:aws:s3:::b/${aws:unknown}*", "arn:aws:s3:::b/${aws:unknown}"),
        ("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/x"),
        ("arn:aws:s3:::b/${?}", "arn:aws:s3:::b/x"),
        ("arn:aws:s3:::b/${aws:PrincipalTag/x, '*'}", "arn:aws:s3:::b/x"),
    ],
)
def test_a_resource_with_variables_does_not_match(resource: str, requested: str) -> None:
    assert effect_of(resource, requested, ANN) == "implicit_deny"


@pytest.mark.parametrize("name", ["*", "a?", "?nn"])
def test_wildcards_in_a_substituted_value_are_literal(name: str) -> None:
    pattern = "arn:aws:s3:::b/${aws:username}/*"
    assert effect_of(pattern, "arn:aws:s3:::b/ann/k", {"aws:username": name}) == "implicit_deny"
    assert effect_of(pattern, f"arn:aws:s3:::b/{name}/k", {"aws:username": name}) == "allow"


@pytest.mark.parametrize("value", [("ann",), ("ann", "bob")])
def test_a_key_with_several_values_cannot_be_a_variable(value: tuple[str, ...]) -> None:
    assert effect_of("arn:aws:s3:::${aws:username}", "arn:aws:s3:::ann", {"aws:username": value}) == "implicit_deny"


def test_the_old_version_knows_no_variables() -> None:
    literal = "arn:aws:s3:::b/${aws:username}"
    assert effect_of(literal, "arn:aws:s3:::b/ann", ANN, version="2008-10-17") == "implicit_deny"
    assert effect_of(literal, literal, ANN, version="2008-10-17") == "allow"


def test_a_document_without_version_is_of_the_old_version() -> None:
    rule = {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::${aws:username}"}
    request = AccessRequest("a:Act", "arn:aws:s3:::${aws:username}", ANN)
    assert evaluate([parse_policy({"Statement": rule})], request).effect == "allow"


@pytest.mark.parametrize(
    ("operator", "key", "listed", "effect"),
    [
        ("StringEquals", "s3:prefix", "home/${aws:username}", "allow"),
        ("StringEquals", "s3:prefix", "home/${aws:unknown}", "implicit_deny"),
        ("StringNotEquals", "s3:prefix", "home/${aws:unknown}", "allow"),
        ("StringNotEquals", "s3:prefix", "home/${aws:username}", "implicit_deny"),
        ("StringEqualsIgnoreCase", "s3:prefix", "HOME/${aws:username}", "allow"),
        ("StringEqualsIgnoreCase", "s3:prefix", "HOME/${aws:unknown}", "implicit_deny"),
        ("StringLike", "s3:prefix", "h*/${aws:username}", "allow"),
        ("StringLike", "s3:prefix", "${*}*", "implicit_deny"),
        ("StringNotLike", "s3:prefix", "${aws:unknown}*", "allow"),
        ("ArnLike", "aws:SourceArn", "arn:aws:iam::1:user/${aws:username}", "allow"),
        ("ArnLike", "aws:SourceArn", "arn:aws:iam::1:user/${aws:unknown}", "implicit_deny"),
        ("ArnNotLike", "aws:SourceArn", "arn:aws:iam::1:user/${aws:unknown}", "allow"),
    ],
)
def test_conditions_take_variables(operator: str, key: str, listed: str, effect: str) -> None:
    context = {**ANN, "s3:prefix": "home/ann", "aws:SourceArn": "arn:aws:iam::1:user/ann"}
    assert effect_of("*", "*", context, Condition={operator: {key: listed}}) == effect


def test_a_substituted_colon_cannot_shift_the_parts_of_an_arn() -> None:
    condition = {"ArnLike": {"aws:SourceArn": "arn:aws:sns:${aws:username}:1:t"}}
    context: dict[str, ContextValue] = {"aws:username": "r:1", "aws:SourceArn": "arn:aws:sns:r:1:1:t"}
    assert effect_of("*", "*", context, Condition=condition) == "implicit_deny"


@pytest.mark.parametrize(
    "text", ["${", "${}", "${aws:username", "${a, b}", "${a, 'b}", "${a, 'b'c}", "${,'b'}", "${a${b}}", "${a'b}"]
)
def test_a_variable_that_is_not_well_formed_is_malformed(text: str) -> None:
    with pytest.raises(MalformedPolicy, match=r"Syntax errors in policy\."):
        effect_of(f"arn:{text}", "*", {})
