"""What ID and access tokens claim, and what the trigger may change of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from idp.domain.claim_overrides import parse_overrides
from idp.domain.claims import (
    Membership,
    TokenSubject,
    access_token_claims,
    access_token_hash,
    client_token_claims,
    id_token_claims,
)
from idp.domain.client import Client
from idp.domain.errors import TriggerAnswerInvalid
from idp.domain.group import Group
from idp.domain.user import User, UserStatus
from idp.domain.user_session import UserSession

THEN = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ATTRIBUTES = {
    "email": "ann@example.com",
    "email_verified": "true",
    "phone_number": "+15555550100",
    "name": "Ann",
    "updated_at": "1700000000",
    "custom:level": "7",
    "custom:admin": "true",
    "dev:custom:notes": "odd",
    "nickname": "",
}
ANN = User("us-east-1_a", "ann", "sub-of-ann", UserStatus.CONFIRMED, THEN, THEN, attributes=ATTRIBUTES)
SESSION = UserSession("origin", "us-east-1_a", 1, "app", "event", "openid", THEN, THEN, hosted=True, nonce="n")
APP = Client("app", "us-east-1_a", "app", {}, THEN, THEN)
SUBJECT = TokenSubject("https://issuer", APP, ANN, SESSION, Membership(), THEN, is_traceable=True)


def a_group(name: str, precedence: int | None = None, role: str | None = None) -> Group:
    return Group("us-east-1_a", name, THEN, THEN, role_arn=role, precedence=precedence)


def id_claims(scope: str = "openid", **client: Any) -> dict[str, Any]:
    session, app = replace(SESSION, scope=scope), replace(APP, settings=client)
    return id_token_claims(replace(SUBJECT, session=session, client=app), "jti", at_hash="hash")


def test_the_id_token_of_a_hosted_sign_in_has_its_claims_in_order() -> None:
    assert list(id_claims()) == [
        "at_hash",
        "sub",
        "email_verified",
        "iss",
        "phone_number",
        "name",
        "updated_at",
        "custom:level",
        "custom:admin",
        "cognito:username",
        "nonce",
        "origin_jti",
        "aud",
        "event_id",
        "token_use",
        "auth_time",
        "exp",
        "iat",
        "jti",
        "email",
    ]


def test_attributes_have_their_types_and_custom_ones_are_texts() -> None:
    claims = id_claims()

    assert [claims[name] for name in ("email_verified", "updated_at", "custom:level", "custom:admin")] == [
        True,
        1700000000,
        "7",
        "true",
    ]


@pytest.mark.parametrize(
    ("scope", "shown"),
    [
        ("openid", {"email", "phone_number", "name", "custom:level"}),
        ("openid email", {"email"}),
        ("openid phone", {"phone_number"}),
        ("openid profile", {"name", "custom:level"}),
        ("openid email profile", {"email", "name", "custom:level"}),
        ("openid aws.cognito.signin.user.admin", {"email", "phone_number", "name", "custom:level"}),
    ],
)
def test_scopes_choose_the_attributes_of_a_hosted_sign_in(scope: str, shown: set[str]) -> None:
    assert {"email", "phone_number", "name", "custom:level"} & id_claims(scope).keys() == shown


def test_an_attribute_that_the_client_may_not_read_is_not_shown() -> None:
    assert {"email", "name"} & id_claims(ReadAttributes=["name"]).keys() == {"name"}


def test_the_access_token_of_a_hosted_sign_in_has_a_version() -> None:
    claims = access_token_claims(SUBJECT, "jti")

    assert list(claims)[:4] == ["sub", "iss", "version", "client_id"]
    assert claims["version"] == 2


def test_a_device_is_named_in_the_access_token() -> None:
    session = replace(SESSION, device_key="us-east-1_device")

    assert access_token_claims(replace(SUBJECT, session=session), "jti")["device_key"] == "us-east-1_device"


def test_groups_rank_by_precedence_then_name_and_those_without_come_last() -> None:
    groups = [a_group("z", 5, "role:z"), a_group("b"), a_group("a"), a_group("m", 0, "role:m"), a_group("n", 5)]

    assert Membership.of(groups) == Membership(["m", "n", "z", "a", "b"], ["role:m", "role:z"], "role:m")


@pytest.mark.parametrize(
    ("roles", "preferred"),
    [(("role:a", "role:a"), "role:a"), (("role:a", "role:b"), None)],
    ids=["the same role", "different roles"],
)
def test_two_best_groups_prefer_a_role_only_together(roles: tuple[str, str], preferred: str | None) -> None:
    groups = [a_group(name, 1, role) for name, role in zip("ab", roles, strict=True)]

    assert Membership.of(groups).preferred_role == preferred


def test_a_clients_own_token_claims_nothing_of_a_user() -> None:
    claims = client_token_claims(APP, issuer="https://issuer", scope="pets/read", jti="jti", issued_at=THEN)

    assert list(claims) == [
        "sub",
        "token_use",
        "scope",
        "auth_time",
        "iss",
        "exp",
        "iat",
        "version",
        "jti",
        "client_id",
    ]
    assert (claims["sub"], claims["exp"] - claims["iat"]) == ("app", 3600)


def test_openid_core_a_3_at_hash_is_that_of_the_standards_example() -> None:
    assert access_token_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y") == "77QmUPtjPfzWtF2AnpK9RQ"


# What the trigger may change


def v1(**details: Any) -> Any:
    return parse_overrides({"claimsOverrideDetails": details}, Membership(["a"], ["r"], "r"), version="1")


def v2(**details: Any) -> Any:
    return parse_overrides({"claimsAndScopeOverrideDetails": details}, Membership(), version="2")


def test_no_answer_changes_nothing() -> None:
    claims = id_claims()

    assert parse_overrides({"claimsOverrideDetails": None}, Membership(), version="1").id_claims(claims) == claims


@pytest.mark.parametrize(
    "name",
    ["sub", "iss", "aud", "exp", "iat", "jti", "origin_jti", "event_id", "auth_time", "token_use", "nonce", "at_hash"],
)
def test_what_identifies_a_token_cannot_be_changed_or_left_out(name: str) -> None:
    claims = id_claims()
    changes = v1(claimsToAddOrOverride={name: "changed"}, claimsToSuppress=[name])

    assert changes.id_claims(claims)[name] == claims[name]


@pytest.mark.parametrize("name", ["cognito:username", "cognito:groups", "dev:custom:notes"])
def test_cognitos_and_developers_claims_cannot_be_set(name: str) -> None:
    claims = id_claims()

    assert v1(claimsToAddOrOverride={name: "changed"}).id_claims(claims).get(name) == claims.get(name)


def test_suppressing_the_groups_takes_roles_with_them() -> None:
    membership = Membership(["a"], ["r"], "r")
    claims = id_token_claims(replace(SUBJECT, membership=membership), "jti", at_hash=None)
    changed = v1(claimsToSuppress=["cognito:groups"]).id_claims(claims)

    assert claims.keys() - changed.keys() == {"cognito:groups", "cognito:roles", "cognito:preferred_role"}


def test_groups_are_replaced_as_a_whole() -> None:
    overrides = v1(groupOverrideDetails={"groupsToOverride": ["b"], "iamRolesToOverride": ["s"], "preferredRole": "s"})

    assert overrides.membership == Membership(["b"], ["s"], "s")


@pytest.mark.parametrize("name", ["email_verified", "phone_number_verified", "updated_at", "address"])
def test_some_claims_take_no_object(name: str) -> None:
    claims = id_claims()
    changes = v2(idTokenGeneration={"claimsToAddOrOverride": {name: {"a": 1}}})

    assert changes.id_claims(claims).get(name) == claims.get(name)


def test_scopes_are_added_once_and_left_out() -> None:
    changes = v2(accessTokenGeneration={"scopesToAdd": ["pets/read", "openid"], "scopesToSuppress": ["email"]})

    assert changes.scope("openid email") == "openid pets/read"


def test_an_audience_may_become_the_client_alone() -> None:
    claims = access_token_claims(SUBJECT, "jti")
    own, other = (v2(accessTokenGeneration={"claimsToAddOrOverride": {"aud": aud}}) for aud in ("app", "other"))

    assert own.access_claims(claims)["aud"] == "app"
    assert "aud" not in other.access_claims(claims)


@pytest.mark.parametrize(
    "details",
    [
        {"accessTokenGeneration": {"scopesToAdd": ["two words"]}},
        {"accessTokenGeneration": {"scopesToAdd": "pets/read"}},
        {"accessTokenGeneration": []},
        {"groupOverrideDetails": {"groupsToOverride": [1]}},
        {"groupOverrideDetails": {"preferredRole": 1}},
        {"idTokenGeneration": {"claimsToSuppress": [f"claim{number}" for number in range(5_001)]}},
    ],
    ids=["blank in scope", "no list", "no object", "no names", "no role", "too many"],
)
def test_an_answer_of_another_form_is_refused(details: dict[str, Any]) -> None:
    with pytest.raises(TriggerAnswerInvalid):
        v2(**details)
