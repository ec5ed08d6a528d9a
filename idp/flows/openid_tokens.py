"""The OpenID tokens of identity pools.  Source: spec IDENTITY_POOLS section 7."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import orjson

from idp.authorizer.jwt import verify_token
from idp.authorizer.unverified_token import TokenRefused, parse_token
from idp.domain.errors import IdentityTokenExpired, InvalidIdentityToken
from idp.domain.web_identity import ISSUER, WebIdentity
from idp.outbound.keyring import IDENTITY_POOLS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from idp.services import Services

USE = "openid"
ALGORITHM = "RS512"
LIFETIME = timedelta(minutes=10)
UNVERIFIED = (
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity "
    "documentation for requirements"
)


def issue_openid_token(services: Services, identity: WebIdentity, *, lifetime: timedelta = LIFETIME) -> str:
    """Return the token by which an identity assumes roles."""
    now = int(services.clock.now().timestamp())
    claims = {
        "sub": identity.identity_id,
        "aud": identity.pool_id,
        "amr": list(identity.methods),
        "iss": ISSUER,
        "exp": now + int(lifetime.total_seconds()),
        "iat": now,
    }
    return services.keyring.signer(IDENTITY_POOLS, USE).sign(claims, algorithm=ALGORITHM, typ="JWS")


def verify_openid_token(services: Services, unverified_token: str) -> WebIdentity:
    """Return the identity that a token was issued to.

    Raises:
        InvalidIdentityToken: in STS's sentence.
        IdentityTokenExpired.

    Source: spec STS_IAM section 1, "STS errors".
    """
    issuer, expires = _unverified_issuer_and_expiry(unverified_token)
    if issuer != ISSUER:
        raise InvalidIdentityToken(f"No OpenIDConnect provider found in your account for {issuer}")
    now = services.clock.now()
    try:
        claims = verify_token(
            unverified_token,
            _Keys(services),
            now=now,
            issuers=(ISSUER,),
            token_use=None,
            algorithms=frozenset({ALGORITHM}),
        )
    except TokenRefused as error:
        if error.reason == "expired":
            raise IdentityTokenExpired(
                f"Token expired: current date/time {int(now.timestamp())} must be before the expiration "
                f"date/time {expires}"
            ) from error
        raise InvalidIdentityToken(UNVERIFIED) from error
    pool = services.catalog.identity_pools.find(claims["aud"])
    return WebIdentity(claims["aud"], pool.account if pool else None, claims["sub"], tuple(claims["amr"]))


def identity_jwks(services: Services) -> bytes:
    """Return the JWK Set of identity pools as JSON, for `/.well-known/jwks_uri`."""
    key = services.keyring.signer(IDENTITY_POOLS, USE)
    return orjson.dumps({"keys": [{**key.public_jwk, "alg": ALGORITHM}]})


@dataclass(frozen=True, slots=True)
class _Keys:
    """The identity pools' own keys, in process."""

    services: Services

    def key(self, issuer: str, kid: str) -> RSAPublicKey | None:  # noqa: ARG002 - only one issuer is asked for
        return self.services.keyring.find_public(IDENTITY_POOLS, kid)


def _unverified_issuer_and_expiry(unverified_token: str) -> tuple[str, object]:
    try:
        unverified_claims = parse_token(unverified_token).claims
    except TokenRefused as error:
        raise InvalidIdentityToken from error
    issuer = unverified_claims.get("iss")
    if not isinstance(issuer, str):
        raise InvalidIdentityToken
    return issuer, unverified_claims.get("exp")
