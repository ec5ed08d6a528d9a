"""The grants of the token endpoint: each says who may use it and what it gives.

Source: RFC 6749 sections 4.1.3, 4.4 and 6; spec USER_POOLS section 9.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import orjson

from idp.domain.oauth_error import OAuthRefused
from idp.domain.request_quota import CLIENT_AUTHENTICATION
from idp.flows.authorization import Redemption, redeem_authorization_code
from idp.flows.tokens import TokenSet, issue_client_token, refresh

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.domain.origin import Origin
    from idp.domain.user_pool import UserPool
    from idp.services import Services


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What a client asks the token endpoint for, and from where."""

    parameters: Mapping[str, str] = field(repr=False)
    origin: Origin


class Grant(Protocol):
    """One grant_type."""

    def is_allowed_to(self, client: Client) -> bool:
        """Say whether the client's settings allow the grant."""
        ...

    def issue(self, services: Services, user_pool: UserPool, client: Client, request: TokenRequest) -> TokenSet:
        """Return the tokens.

        Raises:
            OAuthRefused, DomainError.
        """
        ...


class AuthorizationCodeGrant:
    """Tokens for a code of the browser flow."""

    def is_allowed_to(self, client: Client) -> bool:
        """Require the flow `code`."""
        return client.speaks_oauth and "code" in client.oauth_flows

    def issue(self, services: Services, user_pool: UserPool, client: Client, request: TokenRequest) -> TokenSet:
        """Exchange the code."""
        redemption = Redemption(
            code=required(request.parameters, "code"),
            redirect_uri=required(request.parameters, "redirect_uri"),
            code_verifier=request.parameters.get("code_verifier"),
        )
        issued = redeem_authorization_code(services, user_pool, client, redemption, origin=request.origin)
        return issued if client.metadata is None or client.may_refresh else replace(issued, refresh_token=None)


class RefreshTokenGrant:
    """New tokens for a refresh token."""

    def is_allowed_to(self, client: Client) -> bool:
        """Require ALLOW_REFRESH_TOKEN_AUTH, or rotation, which takes its place; and the grant in a metadata document."""
        return client.may_refresh

    def issue(self, services: Services, user_pool: UserPool, client: Client, request: TokenRequest) -> TokenSet:  # noqa: ARG002
        """Refresh; a client without OAuth gets nothing here for the tokens of its API sign-ins."""
        refresh_token = required(request.parameters, "refresh_token")
        if not client.speaks_oauth:
            raise OAuthRefused("invalid_grant")
        return refresh(services, client, refresh_token, origin=request.origin)


class ClientCredentialsGrant:
    """An access token for the client itself, with custom scopes only."""

    def is_allowed_to(self, client: Client) -> bool:
        """Require the flow `client_credentials` and a secret."""
        return client.speaks_oauth and "client_credentials" in client.oauth_flows and client.secret is not None

    def issue(self, services: Services, user_pool: UserPool, client: Client, request: TokenRequest) -> TokenSet:
        """Issue; without `scope` the client gets all its custom scopes."""
        whose = f"{user_pool.account}/{user_pool.region}"
        services.request_quotas.take(CLIENT_AUTHENTICATION, whose, services.clock.now())
        granted = client.granted_custom_scopes(request.parameters.get("scope", "").split())
        if not granted:
            raise OAuthRefused("invalid_scope")
        metadata = _client_metadata(request.parameters.get("aws_client_metadata"))
        return issue_client_token(services, user_pool, client, scope=" ".join(granted), client_metadata=metadata)


GRANTS: Mapping[str, Grant] = {
    "authorization_code": AuthorizationCodeGrant(),
    "refresh_token": RefreshTokenGrant(),
    "client_credentials": ClientCredentialsGrant(),
}


def _client_metadata(text: str | None) -> dict[str, str] | None:
    """Return what a client tells the PreTokenGeneration trigger: JSON, an object of texts.

    Raises:
        OAuthRefused: it is something else.
    """
    if text is None:
        return None
    try:
        metadata = orjson.loads(text)
    except orjson.JSONDecodeError:
        metadata = None
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise OAuthRefused("invalid_request", "aws_client_metadata must be a JSON object of texts.")
    return metadata


def required(parameters: Mapping[str, str], name: str) -> str:
    """Return a parameter; raises invalid_request when it is missing."""
    if name not in parameters:
        raise OAuthRefused("invalid_request", f"{name} is missing.")
    return parameters[name]
