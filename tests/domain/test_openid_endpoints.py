"""Where OpenID providers are asked."""

from __future__ import annotations

import pytest

from idp.domain.identity_provider import IdentityProvider
from idp.domain.openid_endpoints import Endpoints, NoEndpoints, completed_endpoints
from tests.fakes import START

DOCUMENT = {
    "authorization_endpoint": "https://login.example.com/authorize",
    "token_endpoint": "https://api.example.com/token",
    "userinfo_endpoint": "https://api.example.com/me",
    "jwks_uri": "https://login.example.com/keys",
}


def provider(issuer: str = "https://login.example.com", **details: str) -> IdentityProvider:
    """Return a provider with an issuer."""
    given = {"oidc_issuer": issuer, **details}
    return IdentityProvider("us-east-1_1", "Corp", "OIDC", given, {}, {}, (), created_at=START, updated_at=START)


def test_endpoints_are_those_of_the_discovery_document() -> None:
    assert completed_endpoints(provider(), DOCUMENT) == Endpoints(
        "https://login.example.com/authorize",
        "https://api.example.com/token",
        "https://api.example.com/me",
        "https://login.example.com/keys",
    )


def test_details_go_before_the_discovery_document() -> None:
    configured = provider(token_url="http://localhost:8000/token")

    assert completed_endpoints(configured, DOCUMENT).token_url == "http://localhost:8000/token"


@pytest.mark.parametrize("member", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_an_issuer_with_tls_names_no_endpoint_without(member: str) -> None:
    with pytest.raises(NoEndpoints):
        completed_endpoints(provider(), {**DOCUMENT, member: "http://localhost:9229/token"})


def test_user_info_without_tls_is_not_asked() -> None:
    document = {**DOCUMENT, "userinfo_endpoint": "http://localhost/me"}

    assert completed_endpoints(provider(), document).attributes_url is None


def test_an_issuer_on_this_machine_may_name_endpoints_on_it() -> None:
    document = {**DOCUMENT, "token_endpoint": "http://localhost:8000/token"}

    assert completed_endpoints(provider("http://localhost:8000"), document).token_url == "http://localhost:8000/token"
