"""A browser goes to a social provider, for which a server on this machine stands in, and comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp.settings import Settings
from tests.federation.openid_provider import OpenIdProvider
from tests.federation.openid_relation import SOCIAL
from tests.hosted import CALLBACK, SITE, VERIFIER, HostedPool, Visitor, answered

ANSWER = "/oauth2/idpresponse"
NAME = '{"name":{"firstName":"Ann","lastName":"Lee"}}'

AskedOf = Callable[..., dict[str, str]]


@pytest.fixture
def settings(settings: Settings, openid_provider: OpenIdProvider) -> Settings:
    """The settings of a server for which another stands in for the social providers."""
    return replace(settings, social_providers_url=openid_provider.url)


@pytest.fixture
def asked_of(acme: HostedPool) -> AskedOf:
    """A maker of requests of a client whose users come from one provider alone."""

    def ask(kind: str, **mapping: str) -> dict[str, str]:
        acme.idp.create_identity_provider(
            UserPoolId=acme.pool_id,
            ProviderName=kind,
            ProviderType=kind,
            ProviderDetails=SOCIAL[kind],
            AttributeMapping={"email": "email", **mapping},
        )
        return acme.asking(
            scope="openid email profile", client_id=acme.add_client(SupportedIdentityProviders=[kind])["ClientId"]
        )

    return ask


def claims_of(web: FlaskClient, asked: dict[str, str], code: str) -> Any:
    """Return the claims of the ID token that the client gets for a code."""
    form = {
        "grant_type": "authorization_code",
        "client_id": asked["client_id"],
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    tokens = web.post(f"{SITE}/oauth2/token", data=form).get_json()
    return jwt.decode(tokens["id_token"], options={"verify_signature": False})


def test_a_user_of_facebook_gets_tokens_of_the_pool(
    asked_of: AskedOf, visitor: Visitor, openid_provider: OpenIdProvider, web: FlaskClient
) -> None:
    openid_provider.user_info = {"id": "1017", "email": "ann@corp.example"}
    asked = asked_of("Facebook")
    brought = openid_provider.answer(visitor.open("/oauth2/authorize", asked).location)

    told = answered(visitor.follow(visitor.open(ANSWER, brought)))

    claims = claims_of(web, asked, told["code"])
    assert (claims["cognito:username"], claims["email"]) == ("Facebook_1017", "ann@corp.example")


def test_apples_form_comes_without_our_cookie_and_the_browser_fetches_what_it_told(
    asked_of: AskedOf, visitor: Visitor, openid_provider: OpenIdProvider, web: FlaskClient, app: Flask
) -> None:
    openid_provider.issuer = "https://appleid.apple.com"
    asked = asked_of("SignInWithApple", given_name="firstName")
    brought = openid_provider.answer(visitor.open("/oauth2/authorize", asked).location)

    posted = app.test_client().post(f"{SITE}{ANSWER}", data={**brought, "user": NAME}, base_url="http://localhost:9229")
    told = answered(visitor.follow(visitor.follow(posted)))

    claims = claims_of(web, asked, told["code"])
    assert (claims["email"], claims["given_name"]) == ("ann@corp.example", "Ann")
