"""A browser goes to a SAML provider and comes back with an answer that is its own, in time, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from flask.testing import FlaskClient

from idp.domain.upstream import ROUND_TRIP
from tests.federation.company import ANSWER, Company, query_of
from tests.hosted import CALLBACK, GOODBYE, SITE, Visitor, answered

INVALID = "Invalid samlResponse or relayState from identity provider"
DENIED = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"


@pytest.fixture
def asked(company: Company) -> dict[str, str]:
    """The request of a client whose users come from the company alone."""
    return company.asking(company.client("Corp"))


@pytest.fixture
def form(company: Company, visitor: Visitor, asked: dict[str, str]) -> dict[str, str]:
    """The provider's answer to the visitor, who is on the way back with it."""
    return company.answer(visitor.open("/oauth2/authorize", asked).location)


def is_refused(answer: Any) -> bool:
    return (answer.status_code, INVALID in answer.text) == (400, True)


def test_somebody_of_the_company_gets_tokens(
    company: Company, visitor: Visitor, asked: dict[str, str], web: FlaskClient
) -> None:
    answer = company.sign_in(visitor, asked)
    assert answer.location.startswith(f"{CALLBACK}?")
    told = answered(answer)
    tokens = web.post(f"{SITE}/oauth2/token", data=company.exchange(asked, told["code"])).get_json()
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert told["state"] == "a state"
    assert (claims["cognito:username"], claims["nonce"]) == ("Corp_ann@corp.example", "a nonce")


def test_the_provider_is_told_where_to_answer_below_the_public_url(
    company: Company, visitor: Visitor, asked: dict[str, str]
) -> None:
    location = visitor.open("/oauth2/authorize", asked).location
    assert company.called_back_at(location) == f"http://localhost:9229{SITE}{ANSWER}"


def test_by_host_name_the_provider_answers_to_the_host_and_the_trip_works_the_same(
    company: Company, asked: dict[str, str]
) -> None:
    host = "http://acme.auth.localhost:9229"
    visitor = Visitor(company.app, origin=host, site="")
    location = visitor.open("/oauth2/authorize", asked).location
    posted = company.app.test_client().post(ANSWER, data=company.answer(location), base_url=host)
    assert company.called_back_at(location) == f"{host}{ANSWER}"
    assert "code" in answered(visitor.follow(visitor.follow(posted)))


@pytest.mark.parametrize(("origin", "flags"), [("http", {"HttpOnly"}), ("https", {"HttpOnly", "Secure"})])
def test_the_cookie_goes_nowhere_else_and_ends_with_the_time_for_the_trip(
    company: Company, asked: dict[str, str], origin: str, flags: set[str]
) -> None:
    visitor = Visitor(company.app, origin=f"{origin}://localhost:9229")
    answer = visitor.open("/oauth2/authorize", asked)
    parts = answer.headers["Set-Cookie"].split("; ")
    assert parts[0].startswith("csrf-state=")
    assert {"SameSite=Lax", f"Path={SITE}", "Max-Age=300", *flags} <= set(parts)
    assert ("Secure" in parts) is ("Secure" in flags)


def test_the_post_gives_nothing_away_and_signs_nobody_in(company: Company, form: dict[str, str]) -> None:
    answer = company.post(form)
    assert answer.status_code == 303
    assert answer.location == f"{SITE}{ANSWER}?state={form['RelayState']}"
    assert "Set-Cookie" not in answer.headers


def test_an_answer_that_another_browser_brings_is_refused_and_stays_good_for_its_own(
    company: Company, visitor: Visitor, asked: dict[str, str], form: dict[str, str]
) -> None:
    other = Visitor(company.app)
    other.open("/oauth2/authorize", asked)
    fetch = company.post(form)
    foreign, nobody = other.follow(fetch), Visitor(company.app).follow(fetch)
    assert (is_refused(foreign), is_refused(nobody)) == (True, True)
    assert "Set-Cookie" not in foreign.headers
    assert "code" in answered(visitor.follow(visitor.follow(fetch)))


