"""What an identity provider's answer must say to be taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import rsa

UNSOLICITED_LIFETIME = timedelta(minutes=6)
"""How old an assertion that nobody asked for may be.  Source: spec USER_POOLS section 10.6, "IdP-initiated"."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is known of an answer before it is read.

    Attributes:
        issuer: the provider's entity id.
        certificates: DER of those that may have signed it.
        audience: our entity id.
        callback_url: where the provider was told to send it.
        request_id: ID of the request that it answers; None for a sign-in that began at the provider.
        decryption_key: the assertion must be encrypted to this key; None where it must not be encrypted.
    """

    issuer: str
    certificates: tuple[bytes, ...]
    audience: str
    callback_url: str
    request_id: str | None
    now: datetime
    decryption_key: rsa.RSAPrivateKey | None = field(default=None, repr=False)
