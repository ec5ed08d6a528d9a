"""`/logout` forgets who is signed in, and goes only where the client has registered."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.hosted import GOODBYE, SITE, HostedPool, Visitor


def is_signed_in(acme: HostedPool, visitor: Visitor) -> bool:
    return "code=" in visitor.open("/oauth2/authorize", acme.asking()).location


def test_logging_out_forgets_the_visitor_and_goes_to_the_logout_uri(acme: HostedPool, visitor: Visitor) -> None:
    visitor.sign_in(acme.asking())
    answer = visitor.open("/logout", {"client_id": acme.client_id, "logout_uri": GOODBYE})
    assert (answer.status_code, answer.location) == (302, GOODBYE)
    assert not is_signed_in(acme, visitor)


def test_a_cookie_that_was_kept_is_good_for_nothing_after_logging_out(acme: HostedPool, visitor: Visitor) -> None:
    visitor.sign_in(acme.asking())
    kept = visitor.cookie("cognito")
    visitor.open("/logout", {"client_id": acme.client_id, "logout_uri": GOODBYE})
    visitor.browser.set_cookie("cognito", kept, domain="localhost", path=SITE)
    assert not is_signed_in(acme, visitor)


def test_the_state_comes_along(acme: HostedPool, visitor: Visitor) -> None:
    asked = {"client_id": acme.client_id, "logout_uri": GOODBYE, "state": "a&b"}
    assert visitor.open("/logout", asked).location == f"{GOODBYE}?state=a%26b"


def test_with_a_redirect_uri_the_visitor_comes_to_the_login_page(acme: HostedPool, visitor: Visitor) -> None:
    visitor.sign_in(acme.asking())
    answer = visitor.open("/logout", acme.asking(identity_provider="COGNITO"))
    location = urlsplit(answer.location)
    assert location.path == f"{SITE}/login"
    assert parse_qs(location.query) == {name: [value] for name, value in acme.asking().items()}
    assert not is_signed_in(acme, visitor)


def test_a_logout_uri_wins_over_a_redirect_uri(acme: HostedPool, visitor: Visitor) -> None:
    asked = acme.asking(logout_uri=GOODBYE, state=None)
    assert visitor.open("/logout", asked).location == GOODBYE


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"logout_uri": "https://evil.example"},
        {"logout_uri": f"{GOODBYE}/"},
        {"logout_uri": "https://app.example.com/callback"},
        {"redirect_uri": "https://evil.example"},
        {"redirect_uri": GOODBYE},
        {"logout_uri": "https://evil.example", "redirect_uri": "https://app.example.com/callback"},
    ],
)
def test_an_address_that_is_not_registered_ends_at_the_error_page_and_signs_nobody_out(
    acme: HostedPool, visitor: Visitor, asked: dict[str, str]
) -> None:
    visitor.sign_in(acme.asking())
    answer = visitor.open("/logout", {"client_id": acme.client_id, **asked})
    assert urlsplit(answer.location).path == f"{SITE}/error"
    assert is_signed_in(acme, visitor)


@pytest.mark.parametrize("asked", [{}, {"client_id": "unheardof"}])
def test_a_request_of_no_client_is_shown_the_error_page(
    acme: HostedPool, visitor: Visitor, asked: dict[str, str]
) -> None:
    assert visitor.open("/logout", {**asked, "logout_uri": GOODBYE}).status_code == 400
