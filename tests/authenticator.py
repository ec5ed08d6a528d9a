"""A passkey provider made of software: the browser's and the authenticator's half of WebAuthn, written from the standard.

It shares no code with the server but the CBOR library, and does as it is told, also what no real one would do.
Source: W3C WebAuthn Level 3 sections 5.8.1, 6.1 and 6.5.
"""

from __future__ import annotations

import json
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
ANONYMOUS = bytes(16)


def encode(raw: bytes) -> str:
    """Return base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Return the bytes of base64url without padding."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """One authenticator with one passkey; its fields may be changed between uses.

    Attributes:
        origin: of the page that calls it.
        algorithm: ES256, RS256, or ES384 that nobody asks for.
        sign_count: None for one that does not count.
    """

    origin: str = "http://localhost:3000"
    algorithm: Literal["ES256", "RS256", "ES384"] = "ES256"
    verifies_user: bool = True
    is_user_present: bool = True
    is_framed: bool = False
    sign_count: int | None = 0
    aaguid: bytes = ANONYMOUS
    credential_id: bytes = b"a passkey of the tests"
    relying_party_id: str | None = None
    user_handle: bytes = b""
    _keys: dict[str, Any] = field(default_factory=dict, repr=False)

    def create(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Make a passkey; return RegistrationResponseJSON."""
        self.user_handle = decode(options["user"]["id"])
        data = self._authenticator_data(options["rp"]["id"], attested=self._attested())
        client_data = self._client_data("webauthn.create", options["challenge"])
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._credential(
            {
                "clientDataJSON": encode(client_data),
                "attestationObject": encode(attestation),
                "transports": ["internal", "hybrid"],
            }
        )

    def sign(self, request_options: str) -> str:
        """Sign a challenge; return AuthenticationResponseJSON as text."""
        options = json.loads(request_options)
        if self.sign_count is not None:
            self.sign_count += 1
        data = self._authenticator_data(options["rpId"])
        client_data = self._client_data("webauthn.get", options["challenge"])
        signature = self._signed(data + sha256(client_data).digest())
        return json.dumps(
            self._credential(
                {
                    "clientDataJSON": encode(client_data),
                    "authenticatorData": encode(data),
                    "signature": encode(signature),
                    "userHandle": encode(self.user_handle),
                }
            )
        )

    def hold(self, algorithm: str, key: Any) -> None:
        """Use a key that was made elsewhere."""
        self._keys[algorithm] = key

    def _credential(self, response: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "id": encode(self.credential_id),
            "rawId": encode(self.credential_id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }

    def _client_data(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.is_framed}
        return json.dumps(told).encode()

    def _authenticator_data(self, relying_party_id: str, *, attested: bytes = b"") -> bytes:
        flags = (
            (PRESENT if self.is_user_present else 0)
            | (VERIFIED if self.verifies_user else 0)
            | (ATTESTED if attested else 0)
        )
        party = sha256((self.relying_party_id or relying_party_id).encode()).digest()
        return party + struct.pack(">BI", flags, self.sign_count or 0) + attested

    def _attested(self) -> bytes:
        return self.aaguid + struct.pack(">H", len(self.credential_id)) + self.credential_id + self._public_key()

    def _key(self) -> Any:
        if self.algorithm not in self._keys:
            self._keys[self.algorithm] = _new_key(self.algorithm)
        return self._keys[self.algorithm]

    def _public_key(self) -> bytes:
        """Return the COSE_Key.  Source: RFC 9053 sections 2.1 and 7.1.1, RFC 8812 section 2."""
        numbers = self._key().public_key().public_numbers()
        if self.algorithm == "RS256":
            modulus = numbers.n.to_bytes(256)
            return cbor2.dumps({1: 3, 3: -257, -1: modulus, -2: numbers.e.to_bytes(3)})
        algorithm, curve, size = (-7, 1, 32) if self.algorithm == "ES256" else (-35, 2, 48)
        return cbor2.dumps({1: 2, 3: algorithm, -1: curve, -2: numbers.x.to_bytes(size), -3: numbers.y.to_bytes(size)})

    def _signed(self, message: bytes) -> bytes:
        if self.algorithm == "RS256":
            return bytes(self._key().sign(message, padding.PKCS1v15(), SHA256()))
        return bytes(self._key().sign(message, ec.ECDSA(SHA256())))


def _new_key(algorithm: str) -> Any:
    if algorithm == "RS256":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1() if algorithm == "ES256" else ec.SECP384R1())
