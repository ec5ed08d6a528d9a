"""Find the bearer token of a request, and word its refusal."""

from dataclasses import dataclass
from typing import Final

import orjson

from idp.authorizer.jwt import SignedClaims, TokenRefused, TokenVerifier

CLAIMS_KEY: Final = "idp.claims"
"""Where the middleware leaves the claims, in the WSGI environ or the ASGI scope."""


@dataclass(frozen=True, slots=True)
class BearerRefusal:
    """The answer to a request without an acceptable token.

    Attributes:
        challenge: value of the `WWW-Authenticate` header.
        body: JSON.
    """

    status: int
    challenge: str
    body: bytes


def admitted(verifier: TokenVerifier, authorization: str | None) -> SignedClaims | BearerRefusal:
    """Verify the token in an `Authorization` header.

    A request without a bearer token is told nothing but the scheme; a refused one learns why.

    Source: RFC 6750 sections 2.1 and 3.
    """
    scheme, _, unverified_token = (authorization or "").strip().partition(" ")
    if scheme.lower() != "bearer":
        return _refusal(401, error=None, description="A bearer token is required.")
    try:
        return verifier.verify(unverified_token.strip())
    except TokenRefused as refused:
        if refused.reason == "missing_scope":
            scope = " ".join(sorted(verifier.scopes))
            return _refusal(403, error="insufficient_scope", description=refused.message, scope=scope)
        return _refusal(401, error="invalid_token", description=refused.message)


def _refusal(status: int, *, error: str | None, description: str, scope: str | None = None) -> BearerRefusal:
    told = {"error": error, "error_description": description if error else None, "scope": scope}
    attributes = ", ".join(f'{name}="{value}"' for name, value in told.items() if value)
    body = orjson.dumps({"error": error or "unauthorized", "error_description": description})
    return BearerRefusal(status, f"Bearer {attributes}".rstrip(), body)
