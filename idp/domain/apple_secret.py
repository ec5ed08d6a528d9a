"""The client secret that Apple wants: a token that the developer's own key signs, made anew for each request.

Source: Apple Developer, "Creating a client secret"; RFC 7515.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key

from idp.domain.errors import InvalidParameter

AUDIENCE = "https://appleid.apple.com"
LIFETIME = timedelta(minutes=5)


def apple_client_secret(details: Mapping[str, str], now: datetime) -> str:
    """Return the secret for a request that is made now.

    Args:
        details: ProviderDetails of SignInWithApple.

    Raises:
        InvalidParameter: `private_key` is no such key.
    """
    claims = {
        "iss": details["team_id"],
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        "aud": AUDIENCE,
        "sub": details["client_id"],
    }
    key = apple_key(details["private_key"])
    return jwt.encode(claims, key, algorithm="ES256", headers={"kid": details["key_id"]})


def apple_key(text: str) -> ec.EllipticCurvePrivateKey:
    """Return the key in Apple's `.p8` file: PEM, or the base64 inside it without its frame.

    Raises:
        InvalidParameter: it is none, or of another curve than P-256.

    Unknown: the sentence.
    """
    try:
        if "-----BEGIN" in text:
            key = load_pem_private_key(text.strip().encode(), password=None)
        else:
            key = load_der_private_key(base64.b64decode("".join(text.split()), validate=True), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _no_key() from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise _no_key()
    return key


def _no_key() -> InvalidParameter:
    return InvalidParameter("The provider detail private_key must be a private key for ES256, as Apple gives it.")
