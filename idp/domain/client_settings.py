"""What the settings of an app client must agree on, beyond what the API's model says.

Source: AWS API_CreateUserPoolClient; RFC 6749 section 3.1.2; spec USER_POOLS sections 1.2, 1.12, 3.1, 4.6 and 9.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from idp.domain.client import CLIENT_TOKEN_FLOW, DEFAULT_FLOWS
from idp.domain.errors import InvalidOAuthFlow, InvalidParameter, ScopeNotFound
from idp.domain.provider_kinds import OWN_USERS

if TYPE_CHECKING:
    from idp.domain.client import Client

REFRESH_FLOW = "ALLOW_REFRESH_TOKEN_AUTH"
STANDARD_SCOPES = ("phone", "email", "openid", "profile", "aws.cognito.signin.user.admin")

SHORTEST_TOKEN = timedelta(minutes=5)
LONGEST_TOKEN = timedelta(days=1)
SHORTEST_REFRESH = timedelta(hours=1)
LONGEST_REFRESH = timedelta(days=3650)

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
RUNNABLE_SCHEMES = ("javascript", "data", "vbscript", "file", "about", "blob")
_CUSTOM_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\\]+")


def completed(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as they are kept: an empty list and a validity of 0 mean the default, as if left out.

    A client that rotates refresh tokens and names no flows has the default ones without ALLOW_REFRESH_TOKEN_AUTH, which
    rotation excludes.
    """
    kept = {
        name: value for name, value in settings.items() if value != [] and (name != "RefreshTokenValidity" or value)
    }
    if "ExplicitAuthFlows" not in kept and _rotates(kept):
        kept["ExplicitAuthFlows"] = [flow for flow in DEFAULT_FLOWS if flow != REFRESH_FLOW]
    return kept


def check_client(client: Client, *, custom_scopes: frozenset[str], identity_providers: frozenset[str]) -> None:
    """Check a client that is about to be stored.

    Args:
        custom_scopes: those of the pool's resource servers, as clients ask for them.
        identity_providers: names of the pool's upstream providers.

    Raises:
        InvalidParameter, InvalidOAuthFlow, ScopeNotFound.
    """
    settings = client.settings
    _check_flows(settings, has_secret=client.secret is not None)
    _check_lifetimes(client)
    _check_identity_providers(client, identity_providers)
    _check_urls(settings)
    _check_oauth(settings, has_secret=client.secret is not None)
    _check_scopes(settings.get("AllowedOAuthScopes", ()), custom_scopes)


def is_redirect_uri(uri: str) -> bool:
    """Say whether answers may be sent to a URI: https, http to this machine only, or an app's own scheme; no fragment."""
    if "#" in uri or _CUSTOM_URI.fullmatch(uri) is None:
        return False
    try:
        parts = urlsplit(uri)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(host)
    if parts.scheme == "http":
        return host in LOOPBACK_HOSTS or host.endswith(".localhost")
    return parts.scheme not in RUNNABLE_SCHEMES


def _rotates(settings: Mapping[str, Any]) -> bool:
    return bool(settings.get("RefreshTokenRotation", {}).get("Feature") == "ENABLED")


def _check_flows(settings: Mapping[str, Any], *, has_secret: bool) -> None:
    """Check ExplicitAuthFlows.  Unknown: the sentences."""
    flows = settings.get("ExplicitAuthFlows", ())
    if len({flow.startswith("ALLOW_") for flow in flows}) > 1:
        raise InvalidParameter("ExplicitAuthFlows cannot mix values with and without the prefix ALLOW_.")
    if _rotates(settings) and REFRESH_FLOW in flows:
        raise InvalidParameter(f"Refresh token rotation cannot be enabled together with {REFRESH_FLOW}.")
    if CLIENT_TOKEN_FLOW in flows:
        _check_client_token_flow(flows, has_secret=has_secret)


def _check_client_token_flow(flows: Iterable[str], *, has_secret: bool) -> None:
    """Check a client that gets tokens for itself.  Source: AWS API_GetClientToken: the only flow, and with a secret."""
    if set(flows) != {CLIENT_TOKEN_FLOW}:
        raise InvalidParameter(f"{CLIENT_TOKEN_FLOW} cannot be selected along with other ExplicitAuthFlows.")
    if not has_secret:
        raise InvalidParameter(f"{CLIENT_TOKEN_FLOW} cannot be selected if client does not have a client secret.")


def _check_lifetimes(client: Client) -> None:
    """Check the validities; ID and access tokens may not outlive the refresh token.  Source: spec section 4.6."""
    refresh = client.refresh_token_lifetime
    longest = min(LONGEST_TOKEN, refresh)
    tokens = (client.access_token_lifetime, client.id_token_lifetime)
    fits = all(SHORTEST_TOKEN <= lifetime <= longest for lifetime in tokens)
    if not fits or not SHORTEST_REFRESH <= refresh <= LONGEST_REFRESH:
        raise InvalidParameter("Invalid range for token validity.")


def _check_identity_providers(client: Client, known: frozenset[str]) -> None:
    for provider in client.settings.get("SupportedIdentityProviders", ()):
        if provider != OWN_USERS and provider not in known:
            raise InvalidParameter(f"The provider {provider} does not exist for User Pool {client.pool_id}.")


def _check_urls(settings: Mapping[str, Any]) -> None:
    """Check where browsers are sent to.  Unknown: both sentences."""
    callbacks = settings.get("CallbackURLs", ())
    for uri in (*callbacks, *settings.get("LogoutURLs", ())):
        if not is_redirect_uri(uri):
            raise InvalidParameter(f"Invalid redirect URI: {uri}")
    default = settings.get("DefaultRedirectURI")
    if default is not None and default not in callbacks:
        raise InvalidParameter("DefaultRedirectURI must be one of CallbackURLs.")


def _check_oauth(settings: Mapping[str, Any], *, has_secret: bool) -> None:
    flows, scopes = settings.get("AllowedOAuthFlows", ()), settings.get("AllowedOAuthScopes", ())
    if settings.get("AllowedOAuthFlowsUserPoolClient") and not (flows and scopes):
        raise InvalidParameter(
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows."
        )
    if "client_credentials" in flows:
        _check_client_credentials(flows, scopes, has_secret=has_secret)
    elif flows and not settings.get("CallbackURLs"):
        raise InvalidOAuthFlow("CallbackUrls can not be empty when code flow or implicit flow is selected")


def _check_client_credentials(flows: Iterable[str], scopes: Iterable[str], *, has_secret: bool) -> None:
    if set(flows) != {"client_credentials"}:
        raise InvalidOAuthFlow("client_credentials flow can not be selected along with code flow or implicit flow.")
    if not has_secret:
        raise InvalidOAuthFlow("client_credentials flow can not be selected if client does not have a client secret.")
    for scope in scopes:
        if scope in STANDARD_SCOPES:
            raise InvalidOAuthFlow(f"{scope} is not supported with client_credentials flow")


def _check_scopes(scopes: Iterable[str], custom_scopes: frozenset[str]) -> None:
    for scope in scopes:
        if scope not in STANDARD_SCOPES and scope not in custom_scopes:
            raise ScopeNotFound(f"Invalid scope requested: {scope}")
