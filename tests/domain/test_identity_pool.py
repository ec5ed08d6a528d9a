from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from idp.domain.errors import InvalidIdentityPoolConfiguration, InvalidParameter, NotAuthorized
from idp.domain.identity_pool import IdentityPool, VerifiedLogin, check_role_mappings, select_role
from tests.fakes import START

PROVIDER = "cognito-idp.us-east-1.amazonaws.com/us-east-1_x"
KEY = f"{PROVIDER}:app"
MEMBER, GUEST, ADMIN, STAFF = (
    f"arn:aws:iam::111122223333:role/{name}" for name in ("member", "guest", "admin", "staff")
)
DEFAULTS = {"authenticated": MEMBER, "unauthenticated": GUEST}
DENIED = f"The ambiguous role mapping rules for: {PROVIDER} denied this request."


def a_pool(
    mapping: Mapping[str, Any] | None = None, *, key: str = KEY, roles: Mapping[str, str] = DEFAULTS
) -> IdentityPool:
    mappings = {} if mapping is None else {key: mapping}
    return IdentityPool("us-east-1:1", "111122223333", "us-east-1", "app", {}, START, roles, mappings)


def a_login(**claims: Any) -> list[VerifiedLogin]:
    return [VerifiedLogin(PROVIDER, "app", "sub", {name.replace("__", ":"): value for name, value in claims.items()})]


def by_token(otherwise: str) -> dict[str, Any]:
    return {"Type": "Token", "AmbiguousRoleResolution": otherwise}


def by_rules(*rules: tuple[str, str, str, str], otherwise: str = "Deny") -> dict[str, Any]:
    listed = [dict(zip(("Claim", "MatchType", "Value", "RoleARN"), rule, strict=True)) for rule in rules]
    return {"Type": "Rules", "AmbiguousRoleResolution": otherwise, "RulesConfiguration": {"Rules": listed}}


def test_a_guest_gets_the_guests_role() -> None:
    assert select_role(a_pool(), [], None) == GUEST


def test_a_person_gets_the_members_role() -> None:
    assert select_role(a_pool(), a_login(), None) == MEMBER


@pytest.mark.parametrize("logins", [[], a_login()])
def test_a_role_that_is_not_set_is_a_fault_of_the_pool(logins: list[VerifiedLogin]) -> None:
    with pytest.raises(InvalidIdentityPoolConfiguration):
        select_role(a_pool(roles={}), logins, None)


def test_a_mapping_of_another_client_does_not_count() -> None:
    assert select_role(a_pool(by_token("Deny"), key=f"{PROVIDER}:other"), a_login(), None) == MEMBER


def test_the_preferred_role_of_the_token_is_given() -> None:
    login = a_login(cognito__roles=[STAFF, ADMIN], cognito__preferred_role=ADMIN)

    assert select_role(a_pool(by_token("Deny")), login, None) == ADMIN


def test_the_only_role_of_the_token_is_given() -> None:
    assert select_role(a_pool(by_token("Deny")), a_login(cognito__roles=[STAFF]), None) == STAFF


@pytest.mark.parametrize("roles", [[STAFF, ADMIN], f"{STAFF}, {ADMIN}"], ids=["array", "text"])
def test_a_caller_may_choose_among_the_roles_of_the_token(roles: object) -> None:
    assert select_role(a_pool(by_token("Deny")), a_login(cognito__roles=roles), ADMIN) == ADMIN


@pytest.mark.parametrize(
    ("mapping", "logins"),
    [
        (by_token("AuthenticatedRole"), a_login(cognito__roles=[STAFF])),
        (by_rules(("team", "Equals", "x", STAFF)), a_login(team="x")),
        (None, a_login(cognito__roles=[ADMIN])),
        (None, []),
    ],
    ids=["token", "rules", "no mapping", "guest"],
)
def test_a_caller_may_not_choose_another_role(mapping: Mapping[str, Any] | None, logins: list[VerifiedLogin]) -> None:
    with pytest.raises(NotAuthorized, match=f"Access to Role '{ADMIN}' is forbidden"):
        select_role(a_pool(mapping), logins, ADMIN)


@pytest.mark.parametrize("mapping", [by_token("Deny"), by_rules(("team", "Equals", "x", STAFF))])
def test_what_cannot_be_decided_may_be_denied(mapping: Mapping[str, Any]) -> None:
    with pytest.raises(NotAuthorized, match=DENIED):
        select_role(a_pool(mapping), a_login(cognito__roles=[STAFF, ADMIN], team="y"), None)


@pytest.mark.parametrize(
    "mapping",
    [by_token("AuthenticatedRole"), by_rules(("team", "Equals", "x", STAFF), otherwise="AuthenticatedRole")],
)
def test_what_cannot_be_decided_may_fall_back_to_the_members_role(mapping: Mapping[str, Any]) -> None:
    assert select_role(a_pool(mapping), a_login(cognito__roles=[STAFF, ADMIN], team="y"), None) == MEMBER


@pytest.mark.parametrize(
    ("match", "value", "held", "matches"),
    [
        ("Equals", "blue", "blue", True),
        ("Equals", "blue", "Blue", False),
        ("NotEqual", "blue", "red", True),
        ("NotEqual", "blue", "blue", False),
        ("NotEqual", "blue", None, False),
        ("StartsWith", "bl", "blue", True),
        ("StartsWith", "lu", "blue", False),
        ("Contains", "lu", "blue", True),
        ("Contains", "x", "blue", False),
        ("Contains", "admins", ["staff", "admins"], True),
        ("Equals", "true", True, True),
        ("Equals", "7", 7, True),
    ],
)
def test_rules_compare_a_claim(match: str, value: str, held: object, matches: bool) -> None:
    claims = {} if held is None else {"custom__team": held}
    pool = a_pool(by_rules(("custom:team", match, value, STAFF), otherwise="AuthenticatedRole"))

    assert select_role(pool, a_login(**claims), None) == (STAFF if matches else MEMBER)


def test_the_first_rule_that_matches_decides() -> None:
    rules = by_rules(
        ("team", "Equals", "x", ADMIN), ("team", "StartsWith", "b", STAFF), ("team", "Contains", "l", ADMIN)
    )

    assert select_role(a_pool(rules), a_login(team="blue"), None) == STAFF


def test_a_caller_may_choose_among_the_rules_that_match() -> None:
    rules = by_rules(("team", "StartsWith", "b", STAFF), ("team", "Contains", "l", ADMIN))

    assert select_role(a_pool(rules), a_login(team="blue"), ADMIN) == ADMIN


def test_a_mapping_has_25_rules_at_most() -> None:
    with pytest.raises(InvalidParameter):
        check_role_mappings({KEY: by_rules(*[("team", "Equals", "x", STAFF)] * 26)})
