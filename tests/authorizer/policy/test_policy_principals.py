"""Principal and NotPrincipal: who is meant, in all the ways a policy may name them."""

from __future__ import annotations

import pytest

from idp.authorizer.policy import (
    AccessRequest,
    MalformedPolicy,
    evaluate,
    federated_principal,
    parse_policy,
    service_principal,
)

ACCOUNT = "123456789012"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
USER = f"arn:aws:iam::{ACCOUNT}:user/ann"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/path/reader"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/one"

AS_USER = (USER, ACCOUNT)
AS_SESSION = (SESSION, ROLE, ACCOUNT)
AS_STRANGER = ("arn:aws:iam::999999999999:user/eve", "999999999999")
AS_LAMBDA = (service_principal("lambda.amazonaws.com"),)
AS_COGNITO = (federated_principal("cognito-identity.amazonaws.com"),)
ANONYMOUS = ()


def effect_of(element: dict[str, object], principals: tuple[str, ...], effect: str = "Allow") -> str:
    rule = {"Effect": effect, "Action": "s3:GetObject", "Resource": "*", **element}
    policy = parse_policy({"Version": "2012-10-17", "Statement": rule}, kind="resource")
    return evaluate([policy], AccessRequest("s3:GetObject", "*", {}, principals)).effect


@pytest.mark.parametrize(
    ("principal", "caller"),
    [
        ("*", AS_USER),
        ("*", ANONYMOUS),
        ("*", AS_COGNITO),
        ({"AWS": "*"}, AS_SESSION),
        ({"AWS": "*"}, ANONYMOUS),
        ({"AWS": ACCOUNT}, AS_USER),
        ({"AWS": ROOT}, AS_USER),
        ({"AWS": ROOT}, AS_SESSION),
        ({"AWS": ROOT}, (ROOT, ACCOUNT)),
        ({"AWS": "arn:aws-cn:iam::123456789012:root"}, AS_USER),
        ({"AWS": [USER, ROLE]}, AS_USER),
        ({"AWS": [USER, ROLE]}, AS_SESSION),
        ({"AWS": SESSION}, AS_SESSION),
        ({"Service": "lambda.amazonaws.com"}, AS_LAMBDA),
        ({"Service": ["s3.amazonaws.com", "lambda.amazonaws.com"], "AWS": USER}, AS_LAMBDA),
        ({"Federated": "cognito-identity.amazonaws.com"}, AS_COGNITO),
        ({"Federated": "*"}, AS_COGNITO),
    ],
)
def test_a_principal_is_meant(principal: object, caller: tuple[str, ...]) -> None:
    assert effect_of({"Principal": principal}, caller) == "allow"


@pytest.mark.parametrize(
    ("principal", "caller"),
    [
        ({"AWS": ACCOUNT}, AS_STRANGER),
        ({"AWS": ACCOUNT}, ANONYMOUS),
        ({"AWS": USER}, (f"{USER}2", ACCOUNT)),
        ({"AWS": SESSION}, (f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/two", ROLE, ACCOUNT)),
        ({"AWS": ROLE.replace("reader", "Reader")}, AS_SESSION),
        ({"Service": "cognito-identity.amazonaws.com"}, AS_COGNITO),
        ({"Federated": "lambda.amazonaws.com"}, AS_LAMBDA),
        ({"Federated": "*"}, AS_USER),
        ({"CanonicalUser": ACCOUNT}, AS_USER),
        ({"AWS": "AIDAIOSFODNN7EXAMPLE"}, AS_USER),
    ],
)
def test_a_principal_is_not_meant(principal: object, caller: tuple[str, ...]) -> None:
    assert effect_of({"Principal": principal}, caller) == "implicit_deny"


@pytest.mark.parametrize(
    ("listed", "caller", "effect"),
    [
        ([USER, ROOT], AS_USER, "implicit_deny"),
        ([SESSION, ROLE, ACCOUNT], AS_SESSION, "implicit_deny"),
        ([USER], AS_USER, "explicit_deny"),
        ([ROLE, ACCOUNT], AS_SESSION, "explicit_deny"),
        ([USER, ROOT], AS_STRANGER, "explicit_deny"),
        ([USER, ROOT], ANONYMOUS, "explicit_deny"),
        ([ROOT], (ROOT, ACCOUNT), "implicit_deny"),
    ],
)
def test_a_deny_with_not_principal_spares_only_who_is_listed_by_every_name(
    listed: list[str], caller: tuple[str, ...], effect: str
) -> None:
    assert effect_of({"NotPrincipal": {"AWS": listed}}, caller, "Deny") == effect


@pytest.mark.parametrize(
    ("listed", "caller", "effect"),
    [
        (USER, AS_STRANGER, "allow"),
        (USER, ANONYMOUS, "allow"),
        (USER, AS_USER, "implicit_deny"),
        (ROOT, AS_USER, "implicit_deny"),
    ],
)
def test_an_allow_with_not_principal_means_everyone_who_is_not_listed(
    listed: str, caller: tuple[str, ...], effect: str
) -> None:
    assert effect_of({"NotPrincipal": {"AWS": listed}}, caller) == effect


@pytest.mark.parametrize(
    ("principal", "granted_to"),
    [
        ("*", {"*"}),
        ({"AWS": ROOT}, {ACCOUNT}),
        ({"AWS": [ACCOUNT, ROLE]}, {ROLE}),
        ({"AWS": [ROLE, SESSION]}, {SESSION}),
    ],
)
def test_an_allow_tells_by_which_name_it_knows_the_caller(principal: object, granted_to: set[str]) -> None:
    rule = {"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*"}
    policy = parse_policy({"Statement": rule}, kind="resource")
    assert evaluate([policy], AccessRequest("a:Act", "*", {}, AS_SESSION)).granted_to == granted_to


def test_every_allow_tells_its_name_for_the_caller() -> None:
    rules = [
        {"Effect": "Allow", "Principal": {"AWS": name}, "Action": "*", "Resource": "*"}
        for name in (ACCOUNT, ROLE, USER)
    ]
    policy = parse_policy({"Statement": rules}, kind="resource")
    assert evaluate([policy], AccessRequest("a:Act", "*", {}, AS_SESSION)).granted_to == {ACCOUNT, ROLE}


@pytest.mark.parametrize(
    "principal",
    [
        "everyone",
        {},
        [],
        {"AWS": []},
        {"AWS": ""},
        {"AWS": 123456789012},
        {"AWS": "ann"},
        {"AWS": "12345678901"},
        {"AWS": f"arn:aws:iam::{ACCOUNT}:user/*"},
        {"AWS": {"a": "b"}},
        {"Service": "*"},
        {"Service": "*.amazonaws.com"},
        {"User": USER},
        None,
    ],
)
def test_what_cannot_be_a_principal_is_malformed(principal: object) -> None:
    with pytest.raises(MalformedPolicy):
        effect_of({"Principal": principal}, AS_USER)
