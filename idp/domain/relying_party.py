"""The relying party of a pool's passkeys, and what a browser is asked to make or sign for it.

Source: W3C WebAuthn Level 3 sections 5.4 and 5.5; AWS API_WebAuthnConfigurationType; spec USER_POOLS section 7.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from idp.domain.passkey import Passkey
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool

ES256, RS256 = -7, -257
CREATION_TIMEOUT = timedelta(minutes=1)
MULTI_FACTOR = "MULTI_FACTOR_WITH_USER_VERIFICATION"


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The domain that a pool's passkeys are made for.

    Attributes:
        user_verification: `required` or `preferred`, as browsers are told.
    """

    id: str
    user_verification: str

    @property
    def requires_user_verification(self) -> bool:
        """Say whether the authenticator must have recognized its owner (PIN, finger, face)."""
        return self.user_verification == "required"

    def has_origin(self, origin: str) -> bool:
        """Say whether a page of that origin is of the domain: by https, or on this machine by http.

        Source: W3C WebAuthn Level 3 section 13.4.9; W3C Secure Contexts section 3.1 for `localhost`.
        """
        try:
            parts = urlsplit(origin)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        is_local = parts.scheme == "http" and (host == "localhost" or host.endswith(".localhost"))
        is_exact = origin == f"{parts.scheme}://{host}" + ("" if port is None else f":{port}")
        return is_exact and (parts.scheme == "https" or is_local) and (host == self.id or host.endswith(f".{self.id}"))


def relying_party_of(user_pool: UserPool, default_id: str | None) -> RelyingParty | None:
    """Return a pool's relying party by its WebAuthnConfiguration.

    Passkeys that count as two factors must verify the user, whatever UserVerification says.

    Args:
        default_id: the pool's domain; None when it has none.

    Source: AWS API_WebAuthnConfigurationType.
    """
    settings = user_pool.settings.get("WebAuthnConfiguration") or {}
    identifier = settings.get("RelyingPartyId") or default_id
    if identifier is None:
        return None
    verification = "required" if _is_multi_factor(user_pool) else settings.get("UserVerification", "preferred")
    return RelyingParty(identifier, verification)


def _is_multi_factor(user_pool: UserPool) -> bool:
    """Say whether a passkey counts as two factors."""
    return (user_pool.settings.get("WebAuthnConfiguration") or {}).get("FactorConfiguration") == MULTI_FACTOR


def creation_options(
    relying_party: RelyingParty, user: User, *, challenge: str, registered: Sequence[Passkey]
) -> dict[str, Any]:
    """Return PublicKeyCredentialCreationOptionsJSON.

    Args:
        challenge: base64url.
        registered: passkeys that the user has; their authenticators refuse to make another.

    Source: AWS API_StartWebAuthnRegistration, sample.
    """
    return {
        "authenticatorSelection": {
            "requireResidentKey": True,
            "residentKey": "required",
            "userVerification": relying_party.user_verification,
        },
        "challenge": challenge,
        "excludeCredentials": [{"id": passkey.id, "type": "public-key"} for passkey in registered],
        "pubKeyCredParams": [{"alg": algorithm, "type": "public-key"} for algorithm in (ES256, RS256)],
        "rp": {"id": relying_party.id, "name": relying_party.id},
        "timeout": _milliseconds(CREATION_TIMEOUT),
        "user": {
            "displayName": user.username,
            "id": base64.urlsafe_b64encode(user.sub.encode()).rstrip(b"=").decode(),
            "name": user.username,
        },
    }


def request_options(
    relying_party: RelyingParty, *, challenge: str, lifetime: timedelta, allowed: Sequence[tuple[str, Sequence[str]]]
) -> dict[str, Any]:
    """Return PublicKeyCredentialRequestOptionsJSON.

    Args:
        challenge: base64url.
        lifetime: of the challenge.
        allowed: (id, transports) of the passkeys that may sign.

    Source: AWS "Sign in with passkeys", sample of CREDENTIAL_REQUEST_OPTIONS.
    """
    return {
        "challenge": challenge,
        "timeout": _milliseconds(lifetime),
        "rpId": relying_party.id,
        "allowCredentials": [
            {"type": "public-key", "id": identifier, "transports": list(transports)}
            for identifier, transports in allowed
        ],
        "userVerification": relying_party.user_verification,
    }


def _milliseconds(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
