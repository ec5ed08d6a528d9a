"""Whoever came by a SAML provider is signed out there, too, where IDPSignout says so, and then goes where the client wants."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from idp.domain.upstream import ROUND_TRIP
from tests.federation.company import Company
from tests.federation.saml_provider import LOGOUT, NAMESPACES, Request, read_request
from tests.hosted import GOODBYE, SITE, Visitor, answered

ENDPOINT = "/saml2/logout"
NOT_CONFIRMED = "your identity provider did not confirm"
FAILED = "urn:oasis:names:tc:SAML:2.0:status:Responder"


@pytest.fixture
def leaving(company: Company) -> Company:
    """The company, whose provider is told of sign-outs."""
    company.change_provider(IDPSignout="true")
    return company


@pytest.fixture
def client_id(leaving: Company) -> str:
    """A client whose users come from the company, or are the pool's own."""
    return leaving.client("COGNITO", "Corp")


@pytest.fixture
def ann(leaving: Company, visitor: Visitor, client_id: str) -> Visitor:
    """Somebody of the company who is signed in."""
    leaving.sign_in(visitor, leaving.asking(client_id, identity_provider="Corp"))
    return visitor


def goodbye(client_id: str, **more: str) -> dict[str, str]:
    return {"client_id": client_id, "logout_uri": GOODBYE, **more}


def confirmation(company: Company, asked: Request, **changes: Any) -> dict[str, str]:
    """Return the form by which the provider confirms."""
    said = {"request_id": asked.id, "destination": f"http://localhost:9229{SITE}{ENDPOINT}", **changes}
    return {
        "SAMLResponse": company.provider.logout_response(**said, now=company.clock.now()),
        "RelayState": asked.relay_state,
    }


def test_the_provider_is_told_who_signs_out_and_of_which_session(
    leaving: Company, ann: Visitor, client_id: str
) -> None:
    certificate = leaving.signing_certificate()
    asked = read_request(ann.open("/logout", goodbye(client_id)).location, certificate)
    assert asked.endpoint == LOGOUT
    assert asked.xml.findtext("saml:NameID", "", NAMESPACES) == "ann@corp.example"
    assert asked.xml.findtext("samlp:SessionIndex", "", NAMESPACES) == "_session1"


def test_the_confirmation_leads_on_to_where_the_client_wants(leaving: Company, ann: Visitor, client_id: str) -> None:
    asked = read_request(ann.open("/logout", goodbye(client_id, state="s")).location)
    back = leaving.post(confirmation(leaving, asked), path=f"{SITE}{ENDPOINT}")
    assert (back.status_code, urlsplit(back.location).path) == (303, f"{SITE}/logout")
    assert ann.follow(back).location == f"{GOODBYE}?state=s"


def test_signing_in_again_is_the_other_way_to_go_on(leaving: Company, ann: Visitor, client_id: str) -> None:
    asked = read_request(ann.open("/logout", leaving.asking(client_id)).location)
    back = ann.follow(leaving.post(confirmation(leaving, asked), path=f"{SITE}{ENDPOINT}"))
    assert urlsplit(back.location).path == f"{SITE}/login"


def test_the_user_is_signed_out_here_before_the_provider_is_asked(
    leaving: Company, ann: Visitor, client_id: str
) -> None:
    ann.open("/logout", goodbye(client_id))
    told = answered(ann.open("/oauth2/authorize", leaving.asking(client_id, prompt="none")))
    assert told["error"] == "login_required"


def test_who_came_by_password_leaves_without_the_provider(leaving: Company, visitor: Visitor, client_id: str) -> None:
    visitor.sign_in(leaving.asking(client_id))
    assert visitor.open("/logout", goodbye(client_id)).location == GOODBYE


def test_a_provider_that_wants_to_hear_nothing_is_told_nothing(leaving: Company, ann: Visitor, client_id: str) -> None:
    leaving.change_provider(IDPSignout="false")
    assert ann.open("/logout", goodbye(client_id)).location == GOODBYE


def test_a_provider_that_is_gone_is_told_nothing(leaving: Company, ann: Visitor, client_id: str) -> None:
    leaving.pool.idp.delete_identity_provider(UserPoolId=leaving.pool.pool_id, ProviderName="Corp")
    assert ann.open("/logout", goodbye(client_id)).location == GOODBYE


