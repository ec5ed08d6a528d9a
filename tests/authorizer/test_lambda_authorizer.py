"""What a Lambda authorizer may answer, and what its answer decides."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from idp.authorizer import AccessRequest, AuthorizerMisconfigured, parse_answer, parse_simple_answer

API = "arn:aws:execute-api:eu-west-1:123456789012:abc123/prod"


def answer(**changes: object) -> dict[str, Any]:
    return {"principalId": "ann", "policyDocument": policy(f"{API}/GET/pets"), **changes}


def policy(resource: str, *, effect: str = "Allow") -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


def invoke(method_arn: str) -> AccessRequest:
    return AccessRequest("execute-api:Invoke", method_arn, {"aws:SourceIp": "192.0.2.7"})


def test_the_policy_is_asked_afresh_for_every_method() -> None:
    parsed = parse_answer(answer())

    assert parsed.effect(invoke(f"{API}/GET/pets")) == "allow"
    assert parsed.effect(invoke(f"{API}/GET/pets/7")) == "implicit_deny"
    assert parsed.effect(invoke(f"{API}/DELETE/pets")) == "implicit_deny"


def test_a_deny_is_explicit() -> None:
    parsed = parse_answer(answer(policyDocument=policy("*", effect="Deny")))

    assert parsed.effect(invoke(f"{API}/GET/pets")) == "explicit_deny"


@pytest.mark.parametrize(("network", "effect"), [("192.0.2.0/24", "allow"), ("198.51.100.0/24", "implicit_deny")])
def test_conditions_of_the_policy_count(network: str, effect: str) -> None:
    document = policy(f"{API}/*/pets*")
    document["Statement"][0]["Condition"] = {"IpAddress": {"aws:SourceIp": network}}

    assert parse_answer(answer(policyDocument=document)).effect(invoke(f"{API}/GET/pets/7")) == effect


@pytest.mark.parametrize(
    ("value", "text"), [("x", "x"), (7, "7"), (1.5, "1.5"), (True, "true"), (False, "false"), ("", "")]
)
def test_context_values_become_text(value: object, text: str) -> None:
    assert parse_answer(answer(context={"key": value})).context == {"key": text}


def test_context_of_an_http_api_may_nest() -> None:
    context = {"roles": ["a", "b"], "flag": True, "deep": {"n": None}}

    assert parse_answer(answer(context=context), nested_context=True).context == context


def test_principal_and_usage_key_are_read() -> None:
    parsed = parse_answer(answer(usageIdentifierKey="the-key"))

    assert (parsed.principal_id, parsed.usage_identifier_key) == ("ann", "the-key")
    assert "the-key" not in repr(parsed)


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [],
        "Allow",
        {},
        answer(principalId=None),
        answer(principalId=""),
        answer(principalId=7),
        answer(policyDocument=None),
        answer(policyDocument="{}"),
        answer(policyDocument={"Version": "2012-10-17"}),
        answer(policyDocument=policy("*", effect="allow please")),
        answer(context=[]),
        answer(context="x"),
        answer(context={"list": []}),
        answer(context={"object": {}}),
        answer(context={"null": None}),
        answer(usageIdentifierKey=7),
    ],
)
def test_an_incomplete_or_malformed_answer_is_a_misconfiguration(payload: object) -> None:
    with pytest.raises(AuthorizerMisconfigured):
        parse_answer(payload)


@pytest.mark.parametrize(("is_authorized", "effect"), [(True, "allow"), (False, "explicit_deny")])
def test_a_simple_answer_decides_every_route_alike(is_authorized: bool, effect: str) -> None:
    parsed = parse_simple_answer({"isAuthorized": is_authorized, "context": {"a": [1]}})

    assert parsed.effect(invoke(f"{API}/GET/pets")) == effect
    assert parsed.context == {"a": [1]}


@pytest.mark.parametrize(
    "payload", [None, {}, {"isAuthorized": "true"}, {"isAuthorized": 1}, {"isAuthorized": True, "context": 7}]
)
def test_a_malformed_simple_answer_is_a_misconfiguration(payload: object) -> None:
    with pytest.raises(AuthorizerMisconfigured):
        parse_simple_answer(payload)


wild = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.fixed_dictionaries({"policyDocument": wild}, optional={"principalId": wild, "context": wild}))
def test_any_answer_is_a_misconfiguration_and_nothing_else(payload: dict[str, object]) -> None:
    with pytest.raises(AuthorizerMisconfigured):
        parse_answer(payload)
