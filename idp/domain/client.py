"""An app client of a user pool: RFC 6749's client, OpenID Connect's relying party.

Source: AWS API_UserPoolClientType; spec USER_POOLS sections 1.2, 2.4, 4.6 and 12.2.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from idp.domain.client_secret import ClientSecret
from idp.domain.errors import NotAuthorized
from idp.domain.provider_kinds import OWN_USERS
from idp.domain.session_configuration import DEFAULT_SSO_MINUTES

if TYPE_CHECKING:
    from idp.domain.client_metadata import ClientMetadata

DEFAULT_FLOWS = ("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH")
DEFAULT_REFRESH_DAYS = 30
CLIENT_TOKEN_FLOW = "ALLOW_CLIENT_TOKEN_AUTH"  # noqa: S105 - a flow
IMPERSONATION_FLOW = "ALLOW_TOKEN_EXCHANGE_IMPERSONATION"
DELEGATION_FLOW = "ALLOW_TOKEN_EXCHANGE_DELEGATION"
_UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}


@dataclass(frozen=True)
class Client:
    """A stored client.

    Attributes:
        settings: CreateUserPoolClient's members but ids, name and secret.
        secrets: the active ones, oldest first; any of them is accepted.
        sso_minutes: how long a browser's sign-in counts for the client, where the pool tracks sessions.
        metadata: of a client that acts as this one and names itself by the URL of a document.
    """

    id: str
    pool_id: str
    name: str
    settings: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    secrets: tuple[ClientSecret, ...] = ()
    sso_minutes: int = DEFAULT_SSO_MINUTES
    version: int = 1
    metadata: ClientMetadata | None = None

    @property
    def metadata_url(self) -> str | None:
        """Return the URL that the client names itself by; None for one that goes by its own id."""
        return None if self.metadata is None else self.metadata.client_id

    @property
    def public_id(self) -> str:
        """Return what the client is called in tokens and addresses."""
        return self.metadata_url or self.id

    @property
    def may_refresh(self) -> bool:
        """Say whether the client may use refresh tokens at the token endpoint, which rotation allows, too."""
        if self.metadata is not None and "refresh_token" not in self.metadata.grant_types:
            return False
        return self.rotates_refresh_tokens or "ALLOW_REFRESH_TOKEN_AUTH" in self.flows

    @property
    def secret(self) -> str | None:
        """Return the oldest active secret, which DescribeUserPoolClient shows; None for a public client."""
        return self.secrets[0].value if self.secrets else None

    @cached_property
    def flows(self) -> frozenset[str]:
        """Return the allowed flows in their ALLOW_ form; what was set in the old form is translated.

        Source: spec section 1.2: with old names SRP, custom and refresh stay allowed, unless CUSTOM_AUTH_FLOW_ONLY.
        """
        flows = tuple(self.settings.get("ExplicitAuthFlows") or DEFAULT_FLOWS)
        if all(flow.startswith("ALLOW_") for flow in flows):
            return frozenset(flows)
        if "CUSTOM_AUTH_FLOW_ONLY" in flows:
            return frozenset({"ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"})
        renamed = {
            "ADMIN_NO_SRP_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
            "USER_PASSWORD_AUTH": "ALLOW_USER_PASSWORD_AUTH",
        }
        return frozenset({*DEFAULT_FLOWS, *(renamed[flow] for flow in flows)})

    @property
    def hides_unknown_users(self) -> bool:
        """Say whether an unknown user gets the answer of a wrong password (PreventUserExistenceErrors)."""
        return self.settings.get("PreventUserExistenceErrors") == "ENABLED"

    @property
    def revokes_tokens(self) -> bool:
        """Say whether tokens carry origin_jti and can be revoked (EnableTokenRevocation)."""
        return bool(self.settings.get("EnableTokenRevocation", True))

    @property
    def rotates_refresh_tokens(self) -> bool:
        """Say whether every refresh spends its token and gives a new one."""
        return bool(self.settings.get("RefreshTokenRotation", {}).get("Feature") == "ENABLED")

    @property
    def rotation_grace(self) -> timedelta:
        """Return how long a spent refresh token is still taken, for retries."""
        return timedelta(seconds=self.settings.get("RefreshTokenRotation", {}).get("RetryGracePeriodSeconds", 0))

    @property
    def sign_in_session_lifetime(self) -> timedelta:
        """Return how long the Session string of one challenge lives."""
        return timedelta(minutes=self.settings.get("AuthSessionValidity", 3))

    @cached_property
    def access_token_lifetime(self) -> timedelta:
        """Return the access token's validity."""
        return self._lifetime("AccessToken", default=timedelta(hours=1), unit="hours")

    @cached_property
    def id_token_lifetime(self) -> timedelta:
        """Return the ID token's validity."""
        return self._lifetime("IdToken", default=timedelta(hours=1), unit="hours")

    @cached_property
    def refresh_token_lifetime(self) -> timedelta:
        """Return the refresh token's validity, counted from the sign-in."""
        return self._lifetime("RefreshToken", default=timedelta(days=DEFAULT_REFRESH_DAYS), unit="days")

    @cached_property
    def readable_attributes(self) -> frozenset[str] | None:
        """Return the attributes that the client may read; None means all."""
        given = self.settings.get("ReadAttributes")
        return None if given is None else frozenset(given)

    @cached_property
    def writable_attributes(self) -> frozenset[str] | None:
        """Return the attributes that the client may write; None means all."""
        given = self.settings.get("WriteAttributes")
        return None if given is None else frozenset(given)

    @property
    def speaks_oauth(self) -> bool:
        """Say whether the client may use the browser flow and the token endpoint (AllowedOAuthFlowsUserPoolClient)."""
        return bool(self.settings.get("AllowedOAuthFlowsUserPoolClient", False))

    @cached_property
    def oauth_flows(self) -> frozenset[str]:
        """Return AllowedOAuthFlows: code, implicit, client_credentials."""
        return frozenset(self.settings.get("AllowedOAuthFlows") or ())

    @cached_property
    def oauth_scopes(self) -> tuple[str, ...]:
        """Return AllowedOAuthScopes."""
        return tuple(self.settings.get("AllowedOAuthScopes") or ())

    @property
    def custom_scopes(self) -> tuple[str, ...]:
        """Return the scopes of resource servers, the only ones of client_credentials.  Source: spec section 4.8."""
        return tuple(scope for scope in self.oauth_scopes if "/" in scope)

    def granted_custom_scopes(self, asked: Iterable[str]) -> tuple[str, ...]:
        """Return the scopes of the client's own token: those asked for, or all its custom ones.

        Returns:
            An empty tuple when one that is asked for is not the client's, or the client has none.
        """
        granted = tuple(dict.fromkeys(asked)) or self.custom_scopes
        return granted if set(granted) <= set(self.custom_scopes) else ()

    @cached_property
    def callback_urls(self) -> tuple[str, ...]:
        """Return where authorization answers may go."""
        return tuple(self.settings.get("CallbackURLs") or ())

    @cached_property
    def logout_urls(self) -> tuple[str, ...]:
        """Return where a browser may go after /logout."""
        return tuple(self.settings.get("LogoutURLs") or ())

    @cached_property
    def identity_providers(self) -> tuple[str, ...]:
        """Return SupportedIdentityProviders: by which providers users may sign in, `COGNITO` for the pool's own users.

        Unknown: how a client that names none signs people in on pages; here it has the pool's own users.
        """
        return tuple(self.settings.get("SupportedIdentityProviders") or (OWN_USERS,))

    @property
    def has_own_users(self) -> bool:
        """Say whether the pool's own users may sign in on pages, with a password."""
        return OWN_USERS in self.identity_providers

    @property
    def default_redirect_uri(self) -> str | None:
        """Return where the answer goes when the request names no redirect URI; None when it must name one."""
        default: str | None = self.settings.get("DefaultRedirectURI")
        return default or (self.callback_urls[0] if len(self.callback_urls) == 1 else None)

    def may_read(self, attribute: str) -> bool:
        """Say whether tokens, GetUser and userInfo show the attribute to this client."""
        return self.readable_attributes is None or attribute in self.readable_attributes

    def secret_hash(self, username: str, secret: ClientSecret) -> str:
        """Return the SECRET_HASH that proves knowledge of a secret.

        Returns:
            Base64 of HMAC-SHA256(key=secret, message=username + client id).

        Source: spec section 1.3.
        """
        message = (username + self.id).encode()
        return base64.b64encode(hmac.digest(secret.value.encode(), message, hashlib.sha256)).decode()

    def check_secret_hash(self, given: str | None, *usernames: str) -> None:
        """Check a SECRET_HASH made with any of the secrets, over any of the names the user goes by.

        Raises:
            NotAuthorized: missing, wrong, or given to a client without a secret.
        """
        if not self.secrets and given is None:
            return
        if given is None:
            raise NotAuthorized(f"Client {self.id} is configured with secret but SECRET_HASH was not received")
        right = [self.secret_hash(name, secret) for name in usernames for secret in self.secrets]
        matches = [hmac.compare_digest(given.encode(), each.encode()) for each in right]
        if not any(matches):
            raise NotAuthorized(f"Unable to verify secret hash for client {self.id}")

    def has_secret(self, given: str) -> bool:
        """Say whether a plain secret is one of the client's, in constant time."""
        matches = [hmac.compare_digest(given.encode(), secret.value.encode()) for secret in self.secrets]
        return any(matches)

    def _lifetime(self, token: str, *, default: timedelta, unit: str) -> timedelta:
        validity = self.settings.get(f"{token}Validity")
        if not validity:
            return default
        chosen = self.settings.get("TokenValidityUnits", {}).get(token, unit)
        return timedelta(seconds=validity * _UNIT_SECONDS[chosen])
