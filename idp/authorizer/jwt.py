"""Verify JSON Web Tokens as Amazon Cognito issues them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NewType, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512

from idp.authorizer.unverified_token import (
    RefusalReason,
    TokenRefused,
    UnverifiedToken,
    parse_token,
    refuse_malformed,
    require_unique_claims,
)

__all__ = [
    "KeySource",
    "RefusalReason",
    "SignedClaims",
    "TokenRefused",
    "TokenVerifier",
    "granted_scopes",
    "verify_token",
]

SignedClaims = NewType("SignedClaims", Mapping[str, Any])
"""Claims of a token whose signature, issuer and times were verified. Values are as the token's JSON has them."""

_HASHES: Final = {"RS256": SHA256(), "RS384": SHA384(), "RS512": SHA512()}
_PADDING: Final = PKCS1v15()
_ACCESS: Final = "access"
_NO_LEEWAY: Final = timedelta(0)


class KeySource(Protocol):
    """Where public keys come from."""

    def key(self, issuer: str, kid: str) -> RSAPublicKey | None:
        """Return the key an issuer publishes under a key id; None when there is none.

        Both arguments come from a token nobody has verified.
        """


@dataclass(frozen=True, slots=True)
class TokenVerifier:
    """What one application demands of its tokens; see `verify_token` for the meaning of each demand."""

    keys: KeySource = field(repr=False)
    issuers: Collection[str]
    token_use: str | None
    audiences: Collection[str] | None = None
    scopes: Collection[str] = ()
    leeway: timedelta = _NO_LEEWAY
    algorithms: frozenset[str] = frozenset({"RS256"})
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC), repr=False)

    def verify(self, unverified_token: str) -> SignedClaims:
        """Return the claims of a token that meets every demand.

        Raises:
            TokenRefused: it does not.
        """
        return verify_token(
            unverified_token,
            self.keys,
            now=self.clock(),
            issuers=self.issuers,
            token_use=self.token_use,
            audiences=self.audiences,
            scopes=self.scopes,
            leeway=self.leeway,
            algorithms=self.algorithms,
        )


def verify_token(
    unverified_token: str,
    keys: KeySource,
    *,
    now: datetime,
    issuers: Collection[str] | None,
    token_use: str | None,
    audiences: Collection[str] | None = None,
    scopes: Collection[str] = (),
    leeway: timedelta = _NO_LEEWAY,
    algorithms: frozenset[str] = frozenset({"RS256"}),
) -> SignedClaims:
    """Verify a token and return its claims.

    Args:
        unverified_token: compact JWS, without `Bearer `.
        keys: asked only for allowed issuers.
        now: aware UTC.
        issuers: allowed values of `iss`; None leaves the choice to `keys`.
        token_use: `id` or `access`; None accepts any token, also of issuers other than Cognito.
        audiences: allowed client ids, found in `aud` of an ID token and in `client_id` of an access token; without
            `token_use`, in `client_id` only when there is no `aud`. None accepts any.
        scopes: at least one of them must be granted; none demanded when empty.
        leeway: tolerated difference of the clocks.
        algorithms: allowed JWS algorithms, of RS256, RS384 and RS512.

    Raises:
        TokenRefused: at the first check that fails, in the order of `RefusalReason`.

    Source: Amazon Cognito Developer Guide, "Verifying JSON web tokens"; RFC 7515 section 5.2; RFC 8725 section 3.
    """
    token = parse_token(unverified_token)
    algorithm = _algorithm(token, algorithms)
    key = _key(keys, token, issuers)
    try:
        key.verify(token.signature, token.signed_part, _PADDING, _HASHES[algorithm])
    except InvalidSignature:
        raise TokenRefused("bad_signature", "The signature does not verify.") from None
    require_unique_claims(token)
    claims = SignedClaims(token.claims)
    _require_current(claims, now=now, leeway=leeway)
    _require_use(claims, token_use)
    _require_audience(claims, audiences, token_use)
    _require_scope(claims, scopes)
    return claims


def granted_scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    """Return the scopes in `scope`, or else in `scp`: space-separated text, or a list of texts."""
    value = claims.get("scope", claims.get("scp"))
    if isinstance(value, str):
        return frozenset(value.split())
    return frozenset(item for item in value if isinstance(item, str)) if isinstance(value, list) else frozenset()


def _algorithm(token: UnverifiedToken, allowed: frozenset[str]) -> str:
    """Return the algorithm, which the verifier chooses and the token may only confirm.

    Source: RFC 8725 section 3.1.
    """
    algorithm = token.header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in allowed or algorithm not in _HASHES:
        raise TokenRefused("algorithm", "The token's algorithm is not allowed.")
    if "crit" in token.header:
        refuse_malformed("The token has critical header parameters, and none is understood.")
    return algorithm


def _key(keys: KeySource, token: UnverifiedToken, issuers: Collection[str] | None) -> RSAPublicKey:
    issuer, kid = token.claims.get("iss"), token.header.get("kid")
    if not isinstance(issuer, str) or (issuers is not None and issuer not in issuers):
        raise TokenRefused("wrong_issuer", "The token's issuer is not allowed.")
    key = keys.key(issuer, kid) if isinstance(kid, str) else None
    if key is None:
        raise TokenRefused("unknown_key", "The token's issuer publishes no such key.")
    return key


def _require_current(claims: SignedClaims, *, now: datetime, leeway: timedelta) -> None:
    seconds, tolerance = now.timestamp(), leeway.total_seconds()
    if seconds >= _seconds(claims, "exp") + tolerance:
        raise TokenRefused("expired", "The token has expired.")
    for name in ("nbf", "iat"):
        if name in claims and _seconds(claims, name) > seconds + tolerance:
            raise TokenRefused("not_yet_valid", "The token is not yet valid.")


def _seconds(claims: SignedClaims, name: str) -> int:
    value = claims.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        refuse_malformed(f"The claim {name} is not a whole number of seconds.")
    return value


def _require_use(claims: SignedClaims, token_use: str | None) -> None:
    if token_use is not None and claims.get("token_use") != token_use:
        raise TokenRefused("wrong_use", f"The token is not an {token_use} token.")


def _require_audience(claims: SignedClaims, audiences: Collection[str] | None, token_use: str | None) -> None:
    if audiences is None:
        return
    by_client_id = token_use == _ACCESS or (token_use is None and "aud" not in claims)
    value = claims.get("client_id" if by_client_id else "aud")
    held = value if isinstance(value, list) else [value]
    if not any(isinstance(item, str) and item in audiences for item in held):
        raise TokenRefused("wrong_audience", "The token was issued for another client.")


def _require_scope(claims: SignedClaims, scopes: Collection[str]) -> None:
    if scopes and granted_scopes(claims).isdisjoint(scopes):
        raise TokenRefused("missing_scope", "The token lacks the scope.")
