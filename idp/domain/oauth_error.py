"""Refusals in OAuth 2.0's own words.

They are no `DomainError`: the AWS APIs never say them.  Source: RFC 6749 sections 4.1.2.1 and 5.2; RFC 6750 section 3.1;
RFC 7009 section 2.2.1; OpenID Connect Core 1.0 section 3.1.2.6; spec USER_POOLS sections 9.3-9.6.
"""

from __future__ import annotations

from typing import Literal

ErrorCode = Literal[
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "unsupported_token_type",
    "invalid_scope",
    "invalid_token",
    "login_required",
    "server_error",
    "temporarily_unavailable",
]


class OAuthRefused(Exception):
    """A request of OAuth or OpenID Connect that is refused; `description` is for developers and holds no secret."""

    def __init__(self, error: ErrorCode, description: str | None = None) -> None:
        self.error: ErrorCode = error
        self.description = description
        super().__init__(error, description)


class AuthorizationRefused(OAuthRefused):
    """An authorization request that is refused to a client and a redirect URI that are known to be good."""


class RedirectMismatch(Exception):
    """The redirect or logout URI is not one of the client's: nobody may be sent there."""


class ClientNotFound(Exception):
    """The client is not named, or is none of this domain's user pool; `message` is for the error page."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)
