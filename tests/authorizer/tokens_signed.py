"""Tokens for the token tests: issued by hand, so that they can be wrong in every way."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm

NOW: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ISSUER: Final = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
OTHER_ISSUER: Final = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Zzzzzzzzz"
KID: Final = "the-kid="
CLIENT_ID: Final = "1example23456789"
KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ACCESS_CLAIMS: Final[Mapping[str, Any]] = {
    "sub": "ann",
    "iss": ISSUER,
    "client_id": CLIENT_ID,
    "token_use": "access",
    "scope": "openid pets/read",
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 3600,
}
ID_CLAIMS: Final[Mapping[str, Any]] = {
    "sub": "ann",
    "iss": ISSUER,
    "aud": CLIENT_ID,
    "token_use": "id",
    "cognito:groups": ["admins"],
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 3600,
}


def access_token(**changes: object) -> str:
    return token({**ACCESS_CLAIMS, **changes})


def id_token(**changes: object) -> str:
    return token({**ID_CLAIMS, **changes})


def token(
    claims: Mapping[str, Any] | str,
    *,
    header: Mapping[str, Any] | str | None = None,
    key: rsa.RSAPrivateKey = KEY,
    hash_: HashAlgorithm | None = None,
) -> str:
    """Sign claims; a text stands for itself, however broken it is."""
    signed_part = f"{segment(header or {'kid': KID, 'alg': 'RS256'})}.{segment(claims)}"
    signature = key.sign(signed_part.encode(), PKCS1v15(), hash_ or SHA256())
    return f"{signed_part}.{base64url(signature)}"


def token_with_mac(claims: Mapping[str, Any], *, header: Mapping[str, Any], secret: bytes) -> str:
    """Authenticate claims as HS256 does."""
    signed_part = f"{segment(header)}.{segment(claims)}"
    return f"{signed_part}.{base64url(hmac.digest(secret, signed_part.encode(), 'sha256'))}"


def segment(value: Mapping[str, Any] | str) -> str:
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return base64url(text.encode())


def base64url(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def jwk(key: rsa.RSAPrivateKey = KEY, kid: str = KID, **changes: object) -> dict[str, object]:
    """Render a public key as Cognito does."""
    numbers = key.public_key().public_numbers()
    return {
        "alg": "RS256",
        "e": base64url(numbers.e.to_bytes(3)),
        "kid": kid,
        "kty": "RSA",
        "n": base64url(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8)),
        "use": "sig",
        **changes,
    }


class PublishedKeys:
    """A KeySource with the keys of two issuers."""

    def key(self, issuer: str, kid: str) -> rsa.RSAPublicKey | None:
        published = {(ISSUER, KID): KEY, (OTHER_ISSUER, KID): OTHER_KEY}
        key = published.get((issuer, kid))
        return key.public_key() if key else None
