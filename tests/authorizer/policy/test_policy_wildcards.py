"""Wildcards in actions and resources, NotAction and NotResource, and patterns made to be slow."""

from __future__ import annotations

import pytest

from idp.authorizer.policy import AccessRequest, evaluate, parse_policy

TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/T"


def effect_of(rule: dict[str, object], action: str, resource: str) -> str:
    policy = parse_policy({"Version": "2012-10-17", "Statement": {"Effect": "Allow", **rule}})
    return evaluate([policy], AccessRequest(action, resource, {})).effect


@pytest.mark.parametrize(
    ("written", "asked", "effect"),
    [
        ("dynamodb:GetItem", "dynamodb:GetItem", "allow"),
        ("DynamoDB:getitem", "dynamodb:GETITEM", "allow"),
        ("dynamodb:Get*", "dynamodb:GetItem", "allow"),
        ("dynamodb:*Item", "dynamodb:PutItem", "allow"),
        ("dynamodb:?etItem", "dynamodb:GetItem", "allow"),
        ("dynamodb:GetItem?", "dynamodb:GetItem", "implicit_deny"),
        ("*", "dynamodb:GetItem", "allow"),
        ("*:GetItem", "dynamodb:GetItem", "allow"),
        ("dynamodb:*", "dynamodbx:GetItem", "implicit_deny"),
        ("dynamodb:GetItem", "dynamodb:GetItems", "implicit_deny"),
    ],
)
def test_an_action_matches_in_any_case_and_by_wildcards(written: str, asked: str, effect: str) -> None:
    assert effect_of({"Action": written, "Resource": "*"}, asked, TABLE) == effect


@pytest.mark.parametrize(
    ("written", "effect"),
    [
        (TABLE, "allow"),
        ("*", "allow"),
        ("arn:aws:dynamodb:*:123456789012:table/*", "allow"),
        ("arn:aws:dynamodb:*:*:*", "allow"),
        ("arn:aws:dynamodb:*", "allow"),
        ("arn:*:table/T", "allow"),
        ("arn:aws:dynamodb:eu-west-?:123456789012:table/T", "allow"),
        ("arn:**:table/?**", "allow"),
        ("arn:aws:dynamodb:eu-west-1:123456789012:table/t", "implicit_deny"),
        ("arn:aws:dynamodb:eu-west-1:123456789012:table/T/*", "implicit_deny"),
        ("arn:aws:dynamodb:eu-west-1:123456789012:table", "implicit_deny"),
        ("arn:aws:dynamodb:eu-west-1:123456789012:table/T?", "implicit_deny"),
        ("arn:aws:dynamodb:eu-west-1:123456789012:table/TT*T", "implicit_deny"),
    ],
)
def test_a_resource_matches_whole_by_wildcards_and_in_its_case(written: str, effect: str) -> None:
    assert effect_of({"Action": "*", "Resource": written}, "dynamodb:GetItem", TABLE) == effect


@pytest.mark.parametrize(
    ("pattern", "text", "effect"),
    [
        ("arn:a*a", "arn:a", "implicit_deny"),
        ("arn:a*a", "arn:aa", "allow"),
        ("arn:*ab*abc", "arn:ababc", "allow"),
        ("arn:*ab*abc", "arn:abc", "implicit_deny"),
        ("arn:*b*b*", "arn:bb", "allow"),
        ("arn:*b*b*", "arn:b", "implicit_deny"),
        ("arn:*a?c*c", "arn:abcc", "allow"),
        ("arn:*a?c*c", "arn:abc", "implicit_deny"),
        ("arn:?*?", "arn:ab", "allow"),
        ("arn:?*?", "arn:a", "implicit_deny"),
        ("arn:[a-z].*", "arn:[a-z].x", "allow"),
        ("arn:[a-z].*", "arn:b.x", "implicit_deny"),
        ("arn:?", "arn:\n", "allow"),
        ("arn:a", "arn:a\n", "implicit_deny"),
    ],
)
def test_every_character_but_a_wildcard_stands_for_itself(pattern: str, text: str, effect: str) -> None:
    assert effect_of({"Action": "*", "Resource": pattern}, "a:Act", text) == effect


@pytest.mark.parametrize(
    ("rule", "action", "resource", "effect"),
    [
        ({"NotAction": "iam:*", "Resource": "*"}, "s3:GetObject", "arn:aws:s3:::b", "allow"),
        ({"NotAction": "iam:*", "Resource": "*"}, "IAM:CreateUser", "*", "implicit_deny"),
        ({"NotAction": ["iam:*", "s3:Get*"], "Resource": "*"}, "s3:GetObject", "*", "implicit_deny"),
        ({"NotAction": "iam:*", "Resource": "arn:aws:s3:::b"}, "s3:GetObject", "arn:aws:s3:::c", "implicit_deny"),
        ({"Action": "*", "NotResource": "arn:aws:s3:::b/*"}, "s3:GetObject", "arn:aws:s3:::c/k", "allow"),
        ({"Action": "*", "NotResource": "arn:aws:s3:::b/*"}, "s3:GetObject", "arn:aws:s3:::b/k", "implicit_deny"),
        (
            {"Action": "*", "NotResource": ["arn:aws:s3:::b", "arn:aws:s3:::c"]},
            "s3:X",
            "arn:aws:s3:::c",
            "implicit_deny",
        ),
    ],
)
def test_not_action_and_not_resource_mean_everything_else(
    rule: dict[str, object], action: str, resource: str, effect: str
) -> None:
    assert effect_of(rule, action, resource) == effect


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        pytest.param("*a" * 500, "a" * 20_000 + "b", id="many stars"),
        pytest.param("*a" * 500 + "*b*", "a" * 20_000, id="many stars, missing end"),
        pytest.param("*" * 10_000 + "b", "a" * 20_000, id="a run of stars"),
        pytest.param("*" + "?" * 9_000 + "b*", "a" * 20_000, id="many question marks"),
        pytest.param("*" + "?a" * 4_500 + "b*", "a" * 20_000, id="question marks between letters"),
        pytest.param("*?*" * 3_000 + "b", "a" * 20_000, id="stars and question marks"),
    ],
)
def test_a_hostile_pattern_is_answered_at_once(pattern: str, text: str) -> None:
    assert effect_of({"Action": "*", "Resource": f"arn:{pattern}"}, "a:Act", f"arn:{text}") == "implicit_deny"
