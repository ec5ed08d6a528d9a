"""User pools whose tokens the tests make by hand, so that they can be wrong in every way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from idp.services import Services
from tests.authorizer.tokens_signed import token_with_mac

CLIENT_ID = "1example23456789"


@dataclass(frozen=True)
class Pool:
    """A user pool and its keys."""

    services: Services
    id: str

    @property
    def issuer(self) -> str:
        """Return the `iss` of its tokens."""
        return self.services.settings.issuer(self.id)

    def id_token(self, **claims: Any) -> str:
        """Return an ID token with some claims changed."""
        return self._signed(
            "id", {"token_use": "id", "aud": CLIENT_ID, "cognito:groups": ["admins", "staff"], **claims}
        )

    def access_token(self, scope: str = "openid pets/read", **claims: Any) -> str:
        """Return an access token with some claims changed."""
        return self._signed("access", {"token_use": "access", "client_id": CLIENT_ID, "scope": scope, **claims})

    def unsigned_token(self) -> str:
        """Return the ID token with alg none and no signature."""
        payload = self.id_token().split(".")[1]
        return f"eyJhbGciOiJub25lIn0.{payload}."

    def token_by_public_key(self) -> str:
        """Return an ID token authenticated by HS256 with the text of the public key."""
        key = self.services.keyring.signer(self.id, "id")
        return token_with_mac(
            self._claims(token_use="id"), header={"kid": key.kid, "alg": "HS256"}, secret=key.public_jwk["n"].encode()
        )

    def _signed(self, use: str, claims: dict[str, Any]) -> str:
        return self.services.keyring.signer(self.id, use).sign(self._claims(**claims))

    def _claims(self, **claims: Any) -> dict[str, Any]:
        now = int(self.services.clock.now().timestamp())
        return {"sub": "ann-sub", "iss": self.issuer, "iat": now, "exp": now + 3600, "auth_time": now, **claims}
