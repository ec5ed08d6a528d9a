"""JWT authorizers of HTTP APIs: a token of the issuer, for the audience, lets its bearer in.

Source: API Gateway Developer Guide, "Control access to HTTP APIs with JWT authorizers in API Gateway".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import orjson

from idp.authorizer.jwt import KeySource, SignedClaims, TokenRefused, verify_token
from idp.authorizer.unverified_token import RefusalReason
from idp.gateway.authorizers.sources import bearer_token, value_of
from idp.gateway.refusals import Refusal, Refused
from idp.gateway.visit import Grant, Visit

if TYPE_CHECKING:
    from idp.domain.rest_api import JwtAuthorizer
    from idp.gateway.authorizers.known_tokens import KnownTokens
    from idp.services import Services

ALGORITHMS: Final = frozenset({"RS256", "RS384", "RS512"})
# Of these, "segments" and "audience" are AWS's own words; the others say the same in its manner.
_DESCRIPTIONS: Final[Mapping[RefusalReason, str]] = {
    "malformed": "token contains an invalid number of segments",
    "algorithm": "signing method is invalid",
    "wrong_issuer": "issuer of the token does not match the configured issuer",
    "unknown_key": "unable to find a signing key that matches the token",
    "bad_signature": "the token has an invalid signature",
    "expired": "the token has expired",
    "not_yet_valid": "the token is not yet valid",
    "wrong_audience": "the token does not have a valid audience",
    "wrong_use": "the token is of another kind",
    "missing_scope": "the token does not have the required scope",
}


class JwtGate:
    """Lets in the bearers of an issuer's tokens for one of the audiences, with one of the route's scopes."""

    def __init__(
        self,
        services: Services,
        authorizer: JwtAuthorizer,
        keys: KeySource,
        known_tokens: KnownTokens,
        *,
        scopes: tuple[str, ...],
    ) -> None:
        self._services = services
        self._authorizer = authorizer
        self._keys = keys
        self._known_tokens = known_tokens
        self._scopes = scopes
        self._demand = " ".join([authorizer.name, *scopes])

    def __call__(self, visit: Visit) -> Grant:
        """Verify the token.

        Raises:
            Refused: UNAUTHORIZED or SCOPE_MISSING, with the challenge that RFC 6750 asks for.
        """
        value = value_of(self._authorizer.identity_source, visit)
        if not value:
            why = f"{self._authorizer.identity_source.name} must hold a token; it holds none."
            raise Refused(Refusal.UNAUTHORIZED, why, challenge="Bearer")
        token = bearer_token(value)
        return self._known_tokens.find(self._demand, token) or self._verified(token)

    def _verified(self, token: str) -> Grant:
        try:
            claims = verify_token(
                token,
                self._keys,
                now=self._services.clock.now(),
                issuers=frozenset({self._authorizer.issuer}),
                token_use=None,
                audiences=self._authorizer.audiences,
                scopes=self._scopes,
                algorithms=ALGORITHMS,
            )
        except TokenRefused as error:
            raise self._refusal(error) from error
        grant = _grant(claims, self._scopes)
        self._known_tokens.keep(self._demand, token, grant, expires_at=claims["exp"])
        return grant

    def _refusal(self, error: TokenRefused) -> Refused:
        lacks_scope = error.reason == "missing_scope"
        code = "insufficient_scope" if lacks_scope else "invalid_token"
        scope = " ".join(self._scopes)
        challenge = f'Bearer scope="{scope}" error="{code}" error_description="{_DESCRIPTIONS[error.reason]}"'
        refusal = Refusal.SCOPE_MISSING if lacks_scope else Refusal.UNAUTHORIZED
        why = f"The route wants a token of {self._authorizer.issuer}. {error.message}"
        return Refused(refusal, why, challenge=challenge)


def _grant(claims: SignedClaims, route_scopes: tuple[str, ...]) -> Grant:
    """Return what functions learn of the bearer: `scopes` only on routes that demand some."""
    texts = {name: _text(value) for name, value in claims.items() if value is not None}
    found = claims.get("scope", claims.get("scp"))
    granted = found.split() if isinstance(found, str) else found
    scopes = granted if route_scopes else None
    return Grant(
        authorizer={"claims": texts, "scopes": scopes}, authorizer_v2={"jwt": {"claims": texts, "scopes": scopes}}
    )


def _text(value: Any) -> str:
    """Return a claim as text: lists in brackets, separated by blanks.  Source: observed, spec API_GATEWAY section 3."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return f"[{' '.join(map(_text, value))}]"
    return orjson.dumps(value).decode()
