"""Pages keep their composure: assets, failures of ours, and colours that can be read."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp.app import mount_faces
from idp.services import Services
from tests.hosted import NAME, PASSWORD, HostedPool, Visitor

STYLE = (resources.files("idp.web") / "static" / "pages.css").read_text()
READABLE, VISIBLE = 4.5, 3.0


def test_the_style_sheet_may_be_kept_for_ever(acme: HostedPool, visitor: Visitor, web: FlaskClient) -> None:
    [path] = re.findall(r'href="(/_assets/\w+/pages\.css)"', visitor.open("/login", acme.asking()).text)
    answer = web.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/_assets/0/pages.css", "/_assets/0/..%2Fpages.py", "/_assets/0/pages.py"])
def test_nothing_else_is_served_as_an_asset(web: FlaskClient, path: str) -> None:
    assert web.get(path).status_code == 404


def test_a_failure_of_ours_is_a_page_that_tells_nothing_but_where_to_look(
    acme: HostedPool, visitor: Visitor, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_key: str) -> None:
        raise RuntimeError("secret details")

    monkeypatch.setattr(services.catalog.clients, "find", fail)
    page = visitor.open("/login", acme.asking())
    assert page.status_code == 500
    assert "Something went wrong on our side." in page.text
    assert "secret details" not in page.text
    assert re.search(r"Request [0-9a-f-]{36}", page.text)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["/login", "/oauth2/authorize", "/oauth2/token", "/oauth2/userInfo", "/logout", "/error", "/confirmUser"]
)
def test_a_null_character_is_refused(acme: HostedPool, visitor: Visitor, path: str) -> None:
    assert visitor.open(path, acme.asking(nonce="a\x00b")).status_code in {400, 405}


@pytest.mark.parametrize("path", ["/_domain/a%00b/login", "/a%00b/.well-known/jwks.json"])
def test_a_null_character_in_the_path_is_refused(web: FlaskClient, path: str) -> None:
    assert web.get(path).status_code == 400


def test_a_null_character_in_a_form_is_refused(acme: HostedPool, visitor: Visitor) -> None:
    page = visitor.open("/login", acme.asking())
    assert visitor.submit(page, username=f"{NAME}\x00", password=PASSWORD).status_code == 400


@pytest.fixture
def behind_a_proxy(services: Services) -> Flask:
    """The server behind one proxy that it trusts."""
    return mount_faces(replace(services, settings=replace(services.settings, trusted_proxies=1)))


def test_a_trusted_proxy_says_that_the_visitor_speaks_https(acme: HostedPool, behind_a_proxy: Flask) -> None:
    page = Visitor(behind_a_proxy).open("/login", acme.asking(), headers={"X-Forwarded-Proto": "https"})
    assert "; Secure;" in page.headers["Set-Cookie"]


def test_nobody_else_does(acme: HostedPool, visitor: Visitor) -> None:
    page = visitor.open("/login", acme.asking(), headers={"X-Forwarded-Proto": "https"})
    assert "; Secure;" not in page.headers["Set-Cookie"]


def test_a_public_https_address_makes_cookies_secure(acme: HostedPool, services: Services) -> None:
    settings = replace(services.settings, public_url="https://id.example.com")
    page = Visitor(mount_faces(replace(services, settings=settings))).open("/login", acme.asking())
    assert "; Secure;" in page.headers["Set-Cookie"]


@pytest.mark.parametrize("host", ["acme.auth.localhost:9229", "ACME.auth.localhost", "acme.auth.id.example.com"])
def test_a_domain_is_found_below_our_own_names(acme: HostedPool, services: Services, host: str) -> None:
    settings = replace(services.settings, public_url="https://id.example.com")
    visitor = Visitor(mount_faces(replace(services, settings=settings)), origin=f"https://{host}", site="")
    assert visitor.open("/login", acme.asking()).status_code == 200


def test_a_custom_domain_is_found_by_its_whole_name(acme: HostedPool, app: Flask) -> None:
    acme.idp.create_user_pool_domain(
        Domain="login.example.org",
        UserPoolId=acme.pool_id,
        CustomDomainConfig={"CertificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/a"},
    )
    visitor = Visitor(app, origin="https://login.example.org", site="")
    assert visitor.open("/login", acme.asking()).status_code == 200


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground", "ratio"),
    [
        ("text", "card", READABLE),
        ("text", "bad-page", READABLE),
        ("text", "page", READABLE),
        ("quiet", "card", READABLE),
        ("bad", "bad-page", READABLE),
        ("on-accent", "accent", READABLE),
        ("on-accent", "accent-strong", READABLE),
        ("accent", "card", READABLE),
        ("line", "card", VISIBLE),
        ("bad", "card", VISIBLE),
    ],
)
def test_colours_can_be_told_apart(scheme: int, text: str, ground: str, ratio: float) -> None:
    assert contrast(colour(text, scheme), colour(ground, scheme)) >= ratio


def colour(name: str, scheme: int) -> str:
    """Return a colour of the style sheet's light (0) or dark (1) scheme: six hex digits."""
    value: str = re.findall(rf"--{name}: #([0-9a-f]{{6}});", STYLE)[scheme]
    return value


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours.  Source: WCAG 2.2, definition of contrast ratio."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(digits: str) -> float:
    """Return a colour's relative luminance.  Source: WCAG 2.2."""
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
