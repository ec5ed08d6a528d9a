"""What an ID token must say, beyond what its signature, issuer, audience and times prove.

Source: OpenID Connect Core 1.0 sections 3.1.3.6, 3.1.3.7 and 5.3.2.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from idp.domain.claims import access_token_hash

MAX_SUBJECT = 255


class IdentityRefused(Exception):
    """What a provider tells of somebody is not believed; `reason` is a sentence without values of its tokens."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def check_id_token(claims: Mapping[str, Any], *, client_id: str, nonce: str, access_token: str | None) -> None:
    """Check that an ID token answers our own request.

    Args:
        claims: of a token with a good signature, from the right issuer, for `client_id` among others, at a good time.
        access_token: what came with it, which `at_hash` binds when it is there.

    Raises:
        IdentityRefused.
    """
    audience = claims.get("aud")
    if audience is None or "iat" not in claims:
        raise IdentityRefused("Bad id_token: it lacks a claim that it must have.")
    authorized_party = claims.get("azp")
    if authorized_party not in (None, client_id) or (
        authorized_party is None and isinstance(audience, list) and len(audience) > 1
    ):
        raise IdentityRefused("Bad id_token azp: it was issued to another client.")
    if not _is_same(claims.get("nonce"), nonce):
        raise IdentityRefused("Bad id_token nonce.")
    bound = claims.get("at_hash")
    if bound is not None and (access_token is None or not _is_same(bound, access_token_hash(access_token))):
        raise IdentityRefused("Bad id_token at_hash: it came with another access token.")


def checked_subject(value: object) -> str:
    """Return the claim that names a user; raises IdentityRefused when it is none.

    Unknown: what Cognito takes; here what OpenID Connect Core 1.0 section 2 says, at most 255 characters.
    """
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_SUBJECT or not value.isprintable():
        raise IdentityRefused("The answer does not name the user.")
    return value


def _is_same(value: object, expected: str) -> bool:
    return isinstance(value, str) and hmac.compare_digest(value.encode(), expected.encode())
