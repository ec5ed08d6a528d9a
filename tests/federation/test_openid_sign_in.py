"""Sign-in at an OpenID Connect provider: what it is asked, and what its answers tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from idp.domain.oauth_error import AuthorizationRefused
from idp.services import Services
from tests.fakes import FakeClock
from tests.federation.openid_provider import OpenIdProvider, challenge_of, says
from tests.federation.openid_relation import CALLBACK, NONCE, VERIFIER, OpenIdRelation, relate

DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def corp(services: Services, idp: Any, openid_provider: OpenIdProvider) -> OpenIdRelation:
    """A pool whose users come from an OpenID provider."""
    return relate(services, idp, openid_provider)


def test_a_browser_is_sent_to_the_endpoint_that_the_provider_names(corp: OpenIdRelation) -> None:
    location = urlsplit(corp.location())

    assert f"{location.scheme}://{location.netloc}{location.path}" == f"{corp.upstream.url}/authorize"
    assert dict(parse_qsl(location.query)) == {
        "client_id": "ours",
        "redirect_uri": CALLBACK,
        "scope": "openid email",
        "response_type": "code",
        "state": "the-state",
        "nonce": NONCE,
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
    }


def test_prompt_and_login_hint_go_on_to_the_provider(corp: OpenIdRelation) -> None:
    location = corp.location(prompt="login consent", login_hint="ann@corp.example")

    assert "&prompt=login+consent&login_hint=ann%40corp.example" in location


def test_an_endpoint_keeps_the_query_that_it_has(corp: OpenIdRelation) -> None:
    corp.upstream.configuration_members = {"authorization_endpoint": "https://login.example.com/authorize?tenant=7"}

    assert corp.location().startswith("https://login.example.com/authorize?tenant=7&client_id=ours&")


def test_a_good_answer_tells_who_signs_in(corp: OpenIdRelation) -> None:
    identity = corp.sign_in()

    assert identity.subject == "ann-1"
    assert identity.claims["email"] == "ann@corp.example"
    assert identity.claims["groups"] == ["staff", "admins"]


def test_a_trigger_is_shown_all_that_was_told_as_texts(corp: OpenIdRelation) -> None:
    evidence = corp.sign_in().evidence

    assert evidence["userInfo"] == {
        "sub": "ann-1",
        "email": "ann@corp.example",
        "email_verified": "true",
        "groups": "[staff, admins]",
    }
    assert evidence["idToken"]["iss"] == corp.upstream.url
    assert evidence["idToken"]["exp"] == "1772453400"
    assert evidence["tokenResponse"]["access_token"] == "upstream-access-token"
    assert evidence["tokenResponse"]["expires_in"] == "3600"
    assert set(evidence["tokenResponse"]) == {"access_token", "token_type", "expires_in", "id_token"}


def test_nothing_of_an_identity_is_told_by_its_repr(corp: OpenIdRelation) -> None:
    assert "upstream-access-token" not in repr(corp.sign_in())


def test_the_code_is_redeemed_by_the_secret_and_the_verifier(corp: OpenIdRelation) -> None:
    corp.sign_in()

    asked = corp.upstream.last_asked("/token")
    assert asked.method == "POST"
    assert asked.sent == {
        "grant_type": "authorization_code",
        "code": "code-1",
        "redirect_uri": CALLBACK,
        "client_id": "ours",
        "client_secret": "hush-hush-secret",
        "code_verifier": VERIFIER,
    }


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_user_info_is_asked_as_the_provider_wants_it(corp: OpenIdRelation, method: str) -> None:
    corp.set_up(attributes_request_method=method).sign_in()

    asked = corp.upstream.last_asked("/userinfo")
    assert (asked.method, asked.authorization) == (method, "Bearer upstream-access-token")


def test_claims_of_the_id_token_go_before_those_of_user_info(corp: OpenIdRelation) -> None:
    corp.upstream.user_info = {"sub": "ann-1", "email": "old@corp.example", "nickname": "annie"}

    identity = corp.sign_in()

    assert identity.claims["email"] == "ann@corp.example"
    assert identity.claims["nickname"] == "annie"


def test_a_provider_without_user_info_is_believed_by_its_id_token(corp: OpenIdRelation) -> None:
    corp.upstream.configuration_members = {"userinfo_endpoint": None}

    assert corp.sign_in().evidence["userInfo"] == {}


def test_a_provider_is_asked_for_its_configuration_and_keys_once(corp: OpenIdRelation) -> None:
    corp.sign_in()
    corp.sign_in()

    assert corp.upstream.paths().count(DISCOVERY) == 1
    assert corp.upstream.paths().count("/keys") == 1


def test_a_provider_is_asked_for_its_configuration_again_after_an_hour(corp: OpenIdRelation, clock: FakeClock) -> None:
    corp.location()
    clock.advance(timedelta(hours=1))
    corp.upstream.configuration_members = {"authorization_endpoint": "https://new.example.com/authorize"}

    assert corp.location().startswith("https://new.example.com/authorize?")


def test_endpoints_in_the_details_go_before_those_that_are_discovered(corp: OpenIdRelation) -> None:
    corp.upstream.answers["/own/me"] = says({"sub": "ann-1", "from": "elsewhere"})

    identity = corp.set_up(attributes_url=f"{corp.upstream.url}/own/me").sign_in()

    assert identity.claims["from"] == "elsewhere"


def test_a_provider_without_discovery_is_described_by_its_details(corp: OpenIdRelation) -> None:
    corp.upstream.answers[DISCOVERY] = says({}, 404)
    url = corp.upstream.url
    described = corp.set_up(
        authorize_url=f"{url}/authorize",
        token_url=f"{url}/token",
        attributes_url=f"{url}/userinfo",
        jwks_uri=f"{url}/keys",
    )

    assert described.sign_in().subject == "ann-1"
    assert DISCOVERY not in corp.upstream.paths()


@pytest.mark.parametrize("audience", ["ours", ["ours"]])
def test_an_id_token_may_name_its_audience_in_a_list(corp: OpenIdRelation, audience: object) -> None:
    corp.upstream.id_claims = {"aud": audience}

    assert corp.sign_in().subject == "ann-1"


def test_an_id_token_for_several_names_the_one_that_asked(corp: OpenIdRelation) -> None:
    corp.upstream.id_claims = {"aud": ["ours", "another"], "azp": "ours"}

    assert corp.sign_in().subject == "ann-1"


def test_an_answer_may_name_its_issuer(corp: OpenIdRelation) -> None:
    assert corp.sign_in(iss=corp.upstream.url).subject == "ann-1"


def test_a_clock_may_differ_by_some_seconds(corp: OpenIdRelation) -> None:
    now = int(corp.services.clock.now().timestamp())
    corp.upstream.id_claims = {"iat": now + 30, "exp": now - 30}

    assert corp.sign_in().subject == "ann-1"


def test_a_client_without_a_secret_sends_none(corp: OpenIdRelation) -> None:
    details = {name: value for name, value in corp.provider.details.items() if name != "client_secret"}
    public = replace(corp, provider=replace(corp.provider, details=details))

    with pytest.raises(AuthorizationRefused, match=r"Corp Error - 401 invalid_client Who are you\?"):
        public.sign_in()

    assert "client_secret" not in corp.upstream.last_asked("/token").sent
