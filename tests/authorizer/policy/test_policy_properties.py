"""What holds for every policy and every request."""

from __future__ import annotations

import json
from contextlib import suppress
from fnmatch import translate
from re import match
from typing import Any

from hypothesis import given, settings, strategies as st

from idp.authorizer.policy import AccessRequest, MalformedPolicy, PolicyKind, evaluate, parse_policy

UNTIMED = settings(deadline=None)
KINDS: list[PolicyKind] = ["identity", "resource", "trust", "session", "lambda_authorizer"]

words = st.sampled_from(["a", "b", "ab", "a*", "?", "*b", "${aws:username}", "${x, 'a'}"])
conditions = st.dictionaries(
    st.sampled_from(
        ["StringEquals", "StringNotLike", "ForAllValues:StringLike", "ForAnyValue:StringEquals", "BoolIfExists", "Null"]
    ),
    st.dictionaries(st.sampled_from(["aws:username", "a:set"]), st.sampled_from(["true", "false"]), max_size=2),
    max_size=2,
)
statements = st.builds(
    lambda effect, action, resource, condition: {
        "Effect": effect,
        "Action": action,
        "Resource": f"arn:{resource}",
        "Condition": condition,
    },
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(["*", "s3:*", "s3:Get*", "iam:*"]),
    words,
    conditions,
)
requests = st.builds(
    AccessRequest,
    st.sampled_from(["s3:GetObject", "s3:PutObject", "iam:CreateUser"]),
    st.sampled_from(["arn:a", "arn:ab", "arn:true", "arn:"]),
    st.dictionaries(
        st.sampled_from(["aws:username", "a:set", "x"]),
        st.sampled_from(["true", "false", "a"]) | st.tuples(st.just("true"), st.just("false")),
    ),
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | words,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Version",
                    "Id",
                    "Statement",
                    "Sid",
                    "Effect",
                    "Principal",
                    "AWS",
                    "Action",
                    "NotAction",
                    "Resource",
                    "Condition",
                    "Bool",
                    "DateEquals",
                ]
            )
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def effect_of(rules: list[dict[str, object]], request: AccessRequest) -> str:
    return evaluate([parse_policy({"Version": "2012-10-17", "Statement": rules})], request).effect


@UNTIMED
@given(st.lists(statements, min_size=1, max_size=4), statements, requests)
def test_one_more_deny_never_allows_what_was_refused(
    rules: list[dict[str, object]], extra: dict[str, object], request: AccessRequest
) -> None:
    more = effect_of([*rules, {**extra, "Effect": "Deny"}], request)
    assert more in {"explicit_deny", effect_of(rules, request)}


@UNTIMED
@given(
    st.lists(statements, min_size=1, max_size=4).flatmap(lambda s: st.tuples(st.just(s), st.permutations(s))), requests
)
def test_the_order_of_statements_never_changes_the_effect(
    orders: tuple[list[dict[str, object]], list[dict[str, object]]], request: AccessRequest
) -> None:
    given_order, other_order = orders
    assert effect_of(given_order, request) == effect_of(other_order, request)


@UNTIMED
@given(st.lists(statements, min_size=1, max_size=4), requests)
def test_an_explanation_agrees_with_the_effect(rules: list[dict[str, object]], request: AccessRequest) -> None:
    answer = evaluate([parse_policy({"Version": "2012-10-17", "Statement": rules})], request, explain=True)
    applied = {entry.effect for entry in answer.trace if entry.applies}
    expected = {"explicit_deny": "Deny" in applied, "allow": applied == {"Allow"}, "implicit_deny": not applied}
    assert expected[answer.effect]


@UNTIMED
@given(st.text(alphabet="ab?*", max_size=12), st.text(alphabet="ab", max_size=12))
def test_a_pattern_matches_as_a_naive_matcher_would(pattern: str, text: str) -> None:
    rule: dict[str, object] = {"Effect": "Allow", "Action": "*", "Resource": f"arn:{pattern}"}
    matches = effect_of([rule], AccessRequest("s3:X", f"arn:{text}", {})) == "allow"
    assert matches == (match(translate(pattern), text) is not None)


@UNTIMED
@given(json_values, st.sampled_from(KINDS))
def test_any_value_is_a_policy_or_malformed(value: Any, kind: PolicyKind) -> None:
    with suppress(MalformedPolicy):
        parse_policy(json.dumps(value), kind=kind)


@UNTIMED
@given(
    st.fixed_dictionaries(
        {
            "Effect": st.just("Allow"),
            "Principal": json_values,
            "Action": json_values | words,
            "Resource": words,
            "Condition": st.dictionaries(
                st.sampled_from(
                    ["DateEquals", "NumericEquals", "IpAddress", "BinaryEquals", "ArnLike", "Null", "Bool"]
                ),
                st.dictionaries(st.just("a:b"), json_values | st.text()),
            ),
        }
    ),
    st.sampled_from(KINDS),
)
def test_any_statement_is_read_or_malformed(rule: dict[str, object], kind: PolicyKind) -> None:
    with suppress(MalformedPolicy):
        parse_policy({"Statement": rule}, kind=kind)


@UNTIMED
@given(st.text(), st.sampled_from(KINDS))
def test_any_text_is_a_policy_or_malformed(text: str, kind: PolicyKind) -> None:
    with suppress(MalformedPolicy):
        parse_policy(text, kind=kind)
