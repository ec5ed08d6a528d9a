"""An authorization code: what a client exchanges, once, for tokens.  Source: RFC 6749 section 4.1.2."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from idp.domain.client import Client

LIFETIME = timedelta(minutes=5)
# A code that comes back after its end is still recognized as used for so long.
REMEMBERED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AuthorizationCode:
    """A stored code.

    Attributes:
        digest: SHA-256 of the code, hex; the code itself is not kept.
        code_challenge: as the authorization request gave it; None without PKCE.
        scope: space-separated.
        authenticated_at: when the user signed in, the tokens' auth_time.
        browser_digest: of the browser session that asked for it.
        client_url: of a client by metadata document.
    """

    digest: str
    client_id: str
    user_id: int
    redirect_uri: str
    code_challenge: str | None
    scope: str
    nonce: str | None
    authenticated_at: datetime
    expires_at: datetime
    browser_digest: str | None = None
    client_url: str | None = None

    def is_of(self, client: Client) -> bool:
        """Say whether the code was given to the client."""
        return (self.client_id, self.client_url) == (client.id, client.metadata_url)


def digest_of(code: str) -> str:
    """Return the form in which a code is stored: SHA-256, hex."""
    return hashlib.sha256(code.encode()).hexdigest()


def is_verified_by(code_challenge: str | None, code_verifier: str | None) -> bool:
    """Say whether a code_verifier answers the challenge, in constant time.

    A verifier without a challenge is refused too: somebody took the challenge out of the request.

    Source: RFC 7636 section 4.6, method S256; RFC 9700 section 4.8.2.
    """
    if code_challenge is None or code_verifier is None:
        return code_challenge is None and code_verifier is None
    return hmac.compare_digest(challenge_of(code_verifier).encode(), code_challenge.encode())


def challenge_of(code_verifier: str) -> str:
    """Return the S256 challenge to which a verifier is the answer.  Source: RFC 7636 section 4.2."""
    return base64.urlsafe_b64encode(hashlib.sha256(code_verifier.encode()).digest()).rstrip(b"=").decode()
