"""Policies as AWS's guides print them, asked what the guides say about them."""

from __future__ import annotations

import pytest

from idp.authorizer.policy import AccessRequest, ContextValue, PolicyDocument, PolicyKind, evaluate, parse_policy

SUB = "cognito-identity.amazonaws.com:sub"
TABLE = "arn:aws:dynamodb:us-west-2:111122223333:table/GameScores"


def policy_of(*rules: dict[str, object], kind: PolicyKind = "identity") -> PolicyDocument:
    return parse_policy({"Version": "2012-10-17", "Statement": list(rules)}, kind=kind)


LEADING_KEYS = policy_of(
    {
        "Effect": "Allow",
        "Action": ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"],
        "Resource": [TABLE],
        "Condition": {
            "ForAllValues:StringEquals": {
                "dynamodb:LeadingKeys": ["${cognito-identity.amazonaws.com:sub}"],
                "dynamodb:Attributes": ["UserId", "GameTitle", "Wins"],
            },
            "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
        },
    }
)
HOME_FOLDER = policy_of(
    {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::bucket",
        "Condition": {"StringLike": {"s3:prefix": ["${cognito-identity.amazonaws.com:sub}/*"]}},
    },
    {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": "arn:aws:s3:::bucket/${cognito-identity.amazonaws.com:sub}/*",
    },
)
MFA_FOR_DELETES = policy_of(
    {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"},
    {
        "Effect": "Deny",
        "Action": "ec2:TerminateInstances",
        "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    },
)
FROM_THE_OFFICE = policy_of(
    {"Effect": "Allow", "Action": "*", "Resource": "*"},
    {
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {
            "NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", "2001:DB8:1234:5678::/64"]},
            "Bool": {"aws:ViaAWSService": "false"},
        },
    },
)
POOL_TRUST = policy_of(
    {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {"cognito-identity.amazonaws.com:aud": "us-east-1:pool"},
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
        },
    },
    kind="trust",
)


@pytest.mark.parametrize(
    ("policy", "action", "resource", "context", "effect"),
    [
        (LEADING_KEYS, "dynamodb:GetItem", TABLE, {SUB: "a", "dynamodb:LeadingKeys": ("a",)}, "allow"),
        (LEADING_KEYS, "dynamodb:GetItem", TABLE, {SUB: "a", "dynamodb:LeadingKeys": ("a", "b")}, "implicit_deny"),
        (LEADING_KEYS, "dynamodb:Scan", TABLE, {SUB: "a"}, "implicit_deny"),
        (
            LEADING_KEYS,
            "dynamodb:Query",
            TABLE,
            {SUB: "a", "dynamodb:LeadingKeys": ("a",), "dynamodb:Attributes": ("UserId", "Secret")},
            "implicit_deny",
        ),
        (
            LEADING_KEYS,
            "dynamodb:Query",
            TABLE,
            {SUB: "a", "dynamodb:LeadingKeys": ("a",), "dynamodb:Select": "ALL_ATTRIBUTES"},
            "implicit_deny",
        ),
        (HOME_FOLDER, "s3:ListBucket", "arn:aws:s3:::bucket", {SUB: "r:1", "s3:prefix": "r:1/"}, "allow"),
        (HOME_FOLDER, "s3:ListBucket", "arn:aws:s3:::bucket", {SUB: "r:1"}, "implicit_deny"),
        (HOME_FOLDER, "s3:GetObject", "arn:aws:s3:::bucket/r:1/cat", {SUB: "r:1"}, "allow"),
        (HOME_FOLDER, "s3:GetObject", "arn:aws:s3:::bucket/r:2/cat", {SUB: "r:1"}, "implicit_deny"),
        (HOME_FOLDER, "s3:GetObject", "arn:aws:s3:::bucket//cat", {}, "implicit_deny"),
        (MFA_FOR_DELETES, "ec2:TerminateInstances", "*", {"aws:MultiFactorAuthPresent": "true"}, "allow"),
        (MFA_FOR_DELETES, "ec2:TerminateInstances", "*", {"aws:MultiFactorAuthPresent": "false"}, "explicit_deny"),
        (MFA_FOR_DELETES, "ec2:TerminateInstances", "*", {}, "explicit_deny"),
        (FROM_THE_OFFICE, "s3:X", "*", {"aws:SourceIp": "192.0.2.9", "aws:ViaAWSService": "false"}, "allow"),
        (FROM_THE_OFFICE, "s3:X", "*", {"aws:SourceIp": "198.51.100.1", "aws:ViaAWSService": "false"}, "explicit_deny"),
        (FROM_THE_OFFICE, "s3:X", "*", {"aws:SourceIp": "198.51.100.1", "aws:ViaAWSService": "true"}, "allow"),
    ],
)
def test_a_printed_policy_means_what_the_guide_says(
    policy: PolicyDocument, action: str, resource: str, context: dict[str, ContextValue], effect: str
) -> None:
    assert evaluate([policy], AccessRequest(action, resource, context)).effect == effect


@pytest.mark.parametrize(
    ("pool", "amr", "effect"),
    [
        ("us-east-1:pool", ("authenticated", "cognito-idp.us-east-1.amazonaws.com/us-east-1_x"), "allow"),
        ("us-east-1:other", ("authenticated",), "implicit_deny"),
        ("us-east-1:pool", ("unauthenticated",), "implicit_deny"),
    ],
)
def test_the_trust_of_an_identity_pools_role(pool: str, amr: tuple[str, ...], effect: str) -> None:
    context: dict[str, ContextValue] = {
        "cognito-identity.amazonaws.com:aud": pool,
        "cognito-identity.amazonaws.com:amr": amr,
    }
    request = AccessRequest(
        "sts:AssumeRoleWithWebIdentity", "*", context, ("Federated:cognito-identity.amazonaws.com",)
    )
    assert evaluate([POOL_TRUST], request).effect == effect
