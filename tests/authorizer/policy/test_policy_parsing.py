"""What is a policy document, what is not, and IAM's words for it."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import pytest

from idp.authorizer.policy import MAX_CHARACTERS, MalformedPolicy, PolicyKind, parse_policy

RULE = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
TRUST = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"Statement": RULE}, "identity"),
        ({"Version": "2012-10-17", "Id": "x", "Statement": [RULE, {**RULE, "Sid": "A1"}]}, "identity"),
        ({"Version": "2008-10-17", "Statement": [{**RULE, "Sid": ""}, {**RULE, "Sid": ""}]}, "session"),
        ({"Statement": {**RULE, "Principal": "*", "Sid": "public read"}}, "resource"),
        ({"Statement": {**RULE, "Principal": "*", "Resource": "execute-api:/dev/GET/*"}}, "resource"),
        ({"Statement": TRUST}, "trust"),
        ({"Statement": {**TRUST, "Action": ["sts:AssumeRole", "sts:TagSession"]}}, "trust"),
        ({"Statement": [{**RULE, "Action": "execute-api:Invoke"}]}, "lambda_authorizer"),
        (OrderedDict(Statement=RULE), "identity"),
    ],
)
def test_a_policy_of_its_kind_is_read(document: dict[str, object], kind: PolicyKind) -> None:
    assert parse_policy(document, kind=kind).kind == kind


def test_json_text_and_what_it_means_are_the_same_policy() -> None:
    text = '{"Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}'
    assert (
        parse_policy(text).statements
        == parse_policy({"Statement": {**RULE, "Effect": "Deny", "Action": "s3:*"}}).statements
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{'Statement': []}",
        '{"Statement": NaN}',
        "[" * 10_000,
        '{"a":' * 3_000,
        f'{{"Statement": {"1" * 5_000}}}',
        "\ud800",
        "\ufeff{}",
    ],
    ids=lambda text: repr(text[:20]),
)
def test_what_is_not_json_is_said_to_be_invalid_json(text: str) -> None:
    with pytest.raises(MalformedPolicy, match=r"^This policy contains invalid Json$"):
        parse_policy(text)


@pytest.mark.parametrize(
    ("kind", "rule", "message"),
    [
        ("identity", {**RULE, "Effect": "allow"}, "Syntax errors in policy."),
        ("identity", {"Action": "s3:*", "Resource": "*"}, "Syntax errors in policy."),
        ("identity", {**RULE, "Extra": 1}, "Syntax errors in policy."),
        ("identity", {**RULE, "NotAction": "s3:*"}, "Syntax errors in policy."),
        ("identity", {**RULE, "NotResource": "*"}, "Syntax errors in policy."),
        ("identity", {**RULE, "Action": [["s3:*"]]}, "Syntax errors in policy."),
        ("identity", {**RULE, "Action": {"s3": "*"}}, "Syntax errors in policy."),
        ("identity", {**RULE, "Resource": 5}, "Syntax errors in policy."),
        ("identity", {**RULE, "Sid": 5}, "Syntax errors in policy."),
        ("identity", {**RULE, "Condition": []}, "Syntax errors in policy."),
        ("identity", {**RULE, "Condition": {"Bool": "true"}}, "Syntax errors in policy."),
        ("identity", "Allow", "Syntax errors in policy."),
        ("identity", {"Effect": "Allow", "Resource": "*"}, "Policy statement must contain actions."),
        ("identity", {**RULE, "Action": []}, "Policy statement must contain actions."),
        ("identity", {"Effect": "Allow", "Action": "*"}, "Policy statement must contain resources."),
        ("identity", {**RULE, "Resource": []}, "Policy statement must contain resources."),
        ("identity", {**RULE, "Resource": "bucket"}, 'Resource bucket must be in ARN format or "*".'),
        (
            "identity",
            {**RULE, "Action": "GetObject"},
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
        (
            "identity",
            {**RULE, "Action": "s3:"},
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
        ("identity", {**RULE, "Action": "s3:Get:Object"}, "Actions/Condition can contain only one colon."),
        (
            "identity",
            {**RULE, "Condition": {"Bool": {"secure": "true"}}},
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
        (
            "identity",
            {**RULE, "Sid": "two words"},
            (
                "Statement IDs (SID) must be alpha-numeric. "
                "Check that your input satisfies the regular expression [0-9A-Za-z]*"
            ),
        ),
        ("identity", {**RULE, "Principal": "*"}, "Policy document should not specify a principal."),
        ("session", {**RULE, "NotPrincipal": "*"}, "Policy document should not specify a principal."),
        ("lambda_authorizer", {**RULE, "Principal": "*"}, "Policy document should not specify a principal."),
        ("resource", RULE, "Missing required field Principal"),
        ("resource", {**RULE, "Principal": "*", "NotPrincipal": "*"}, "Syntax errors in policy."),
        ("trust", {"Effect": "Allow", "Action": "sts:AssumeRole"}, "Missing required field Principal"),
        ("trust", {**TRUST, "Resource": "*"}, "Has prohibited field Resource"),
        ("trust", {**TRUST, "Action": "s3:GetObject"}, "AssumeRole policy may only specify STS AssumeRole actions."),
        ("trust", {"Effect": "Deny", "NotPrincipal": "*", "Action": "sts:AssumeRole"}, "Syntax errors in policy."),
        ("trust", {**TRUST, "Principal": {"AWS": "ann"}}, 'Invalid principal in policy: "AWS":"ann"'),
    ],
)
def test_a_statement_that_is_wrong_for_its_kind_is_refused_in_iams_words(
    kind: PolicyKind, rule: object, message: str
) -> None:
    with pytest.raises(MalformedPolicy) as refusal:
        parse_policy({"Statement": [rule]}, kind=kind)
    assert refusal.value.message == message


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("[]", "Syntax errors in policy."),
        ("null", "Syntax errors in policy."),
        ('"text"', "Syntax errors in policy."),
        ("{}", "Syntax errors in policy."),
        ('{"Statement": []}', "Syntax errors in policy."),
        ('{"Statement": null}', "Syntax errors in policy."),
        ({"Version": "2020-01-01", "Statement": RULE}, "Syntax errors in policy."),
        ({"Version": None, "Statement": RULE}, "Syntax errors in policy."),
        ({"Version": ["2012-10-17"], "Statement": RULE}, "Syntax errors in policy."),
        ({"Id": 5, "Statement": RULE}, "Syntax errors in policy."),
        ({"Statement": RULE, "statement": RULE}, "Syntax errors in policy."),
        (
            '{"Statement": {"Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}}',
            "Syntax errors in policy.",
        ),
        (
            {"Statement": [{**RULE, "Sid": "A"}, {**RULE, "Sid": "A"}]},
            "Statement IDs (SID) in a single policy must be unique.",
        ),
        (" " * (MAX_CHARACTERS + 1), f"The policy is longer than {MAX_CHARACTERS} characters."),
        ({"Statement": {1}}, "This policy contains invalid Json"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_document_that_is_no_policy_is_refused(document: Any, message: str) -> None:
    with pytest.raises(MalformedPolicy) as refusal:
        parse_policy(document)
    assert refusal.value.message == message
