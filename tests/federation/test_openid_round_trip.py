"""A browser goes to an OpenID Connect provider and comes back with an answer that is its own, in time, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp.domain.upstream import ROUND_TRIP
from tests.fakes import FakeClock
from tests.federation.company import query_of
from tests.federation.openid_provider import OpenIdProvider, Reply
from tests.hosted import CALLBACK, SITE, VERIFIER, HostedPool, Visitor, answered

ANSWER = "/oauth2/idpresponse"


@pytest.fixture
def asked(acme: HostedPool, openid_provider: OpenIdProvider) -> dict[str, str]:
    """The request of a client whose users come from the provider alone, or are the pool's own."""
    acme.idp.create_identity_provider(
        UserPoolId=acme.pool_id,
        ProviderName="Corp",
        ProviderType="OIDC",
        ProviderDetails=openid_provider.details(),
        AttributeMapping={"email": "email"},
    )
    client = acme.add_client(SupportedIdentityProviders=["Corp"])
    return acme.asking(client_id=client["ClientId"])


@pytest.fixture
def answer(asked: dict[str, str], openid_provider: OpenIdProvider, visitor: Visitor) -> dict[str, str]:
    """The provider's answer to the visitor, who is on the way back with it."""
    return openid_provider.answer(visitor.open("/oauth2/authorize", asked).location)


def post(app: Flask, form: Mapping[str, Any]) -> TestResponse:
    """Send a form from the provider's page: no cookie of ours goes with it, for they are SameSite=Lax."""
    return app.test_client().post(f"{SITE}{ANSWER}", data=form, base_url="http://localhost:9229")


def is_refused(page: TestResponse) -> bool:
    return (page.status_code, "Invalid state" in page.text) == (400, True)