def test_a_logout_that_the_client_may_not_ask_for_signs_nobody_out(
    leaving: Company, ann: Visitor, client_id: str
) -> None:
    answer = ann.open("/logout", {"client_id": client_id, "logout_uri": "https://evil.example/"})
    assert urlsplit(answer.location).path == f"{SITE}/error"
    assert "code" in answered(ann.open("/oauth2/authorize", leaving.asking(client_id, prompt="none")))


@pytest.mark.parametrize("changes", [{"status": FAILED}, {"request_id": "_another"}, {"signed": False}])
def test_a_provider_that_does_not_confirm_is_told_to_the_user(
    leaving: Company, ann: Visitor, client_id: str, changes: dict[str, Any]
) -> None:
    asked = read_request(ann.open("/logout", goodbye(client_id)).location)
    page = leaving.post(confirmation(leaving, asked, **changes), path=f"{SITE}{ENDPOINT}")
    assert (page.status_code, NOT_CONFIRMED in page.text) == (400, True)


def test_a_confirmation_is_good_once_and_in_time(leaving: Company, ann: Visitor, client_id: str) -> None:
    form = confirmation(leaving, read_request(ann.open("/logout", goodbye(client_id)).location))
    statuses = [leaving.post(form, path=f"{SITE}{ENDPOINT}").status_code for _ in range(2)]
    leaving.sign_in(ann, leaving.asking(client_id, identity_provider="Corp"))
    late = confirmation(leaving, read_request(ann.open("/logout", goodbye(client_id)).location))
    leaving.clock.advance(ROUND_TRIP)
    assert [*statuses, leaving.post(late, path=f"{SITE}{ENDPOINT}").status_code] == [303, 400, 400]


def test_a_confirmation_of_one_pool_is_nothing_at_another(leaving: Company, ann: Visitor, client_id: str) -> None:
    form = confirmation(leaving, read_request(ann.open("/logout", goodbye(client_id)).location))
    assert leaving.post(form, path=f"{leaving.another_pool()}{ENDPOINT}").status_code == 400


def test_the_state_of_a_sign_out_signs_nobody_in_and_stays_good_for_its_own_end(
    leaving: Company, ann: Visitor, client_id: str
) -> None:
    asked = read_request(ann.open("/logout", goodbye(client_id)).location)
    form = confirmation(leaving, asked)
    stranger = Visitor(leaving.app)
    assert leaving.post(form, path=f"{SITE}/saml2/idpresponse").status_code == 400
    assert ann.open("/saml2/idpresponse", {"state": asked.relay_state}).status_code == 400
    assert stranger.open("/oauth2/idpresponse", {"state": asked.relay_state, "code": "x"}).status_code == 400
    assert leaving.post(form, path=f"{SITE}{ENDPOINT}").status_code == 303


def test_the_state_of_a_sign_in_ends_no_sign_out(leaving: Company, visitor: Visitor, client_id: str) -> None:
    form = leaving.answer(
        visitor.open("/oauth2/authorize", leaving.asking(client_id, identity_provider="Corp")).location
    )
    assert leaving.post(form, path=f"{SITE}{ENDPOINT}").status_code == 400


@pytest.mark.parametrize("form", [{}, {"SAMLResponse": "x"}, {"SAMLResponse": "x", "RelayState": "unknown"}])
def test_what_belongs_to_no_sign_out_is_refused(leaving: Company, form: dict[str, str]) -> None:
    assert leaving.post(form, path=f"{SITE}{ENDPOINT}").status_code == 400


def test_a_provider_cannot_ask_for_a_sign_out(leaving: Company, ann: Visitor, client_id: str) -> None:
    form = {"SAMLRequest": "PHNhbWxwOkxvZ291dFJlcXVlc3QvPg==", "RelayState": "theirs"}
    page = leaving.post(form, path=f"{SITE}{ENDPOINT}")
    assert (page.status_code, "Sign-out begins at the application" in page.text) == (400, True)
    assert "Sign-out begins at the application" in ann.open(ENDPOINT, form).text
    assert "code" in answered(ann.open("/oauth2/authorize", leaving.asking(client_id, prompt="none")))
