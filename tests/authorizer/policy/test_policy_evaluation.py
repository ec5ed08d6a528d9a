"""Deny before Allow before silence, over several documents; and the explanation of it."""

from __future__ import annotations

import pytest

from idp.authorizer.policy import AccessRequest, StatementReference, evaluate, parse_policy

ALLOW = {"Sid": "Reads", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}
DENY = {"Sid": "NoSecrets", "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/secret/*"}
ALLOWING = parse_policy({"Version": "2012-10-17", "Statement": ALLOW})
DENYING = parse_policy({"Version": "2012-10-17", "Statement": DENY})
CAT = AccessRequest("s3:GetObject", "arn:aws:s3:::b/cat", {})
SECRET = AccessRequest("s3:GetObject", "arn:aws:s3:::b/secret/1", {})


def test_a_matching_allow_allows_and_is_named() -> None:
    answer = evaluate([DENYING, ALLOWING], CAT)
    assert (answer.effect, answer.statement) == ("allow", StatementReference(1, 0, "Reads"))


def test_a_matching_deny_beats_an_allow_and_is_named() -> None:
    answer = evaluate([ALLOWING, DENYING], SECRET)
    assert (answer.effect, answer.statement) == ("explicit_deny", StatementReference(1, 0, "NoSecrets"))


@pytest.mark.parametrize("documents", [[], [DENYING]], ids=["no policy", "none that matches"])
def test_silence_is_an_implicit_deny_by_no_statement(documents: list[object]) -> None:
    answer = evaluate(documents, CAT)  # type: ignore[arg-type]
    assert (answer.effect, answer.statement) == ("implicit_deny", None)


def test_nothing_is_explained_unless_asked() -> None:
    assert evaluate([ALLOWING, DENYING], SECRET).trace == ()


def test_every_statement_is_explained_even_after_a_deny() -> None:
    answer = evaluate([DENYING, ALLOWING], SECRET, explain=True)
    assert [(entry.document, entry.statement, entry.sid, entry.applies) for entry in answer.trace] == [
        (0, 0, "NoSecrets", True),
        (1, 0, "Reads", True),
    ]


@pytest.mark.parametrize(
    ("rule", "missed", "why"),
    [
        ({}, None, "every part matches"),
        ({"Action": ["s3:Put*", "s3:List*"]}, "action", "s3:GetObject matches nothing in Action [s3:Put*, s3:List*]"),
        ({"Resource": "arn:aws:s3:::c"}, "resource", "arn:aws:s3:::b/cat matches nothing in Resource [arn:aws:s3:::c]"),
        (
            {"Principal": {"AWS": "999999999999"}},
            "principal",
            "arn:aws:iam::123456789012:user/ann = 123456789012 matches nothing in Principal [999999999999]",
        ),
        (
            {"Condition": {"StringLike": {"s3:Prefix": ["a/*", "b/*"]}}},
            "condition",
            "StringLike s3:Prefix [a/*, b/*] is not met: the request has [c/]",
        ),
        (
            {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "blue"}}},
            "condition",
            "StringEquals aws:PrincipalTag/team [blue] is not met: the request does not have the key",
        ),
        (
            {"Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": "c"}}},
            "condition",
            "ForAnyValue:StringEquals aws:TagKeys [c] is not met: the request has [a, b]",
        ),
        (
            {"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
            "condition",
            "IpAddress aws:SourceIp [10.0.0.0/8] is not met: 'nowhere' cannot be compared by IpAddress",
        ),
        (
            {"Condition": {"StringEquals": {"aws:TagKeys": "a"}}},
            "condition",
            (
                "StringEquals aws:TagKeys [a] is not met: "
                "the request has several values: the operator needs ForAllValues or ForAnyValue"
            ),
        ),
        (
            {"Effect": "Deny", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
            None,
            "every part matches; 'nowhere' cannot be compared by IpAddress, which counts as met in a Deny",
        ),
    ],
)
def test_an_explanation_names_the_part_that_did_not_fit(rule: dict[str, object], missed: str | None, why: str) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*", **rule}
    policy = parse_policy({"Version": "2012-10-17", "Statement": statement}, kind="resource")
    request = AccessRequest(
        "s3:GetObject",
        "arn:aws:s3:::b/cat",
        {"s3:prefix": "c/", "aws:TagKeys": ("a", "b"), "aws:SourceIp": "nowhere"},
        ("arn:aws:iam::123456789012:user/ann", "123456789012"),
    )
    (entry,) = evaluate([policy], request, explain=True).trace
    assert (entry.missed, entry.why) == (missed, why)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ({"NotAction": "s3:Get*", "Resource": "*"}, "s3:GetObject is listed in NotAction [s3:Get*]"),
        (
            {"Action": "*", "NotResource": "arn:aws:s3:::b/*"},
            "arn:aws:s3:::b/cat is listed in NotResource [arn:aws:s3:::b/*]",
        ),
    ],
)
def test_an_explanation_names_what_an_exception_lists(rule: dict[str, object], why: str) -> None:
    policy = parse_policy({"Statement": {"Effect": "Allow", **rule}})
    (entry,) = evaluate([policy], CAT, explain=True).trace
    assert entry.why == why