def test_an_answer_is_posted_once(company: Company, visitor: Visitor, form: dict[str, str]) -> None:
    first, second = company.post(form), company.post(form)
    assert is_refused(second)
    visitor.follow(first)
    assert is_refused(company.post(form))


def test_an_answer_is_fetched_once(company: Company, visitor: Visitor, form: dict[str, str]) -> None:
    fetch = company.post(form)
    visitor.follow(fetch)
    assert is_refused(visitor.follow(fetch))


def test_nothing_is_fetched_before_the_provider_has_answered(visitor: Visitor, form: dict[str, str]) -> None:
    assert is_refused(visitor.open(ANSWER, {"state": form["RelayState"]}))


def test_an_answer_that_is_posted_too_late_is_refused(company: Company, form: dict[str, str]) -> None:
    company.clock.advance(ROUND_TRIP)
    assert is_refused(company.post(form))


def test_an_answer_that_is_fetched_too_late_is_refused(
    company: Company, visitor: Visitor, form: dict[str, str]
) -> None:
    company.clock.advance(ROUND_TRIP - timedelta(seconds=1))
    fetch = company.post(form)
    company.clock.advance(timedelta(seconds=1))
    assert is_refused(visitor.follow(fetch))


def test_an_answer_is_of_no_use_at_another_pools_site(company: Company, form: dict[str, str]) -> None:
    assert is_refused(company.post(form, path=f"{company.another_pool()}{ANSWER}"))


def test_an_answer_is_of_no_use_where_other_providers_answer(
    company: Company, visitor: Visitor, form: dict[str, str]
) -> None:
    answer = visitor.open("/oauth2/idpresponse", {"state": form["RelayState"], "code": "a code"})
    assert (answer.status_code, "Invalid state" in answer.text) == (400, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"RelayState": "unknown"},
        {"RelayState": ""},
        {"RelayState": "https://evil.example/"},
        {"RelayState": ["one", "two"]},
        {"RelayState": "&".join(f"a{number}=b" for number in range(50))},
    ],
    ids=["unknown", "empty", "address", "repeated", "endless"],
)
def test_what_belongs_to_no_round_trip_is_refused_to_the_user_alone(
    company: Company, form: dict[str, str], changes: dict[str, Any]
) -> None:
    assert is_refused(company.post({**form, **changes}))


@pytest.mark.parametrize("name", ["RelayState", "SAMLResponse"])
def test_a_form_without_one_of_its_fields_is_refused(company: Company, form: dict[str, str], name: str) -> None:
    assert is_refused(company.post({name: form[name]}))


def test_a_relay_state_that_is_an_address_leads_nowhere(company: Company, form: dict[str, str]) -> None:
    answer = company.post({**form, "RelayState": "https://evil.example/?redirect_uri=https://evil.example/"})
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_an_endless_form_is_not_read(company: Company, form: dict[str, str]) -> None:
    assert company.post({**form, "more": "A" * 400_000}).status_code == 413


def test_an_answer_that_is_too_long_is_told_to_the_client(
    company: Company, visitor: Visitor, form: dict[str, str]
) -> None:
    posted = company.post({**form, "SAMLResponse": "A" * 100_001})
    told = answered(visitor.follow(posted))
    assert told["error_description"].endswith("The message has more than 100000 characters. ")


def test_what_the_provider_refuses_is_told_to_the_client_by_the_browser_that_asked(
    company: Company, visitor: Visitor, asked: dict[str, str]
) -> None:
    location = visitor.open("/oauth2/authorize", asked).location
    fetch = company.post(company.answer(location, status=DENIED))
    told = answered(visitor.follow(fetch))
    assert fetch.status_code == 303
    assert (told["error"], told["state"]) == ("server_error", "a state")
    assert told["error_description"].startswith("Error in SAML response processing: ")