def test_somebody_of_the_provider_gets_tokens(
    asked: dict[str, str], answer: dict[str, str], visitor: Visitor, web: FlaskClient
) -> None:
    back = visitor.open(ANSWER, answer)
    assert urlsplit(back.location).path == f"{SITE}/oauth2/authorize"
    told = answered(visitor.follow(back))
    form = {
        "grant_type": "authorization_code",
        "client_id": asked["client_id"],
        "code": told["code"],
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    tokens = web.post(f"{SITE}/oauth2/token", data=form).get_json()
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert told["state"] == "a state"
    assert (claims["cognito:username"], claims["email"]) == ("Corp_ann-1", "ann@corp.example")
    assert claims["identities"][0]["providerName"] == "Corp"


@pytest.mark.parametrize(
    ("given", "passed_on"),
    [
        ({"prompt": "login", "login_hint": "ann@corp.example"}, {"prompt": "login", "login_hint": "ann@corp.example"}),
        ({"prompt": "select_account"}, {"prompt": "select_account"}),
        ({}, {}),
    ],
)
def test_prompt_and_login_hint_go_on_to_the_provider(
    asked: dict[str, str], visitor: Visitor, given: dict[str, str], passed_on: dict[str, str]
) -> None:
    sent = query_of(visitor.open("/oauth2/authorize", {**asked, **given}).location)
    assert {name: sent[name] for name in ("prompt", "login_hint") if name in sent} == passed_on


def test_nothing_of_the_clients_own_request_goes_to_the_provider(asked: dict[str, str], visitor: Visitor) -> None:
    sent = query_of(visitor.open("/oauth2/authorize", asked).location)
    assert sent["redirect_uri"] == f"http://localhost:9229{SITE}{ANSWER}"
    assert {sent["state"], sent["nonce"], sent["code_challenge"]}.isdisjoint(asked.values())
    assert sent["client_id"] == "ours"


def test_an_answer_that_another_browser_brings_is_refused_before_the_provider_is_asked(
    app: Flask,
    asked: dict[str, str],
    answer: dict[str, str],
    visitor: Visitor,
    openid_provider: OpenIdProvider,
) -> None:
    other = Visitor(app)
    other.open("/oauth2/authorize", asked)
    openid_provider.asked.clear()
    assert is_refused(other.open(ANSWER, answer))
    assert is_refused(Visitor(app).open(ANSWER, answer))
    assert openid_provider.paths() == []
    assert "code" in answered(visitor.follow(visitor.open(ANSWER, answer)))


def test_an_answer_is_good_once(answer: dict[str, str], visitor: Visitor) -> None:
    visitor.open(ANSWER, answer)
    assert is_refused(visitor.open(ANSWER, answer))


def test_an_answer_that_comes_too_late_is_refused(answer: dict[str, str], visitor: Visitor, clock: FakeClock) -> None:
    clock.advance(ROUND_TRIP)
    assert is_refused(visitor.open(ANSWER, answer))


@pytest.mark.parametrize("changes", [{"state": "unknown"}, {"state": ""}, {"state": ["a", "b"]}, {"code": ["a", "b"]}])
def test_an_answer_to_nothing_that_was_asked_is_refused(
    answer: dict[str, str], visitor: Visitor, changes: dict[str, Any]
) -> None:
    assert is_refused(visitor.open(ANSWER, {**answer, **changes}))


def test_an_answer_is_of_no_use_where_saml_providers_answer(answer: dict[str, str], app: Flask) -> None:
    form = {"SAMLResponse": "anything", "RelayState": answer["state"]}
    assert app.test_client().post(f"{SITE}/saml2/idpresponse", data=form).status_code == 400


def test_what_the_provider_refuses_is_told_to_the_client(answer: dict[str, str], visitor: Visitor) -> None:
    refusal = {"state": answer["state"], "error": "access_denied", "error_description": "Ann does not want to."}
    told = answered(visitor.open(ANSWER, refusal))
    assert told["state"] == "a state"
    assert "access_denied" in told["error_description"]


def test_what_is_wrong_with_the_providers_token_is_told_to_the_client(
    answer: dict[str, str], visitor: Visitor, openid_provider: OpenIdProvider
) -> None:
    openid_provider.id_claims = {"nonce": "another one's"}
    back = visitor.open(ANSWER, answer)
    assert back.location.startswith(f"{CALLBACK}?error=")
    assert "Set-Cookie" not in back.headers


def test_a_form_from_the_providers_page_is_taken_and_fetched_by_the_browser_that_asked(
    app: Flask, answer: dict[str, str], visitor: Visitor
) -> None:
    fetch = post(app, answer)
    assert (fetch.status_code, fetch.location) == (303, f"{SITE}{ANSWER}?state={answer['state']}")
    assert "Set-Cookie" not in fetch.headers
    assert is_refused(Visitor(app).follow(fetch))
    assert "code" in answered(visitor.follow(visitor.follow(fetch)))


def test_a_form_is_taken_once_and_nothing_after_it(app: Flask, answer: dict[str, str], visitor: Visitor) -> None:
    fetch = post(app, answer)
    assert is_refused(post(app, answer))
    assert is_refused(visitor.open(ANSWER, answer))
    assert "code" in answered(visitor.follow(visitor.follow(fetch)))


def test_a_refusal_by_form_is_told_to_the_client_by_the_browser_that_asked(
    app: Flask, answer: dict[str, str], visitor: Visitor
) -> None:
    fetch = post(app, {"state": answer["state"], "error": "user_cancelled_authorize"})
    assert fetch.status_code == 303
    assert answered(visitor.follow(fetch))["state"] == "a state"


def test_a_form_of_an_unknown_state_asks_the_provider_nothing(
    app: Flask, answer: dict[str, str], openid_provider: OpenIdProvider
) -> None:
    openid_provider.asked.clear()
    assert is_refused(post(app, {**answer, "state": "unknown"}))
    assert openid_provider.paths() == []


def test_a_provider_that_fails_is_told_to_the_client(
    asked: dict[str, str], visitor: Visitor, openid_provider: OpenIdProvider
) -> None:
    openid_provider.answers["/token"] = Reply(500)
    back = visitor.open(ANSWER, openid_provider.answer(visitor.open("/oauth2/authorize", asked).location))
    assert "error" in answered(back)
