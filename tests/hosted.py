"""Pytest plugin: a user pool with a domain, a client of the browser flow, and a visitor with a browser of their own."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

DOMAIN = "acme"
SITE = f"/_domain/{DOMAIN}"
CALLBACK = "https://app.example.com/callback"
GOODBYE = "https://app.example.com/bye"
NAME, PASSWORD, EMAIL = "ann", "Correct-horse7", "ann@example.com"
VERIFIER = "a-code-verifier-of-at-least-forty-three-characters"
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class HostedPool:
    """A user pool with the domain `acme` and a public client; ann has signed up in it."""

    idp: Any
    pool_id: str
    client_id: str

    def add_client(self, **settings: Any) -> Mapping[str, Any]:
        """Register one more client of the browser flow and return what the API says of it."""
        return add_client(self.idp, self.pool_id, **settings)

    def asking(self, **changes: str | None) -> dict[str, str]:
        """Return the parameters of an authorization request; a parameter that is None is left out."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid email",
            "state": "a state",
            "nonce": "a nonce",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in asked.items() if value is not None}


class Form(HTMLParser):
    """The first form of a page: where it goes, and what its fields hold."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self.action = attributes["action"] or ""
        if tag == "input":
            self.fields[attributes["name"] or ""] = attributes.get("value") or ""


class Visitor:
    """A person with a browser: follows redirects one by one, fills in forms, keeps cookies."""

    def __init__(self, app: Flask, *, origin: str = "http://localhost:9229", site: str = SITE) -> None:
        self.browser = app.test_client()
        self.origin = origin
        self.site = site

    def open(self, path: str, parameters: Mapping[str, str] | None = None, **options: Any) -> TestResponse:
        """Open one of the site's pages."""
        return self.browser.get(f"{self.site}{path}", query_string=parameters, base_url=self.origin, **options)

    def follow(self, answer: TestResponse) -> TestResponse:
        """Go where a redirect within the site leads."""
        assert answer.location.startswith("/"), answer.location
        return self.browser.get(answer.location, base_url=self.origin)

    def submit(self, page: TestResponse, headers: Mapping[str, str] | None = None, **fields: str) -> TestResponse:
        """Send a page's form with some fields filled in."""
        form = Form(page.text)
        return self.browser.post(form.action, data={**form.fields, **fields}, headers=headers, base_url=self.origin)

    def sign_in(self, asked: Mapping[str, str], *, username: str = NAME, password: str = PASSWORD) -> TestResponse:
        """Sign in on the page and return the redirect to the client."""
        page = self.open("/login", asked)
        return self.follow(self.submit(page, username=username, password=password))

    def get_code(self, asked: Mapping[str, str]) -> str:
        """Sign in and return the code that the client gets."""
        return answered(self.sign_in(asked))["code"]

    def cookie(self, name: str) -> str:
        """Return a cookie's value."""
        cookie = self.browser.get_cookie(name, domain=urlsplit(self.origin).hostname or "", path=self.site or "/")
        assert cookie is not None
        return cookie.value


def answered(answer: TestResponse) -> dict[str, str]:
    """Return the members of the answer that a client gets by redirect, from query or fragment."""
    parts = urlsplit(answer.location)
    return {name: values[0] for name, values in parse_qs(parts.query or parts.fragment).items()}


def add_client(idp: Any, pool_id: str, **settings: Any) -> Mapping[str, Any]:
    """Register a client; without settings one that may do the code flow for everything there is."""
    wanted: dict[str, Any] = {
        "UserPoolId": pool_id,
        "ClientName": "Acme Bookshop",
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email", "profile", "aws.cognito.signin.user.admin"],
        "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": [CALLBACK],
        "LogoutURLs": [GOODBYE],
        **settings,
    }
    made: Mapping[str, Any] = idp.create_user_pool_client(**wanted)["UserPoolClient"]
    return made


def add_user(idp: Any, pool_id: str, client_id: str, *, name: str = NAME, is_confirmed: bool = True) -> None:
    """Sign a user up."""
    attributes = [{"Name": "email", "Value": f"{name}@example.com"}, {"Name": "given_name", "Value": "Ann"}]
    idp.sign_up(ClientId=client_id, Username=name, Password=PASSWORD, UserAttributes=attributes)
    if is_confirmed:
        idp.admin_confirm_sign_up(UserPoolId=pool_id, Username=name)


@pytest.fixture
def acme(idp: Any) -> HostedPool:
    """A user pool with the domain `acme` and a public client; ann has signed up in it."""
    pool_id = idp.create_user_pool(PoolName="Acme")["UserPool"]["Id"]
    idp.create_user_pool_domain(Domain=DOMAIN, UserPoolId=pool_id)
    client_id = add_client(idp, pool_id)["ClientId"]
    add_user(idp, pool_id, client_id)
    return HostedPool(idp, pool_id, client_id)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """A person with a browser, at the pool's pages below `/_domain/acme`."""
    return Visitor(app)