def test_an_answer_that_nobody_signed_is_refused_to_the_client(
    company: Company, visitor: Visitor, asked: dict[str, str]
) -> None:
    location = visitor.open("/oauth2/authorize", asked).location
    fetch = company.post(company.answer(location, signed=""))
    assert answered(visitor.follow(fetch))["error"] == "server_error"


def test_two_tabs_may_be_on_their_way_at_once(company: Company, visitor: Visitor, asked: dict[str, str]) -> None:
    locations = [visitor.open("/oauth2/authorize", asked).location for _ in range(2)]
    forms = [company.answer(each, assertion_id=f"_{number}") for number, each in enumerate(locations)]
    answers = [visitor.follow(visitor.follow(company.post(form))) for form in forms]
    assert ["code" in answered(each) for each in answers] == [True, True]


def test_a_planted_cookie_of_another_form_is_replaced(
    company: Company, visitor: Visitor, asked: dict[str, str]
) -> None:
    visitor.browser.set_cookie("csrf-state", "planted", path=SITE)
    visitor.open("/oauth2/authorize", asked)
    assert len(visitor.cookie("csrf-state")) == 43


def test_the_browser_comes_back_with_the_clients_request_and_nothing_else(
    company: Company, visitor: Visitor, asked: dict[str, str]
) -> None:
    location = visitor.open("/oauth2/authorize", {**asked, "unheard-of": "x"}).location
    back = visitor.follow(company.post(company.answer(location)))
    assert urlsplit(back.location).path == f"{SITE}/oauth2/authorize"
    assert query_of(back.location) == asked


def test_a_client_that_lost_the_provider_meanwhile_is_told(
    company: Company, visitor: Visitor, asked: dict[str, str], form: dict[str, str]
) -> None:
    company.change_client(asked["client_id"], SupportedIdentityProviders=["COGNITO"])
    assert answered(visitor.follow(company.post(form)))["error"] == "invalid_request"


def test_a_redirect_uri_that_was_taken_back_meanwhile_is_not_followed(
    company: Company, visitor: Visitor, asked: dict[str, str], form: dict[str, str]
) -> None:
    company.change_client(asked["client_id"], CallbackURLs=[GOODBYE])
    assert urlsplit(visitor.follow(company.post(form)).location).path == f"{SITE}/error"


def test_a_client_that_was_deleted_meanwhile_is_not_sent_anything(
    company: Company, visitor: Visitor, asked: dict[str, str], form: dict[str, str]
) -> None:
    company.pool.idp.delete_user_pool_client(UserPoolId=company.pool.pool_id, ClientId=asked["client_id"])
    assert visitor.follow(company.post(form)).status_code == 400


def test_a_provider_that_was_deleted_meanwhile_vouches_for_nobody(
    company: Company, visitor: Visitor, asked: dict[str, str], form: dict[str, str]
) -> None:
    company.pool.idp.delete_identity_provider(UserPoolId=company.pool.pool_id, ProviderName="Corp")
    assert answered(visitor.follow(company.post(form)))["error"] == "invalid_request"


@pytest.mark.parametrize("status", ["FORCE_CHANGE_PASSWORD", "RESET_REQUIRED"])
def test_the_state_of_their_own_password_is_of_no_concern_to_whom_the_provider_vouches_for(
    company: Company, visitor: Visitor, asked: dict[str, str], web: FlaskClient, status: str
) -> None:
    company.link("bob", "ann@corp.example", status=status)
    code = answered(company.sign_in(visitor, asked))["code"]
    tokens = web.post(f"{SITE}/oauth2/token", data=company.exchange(asked, code)).get_json()
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert claims["cognito:username"] == "bob"


def test_signing_in_replaces_the_cookie_of_the_session(
    company: Company, visitor: Visitor, asked: dict[str, str]
) -> None:
    visitor.browser.set_cookie("cognito", "planted", path=SITE)
    company.sign_in(visitor, asked)
    assert visitor.cookie("cognito") != "planted"
