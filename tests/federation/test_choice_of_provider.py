"""The dispatcher sends browsers to the provider that the request names, or the client's only one, and counts sessions by it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.aws.cognito_idp.providers import a_social_provider
from tests.federation.company import Company, query_of
from tests.federation.saml_provider import SIGN_ON
from tests.hosted import CALLBACK, SITE, Visitor, answered


@pytest.mark.parametrize(
    "named",
    [
        {"identity_provider": "Corp"},
        {"idp_identifier": "corp.example"},
        {"idp_identifier": "ann@corp.example"},
        {"idp_identifier": "Ann@Corp.Example"},
        {"identity_provider": "Corp", "idp_identifier": "nobody's"},
    ],
)
def test_a_request_that_names_a_provider_goes_straight_there(
    company: Company, visitor: Visitor, named: dict[str, str]
) -> None:
    asked = company.asking(company.client("COGNITO", "Corp"), **named)
    answer = visitor.open("/oauth2/authorize", asked)
    assert answer.status_code == 302
    assert answer.location.startswith(f"{SIGN_ON}?")
    assert answer.headers["Cache-Control"] == "no-store"
    assert visitor.follow(visitor.open("/login", asked)).location.startswith(f"{SIGN_ON}?")


def test_a_client_with_one_upstream_provider_alone_goes_there_without_a_page(
    company: Company, visitor: Visitor
) -> None:
    asked = company.asking(company.client("Corp"))
    assert visitor.open("/oauth2/authorize", asked).location.startswith(f"{SIGN_ON}?")
    assert visitor.follow(visitor.open("/login", asked)).location.startswith(f"{SIGN_ON}?")


def test_a_client_with_several_providers_lets_the_user_choose(company: Company, visitor: Visitor) -> None:
    a_social_provider(company.pool.idp, company.pool.pool_id)
    asked = company.asking(company.client("Corp", "Google"))
    assert urlsplit(visitor.open("/oauth2/authorize", asked).location).path == f"{SITE}/login"


@pytest.mark.parametrize(
    "named",
    [
        {"identity_provider": "Corp"},
        {"identity_provider": "Nowhere"},
        {"identity_provider": "google"},
        {"identity_provider": "COGNITO"},
        {"idp_identifier": "corp.example"},
        {"idp_identifier": "ann@nowhere.example"},
        {"idp_identifier": "@"},
    ],
)
@pytest.mark.parametrize("path", ["/oauth2/authorize", "/login"])
def test_a_provider_that_the_client_does_not_support_is_refused_to_the_client(
    company: Company, visitor: Visitor, path: str, named: dict[str, str]
) -> None:
    a_social_provider(company.pool.idp, company.pool.pool_id)
    asked = company.asking(company.client("Google"), **named)
    answer = visitor.open(path, asked)
    assert answer.location.startswith(f"{CALLBACK}?")
    assert answered(answer) == {
        "error": "invalid_request",
        "error_description": "The identity provider is not enabled for the client.",
        "state": "a state",
    }


def test_a_provider_of_another_pool_is_refused(company: Company, visitor: Visitor) -> None:
    other = Visitor(company.app, site=company.another_pool())
    asked = company.asking(company.client("Corp"), identity_provider="Corp")
    assert other.open("/oauth2/authorize", asked).status_code == 400


def test_without_a_session_prompt_none_asks_no_provider(company: Company, visitor: Visitor) -> None:
    asked = company.asking(company.client("Corp"), prompt="none")
    assert answered(visitor.open("/oauth2/authorize", asked))["error"] == "login_required"


@pytest.mark.parametrize("named", [{}, {"identity_provider": "Corp"}, {"idp_identifier": "corp.example"}])
def test_a_sign_in_by_a_provider_counts_for_requests_that_name_it_or_none(
    company: Company, visitor: Visitor, named: dict[str, str]
) -> None:
    client_id = company.client("COGNITO", "Corp")
    company.sign_in(visitor, company.asking(client_id, identity_provider="Corp"))
    answer = visitor.open("/oauth2/authorize", company.asking(client_id, prompt="none", **named))
    assert "code" in answered(answer)


def test_a_sign_in_by_a_provider_does_not_count_for_the_pools_own_users(company: Company, visitor: Visitor) -> None:
    client_id = company.client("COGNITO", "Corp")
    company.sign_in(visitor, company.asking(client_id, identity_provider="Corp"))
    asked = company.asking(client_id, identity_provider="COGNITO")
    assert urlsplit(visitor.open("/oauth2/authorize", asked).location).path == f"{SITE}/login"


def test_a_sign_in_by_a_provider_does_not_count_at_a_client_that_does_not_support_it(
    company: Company, visitor: Visitor
) -> None:
    company.sign_in(visitor, company.asking(company.client("Corp")))
    asked = company.pool.asking(prompt="none")
    assert answered(visitor.open("/oauth2/authorize", asked))["error"] == "login_required"


def test_a_sign_in_by_password_does_not_count_for_a_request_that_names_a_provider(
    company: Company, visitor: Visitor
) -> None:
    client_id = company.client("COGNITO", "Corp")
    visitor.sign_in(company.asking(client_id))
    answer = visitor.open("/oauth2/authorize", company.asking(client_id, identity_provider="Corp"))
    assert answer.location.startswith(f"{SIGN_ON}?")


def test_prompt_login_asks_the_provider_again_and_once(company: Company, visitor: Visitor) -> None:
    asked = company.asking(company.client("Corp"), prompt="login")
    company.sign_in(visitor, asked)
    location = visitor.open("/oauth2/authorize", asked).location
    assert location.startswith(f"{SIGN_ON}?")
    back = visitor.follow(company.post(company.answer(location, assertion_id="_assertion2")))
    assert "prompt" not in query_of(back.location)
    assert "code" in answered(visitor.follow(back))
