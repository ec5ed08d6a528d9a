"""Where an OpenID or social provider is asked: as it was configured, or else as it says itself.

Source: OpenID Connect Discovery 1.0 section 3; AWS API_CreateIdentityProvider, ProviderDetails; spec USER_POOLS section 10.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from idp.domain.provider_kinds import OIDC, is_endpoint

if TYPE_CHECKING:
    from idp.domain.identity_provider import IdentityProvider

_METADATA = {
    "authorize_url": "authorization_endpoint",
    "token_url": "token_endpoint",
    "attributes_url": "userinfo_endpoint",
    "jwks_uri": "jwks_uri",
}
"""Detail -> member of the discovery document."""

_SOCIAL_KEYS = {
    "Google": "https://www.googleapis.com/oauth2/v3/certs",
    "SignInWithApple": "https://appleid.apple.com/auth/keys",
}
"""Source: the `jwks_uri` of accounts.google.com and appleid.apple.com; the other social providers give no ID tokens."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """A provider's addresses.

    Attributes:
        attributes_url: None for a provider that tells nothing beyond its ID token.
        jwks_uri: None for a provider that gives no ID tokens.
        names_itself: its answers to browsers hold `iss`.  Source: RFC 9207 section 3.
    """

    authorize_url: str
    token_url: str
    attributes_url: str | None
    jwks_uri: str | None
    names_itself: bool = False


class NoEndpoints(Exception):
    """A provider's addresses are unknown: the configuration lacks some, and so does its discovery document."""


def social_endpoints(provider: IdentityProvider, stand_in: str | None) -> Endpoints:
    """Return the fixed addresses of a social provider.

    Args:
        stand_in: the address below which another server answers for all of them, host by host; None for the real ones.
    """
    details = provider.kind.added_to(provider.details)

    def place(url: str) -> str:
        return url if stand_in is None else f"{stand_in}/{url.removeprefix('https://')}"

    keys = _SOCIAL_KEYS.get(provider.type)
    attributes_url = details.get("attributes_url")
    return Endpoints(
        place(details["authorize_url"]),
        place(details["token_url"]),
        None if attributes_url is None else place(attributes_url),
        None if keys is None else place(keys),
    )


def configured_endpoints(provider: IdentityProvider) -> Endpoints | None:
    """Return an OpenID provider's addresses when its details name all of them: then it need not be asked."""
    details = provider.details
    if any(name not in details for name in _METADATA):
        return None
    return Endpoints(details["authorize_url"], details["token_url"], details["attributes_url"], details["jwks_uri"])


def completed_endpoints(provider: IdentityProvider, document: Mapping[str, Any]) -> Endpoints:
    """Return an OpenID provider's addresses: those in its details, and of its discovery document what they lack.

    Raises:
        NoEndpoints: one that is needed is missing, is no address, or is less safe than the issuer.
    """
    is_secure = provider.details["oidc_issuer"].startswith("https://")
    found: dict[str, str | None] = {}
    for name, member in _METADATA.items():
        found[name] = provider.details.get(name) or _address(document.get(member), is_secure=is_secure)
    authorize_url, token_url, jwks_uri = found["authorize_url"], found["token_url"], found["jwks_uri"]
    if authorize_url is None or token_url is None or jwks_uri is None:
        raise NoEndpoints("neither the details nor the discovery document name every endpoint")
    names_itself = document.get("authorization_response_iss_parameter_supported") is True
    return Endpoints(authorize_url, token_url, found["attributes_url"], jwks_uri, names_itself)


def issuers_of(provider: IdentityProvider) -> tuple[str, ...]:
    """Return what may stand as `iss` in a provider's ID tokens; none for a provider without any.

    Source: Google Identity, "OpenID Connect", ID token claims: `iss` is written with or without `https://`.
    """
    if provider.type == OIDC:
        return (provider.details["oidc_issuer"],)
    issuer = provider.kind.added.get("oidc_issuer")
    if issuer is None:
        return ()
    return (issuer, issuer.removeprefix("https://")) if provider.type == "Google" else (issuer,)


def _address(value: object, *, is_secure: bool) -> str | None:
    """Return an address that a provider says; one without TLS only where the issuer has none either."""
    if not isinstance(value, str) or not is_endpoint(value):
        return None
    return value if value.startswith("https://") or not is_secure else None
