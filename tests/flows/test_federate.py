"""Who is signed in when an upstream provider has vouched for somebody."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from idp.domain.request_quota import parse_quotas
from idp.outbound.request_quotas import RequestQuotas
from tests.aws.cognito_idp.people import TEMPORARY, with_ann
from tests.aws.cognito_idp.pools import named_values
from tests.flows.federated import Federation, a_federation, refused_to_client

if TYPE_CHECKING:
    from idp.services import Services
    from tests.fakes import FakeClock

BY_EMAIL = {"AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"]}
VERIFIED = {"email": "ann@example.com", "email_verified": True}


@pytest.fixture
def federation(services: Services, idp: Any) -> Federation:
    return a_federation(services, idp)


def test_the_first_sign_in_makes_a_user(federation: Federation) -> None:
    user = federation.sign_in().user

    shown = federation.shown()
    assert (shown["UserStatus"], shown["Enabled"], user.username) == ("EXTERNAL_PROVIDER", True, "Corp_s-1")
    assert federation.attributes() == {"email": "ann@example.com", "email_verified": "false"}


def test_the_user_is_told_by_the_identity_that_made_them(federation: Federation, clock: FakeClock) -> None:
    federation.sign_in()

    told = next(each for each in federation.shown()["UserAttributes"] if each["Name"] == "identities")
    assert json.loads(told["Value"]) == [
        {
            "userId": "s-1",
            "providerName": "Corp",
            "providerType": "OIDC",
            "issuer": "https://login.example.com",
            "primary": True,
            "dateCreated": int(clock.now().timestamp() * 1000),
        }
    ]


def test_the_user_is_in_the_providers_group(federation: Federation) -> None:
    federation.sign_in()

    pool = federation.pool
    groups = pool.idp.admin_list_groups_for_user(UserPoolId=pool.pool_id, Username="Corp_s-1")["Groups"]
    assert [group["GroupName"] for group in groups] == [f"{pool.pool_id}_Corp"]


def test_the_same_subject_is_the_same_user(federation: Federation) -> None:
    first, second = federation.sign_in().user, federation.sign_in().user

    assert (second.sub, federation.usernames()) == (first.sub, ["Corp_s-1"])


def test_another_subject_is_another_user(federation: Federation) -> None:
    federation.sign_in("s-1")
    federation.sign_in("s-2")

    assert federation.usernames() == ["Corp_s-1", "Corp_s-2"]


def test_usernames_are_folded_where_case_does_not_count(services: Services, idp: Any) -> None:
    federation = a_federation(services, idp, settings={"UsernameConfiguration": {"CaseSensitive": False}})

    assert federation.sign_in("S-1").user.username == "corp_s-1"


def test_subjects_that_differ_in_case_alone_are_not_mixed_up(services: Services, idp: Any) -> None:
    federation = a_federation(services, idp, settings={"UsernameConfiguration": {"CaseSensitive": False}})
    federation.sign_in("s-1")

    with refused_to_client("Already found an entry for username corp_s-1"):
        federation.sign_in("S-1")


def test_nobody_gets_the_user_of_one_who_signed_up_by_that_name(federation: Federation) -> None:
    federation.pool.sign_up("Corp_s-1")

    with refused_to_client("Already found an entry for username Corp_s-1"):
        federation.sign_in()


@pytest.mark.parametrize(
    "subject", ["", "a b", "a\nb", "a\0b", "x" * 124], ids=["empty", "space", "line", "nul", "long"]
)
def test_a_subject_that_no_username_can_hold_is_refused(federation: Federation, subject: str) -> None:
    with refused_to_client("The subject that the identity provider gave cannot be part of a username."):
        federation.sign_in(subject)


def test_a_disabled_user_is_refused(federation: Federation) -> None:
    federation.sign_in()
    federation.pool.idp.admin_disable_user(UserPoolId=federation.pool.pool_id, Username="Corp_s-1")

    with refused_to_client("User is disabled."):
        federation.sign_in()


def test_a_linked_identity_signs_its_user_in(federation: Federation) -> None:
    with_ann(federation.pool)
    federation.link("ann")

    assert federation.sign_in().user.username == "ann"
    assert federation.usernames() == ["ann"]


def test_a_user_linked_by_an_attribute_is_known_by_the_subject_from_then_on(federation: Federation) -> None:
    with_ann(federation.pool)
    federation.link("ann", "ann@work.example", attribute="email")

    federation.sign_in("s-1", {"email": "ann@work.example"})

    assert federation.sign_in("s-1", {"email": "other@work.example"}).user.username == "ann"
    told = next(each for each in federation.shown("ann")["UserAttributes"] if each["Name"] == "identities")
    assert [(each["userId"], each["primary"]) for each in json.loads(told["Value"])] == [("s-1", False)]


def test_the_attribute_that_linked_a_user_links_nobody_else(federation: Federation) -> None:
    with_ann(federation.pool)
    federation.link("ann", "ann@work.example", attribute="email")
    federation.sign_in("s-1", {"email": "ann@work.example"})

    assert federation.sign_in("s-2", {"email": "ann@work.example"}).user.username == "Corp_s-2"


def test_an_unlinked_identity_makes_a_user_of_its_own(federation: Federation) -> None:
    with_ann(federation.pool)
    federation.link("ann")
    federation.sign_in()
    federation.pool.idp.admin_disable_provider_for_user(
        UserPoolId=federation.pool.pool_id,
        User={"ProviderName": "Corp", "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": "s-1"},
    )

    assert federation.sign_in().user.username == "Corp_s-1"


def test_a_link_to_somebody_who_never_confirmed_lets_nobody_in(federation: Federation) -> None:
    pool = federation.pool
    pool.idp.sign_up(
        ClientId=pool.client_id,
        Username="ann",
        Password="Passw0rd!",
        UserAttributes=named_values(email="a@example.com"),
    )
    federation.link("ann")

    with refused_to_client("User is not confirmed."):
        federation.sign_in()


def test_the_state_of_the_users_own_password_is_no_obstacle(federation: Federation) -> None:
    with_ann(federation.pool)
    federation.link("ann")
    federation.pool.give_temporary_password()

    assert federation.sign_in().user.username == "ann"


def test_a_user_who_got_a_password_still_signs_in_by_the_provider(federation: Federation) -> None:
    federation.sign_in()
    federation.pool.idp.admin_set_user_password(
        UserPoolId=federation.pool.pool_id, Username="Corp_s-1", Password=TEMPORARY, Permanent=True
    )

    assert federation.shown()["UserStatus"] == "CONFIRMED"
    assert federation.sign_in().user.username == "Corp_s-1"
    assert federation.pool.tokens("Corp_s-1", TEMPORARY)["AccessToken"]


def test_an_address_that_the_provider_verified_is_an_alias(services: Services, idp: Any) -> None:
    federation = a_federation(services, idp, settings=BY_EMAIL)
    federation.sign_in("s-1", VERIFIED)

    assert federation.shown("ann@example.com")["Username"] == "Corp_s-1"


def test_a_verified_alias_of_another_user_is_refused(services: Services, idp: Any) -> None:
    federation = a_federation(services, idp, settings=BY_EMAIL)
    federation.sign_in("s-1", VERIFIED)

    with refused_to_client("An account with the given email already exists."):
        federation.sign_in("s-2", VERIFIED)
    assert federation.usernames() == ["Corp_s-1"]


def test_where_addresses_are_usernames_the_same_person_is_two_users(services: Services, idp: Any) -> None:
    federation = a_federation(services, idp, settings={"UsernameAttributes": ["email"]})
    federation.sign_in("s-1", VERIFIED)
    own = federation.pool.sign_up("ann@example.com")
    federation.sign_in("s-2", VERIFIED)

    assert federation.shown("ann@example.com")["Username"] == own
    assert federation.usernames() == ["Corp_s-1", own, "Corp_s-2"]


def test_a_provider_that_is_over_the_quota_is_told_so(federation: Federation) -> None:
    quotas = RequestQuotas(parse_quotas("UserFederation=1"))
    limited = federation.with_services(replace(federation.services, request_quotas=quotas))
    limited.sign_in()

    with refused_to_client("Rate exceeded", "temporarily_unavailable"):
        limited.sign_in()
