"""Signing keys, parsed once and kept: a token costs its signatures and little else.

Each user pool has two RSA-2048 keys, one for ID tokens and one for access tokens, as Cognito has (spec USER_POOLS section
4.1). Making a key takes 40-150 ms, so one spare is made ahead in the background and a pool gets its keys on first use.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from idp.outbound.certificates import certificate_of

if TYPE_CHECKING:
    from idp.services import Clock

USER_POOL_USES = ("id", "access")
IDENTITY_POOLS = "identity-pools"
IDENTITY_POOL_USES = ("openid",)
SAML = "saml:"
SAML_USES = ("saml",)
KEY_BITS = 2048
SPARES = 2

_HASHES = {"RS256": hashes.SHA256(), "RS512": hashes.SHA512()}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, ready to sign.

    Attributes:
        kid: 44 characters, standard Base64 of 32 bytes.
        public_jwk: members of RFC 7517 in alphabetical order, as Cognito prints them.
    """

    kid: str
    private_key: rsa.RSAPrivateKey
    public_jwk: dict[str, str]

    def sign(self, claims: dict[str, Any], *, algorithm: str = "RS256", typ: str | None = None) -> str:
        """Return the compact JWS of the claims.

        The header is `{"kid":…,"alg":…}` in this order; `typ` goes between them, when there is one.

        Source: spec USER_POOLS section 4.1, IDENTITY_POOLS section 7; RFC 7515.
        """
        typed = {} if typ is None else {"typ": typ}
        header = base64url(orjson.dumps({"kid": self.kid, **typed, "alg": algorithm}))
        signed = header + b"." + base64url(orjson.dumps(claims))
        signature = self.private_key.sign(signed, padding.PKCS1v15(), _HASHES[algorithm])
        return (signed + b"." + base64url(signature)).decode()


class KeyRing:
    """The keys of one process."""

    def __init__(
        self,
        rows: Callable[[], AbstractContextManager[Any]],
        clock: Clock,
        *,
        generate: Callable[[], rsa.RSAPrivateKey] | None = None,
    ) -> None:
        """Take a factory of units of work (their `signing_keys` is used) and make no key yet.

        Args:
            generate: makes an RSA-2048 key; tests give keys they made before.
        """
        self._rows = rows
        self._clock = clock
        self._spares = SpareKeys(generate or generate_key)
        self._keys: dict[str, dict[str, SigningKey]] = {}
        self._lock = threading.Lock()

    def signer(self, owner: str, use: str) -> SigningKey:
        """Return the key that signs tokens of one use, made now if the owner has none."""
        return self._of(owner)[use]

    def find_public(self, owner: str, kid: str) -> rsa.RSAPublicKey | None:
        """Return the owner's public key of that id; None when it has none such."""
        for key in self._of(owner).values():
            if key.kid == kid:
                return key.private_key.public_key()
        return None

    def jwks(self, owner: str) -> bytes:
        """Return the owner's JWK Set as JSON (RFC 7517 section 5)."""
        return orjson.dumps({"keys": [key.public_jwk for key in self._of(owner).values()]})

    def saml_certificate(self, owner: str) -> bytes:
        """Return the certificate of an owner's SAML key, made now if it has none.

        Args:
            owner: `saml:<pool id>` for what the pool signs, with `/<provider>` after it for what is encrypted to it.

        Returns:
            DER of an X.509 certificate.
        """
        return certificate_of(self.signer(owner, "saml").private_key, owner, self._clock.now())

    def make_spares(self) -> None:
        """Start making spare keys in the background."""
        self._spares.refill()

    def forget(self) -> None:
        """Drop what is kept: the database was reset."""
        self._keys.clear()

    def _of(self, owner: str) -> dict[str, SigningKey]:
        keys = self._keys.get(owner)
        if keys is None:
            with self._lock:
                keys = self._keys.get(owner) or self._load(owner)
                self._keys[owner] = keys
        return keys

    def _load(self, owner: str) -> dict[str, SigningKey]:
        uses = _uses_of(owner)
        with self._rows() as work:
            stored = work.signing_keys.of_owner(owner)
            missing = [use for use in uses if use not in {each.use for each in stored}]
            for use in missing:
                key = self._spares.take()
                work.signing_keys.add_if_absent(key_id(key.public_key()), owner, use, _der(key), self._clock.now())
            if missing:
                work.commit()
                stored = work.signing_keys.of_owner(owner)
        return {each.use: _parse(each.kid, each.private_key) for each in stored}


def _uses_of(owner: str) -> tuple[str, ...]:
    if owner == IDENTITY_POOLS:
        return IDENTITY_POOL_USES
    return SAML_USES if owner.startswith(SAML) else USER_POOL_USES


class SpareKeys:
    """A stock of keys made ahead by a background thread."""

    def __init__(self, generate: Callable[[], rsa.RSAPrivateKey]) -> None:
        self._generate = generate
        self._stock: SimpleQueue[rsa.RSAPrivateKey] = SimpleQueue()
        self._making = threading.Lock()

    def take(self) -> rsa.RSAPrivateKey:
        """Return a spare key, or make one now; the stock is refilled behind the caller's back."""
        try:
            key = self._stock.get_nowait()
        except Empty:
            return self._generate()
        self.refill()
        return key

    def refill(self) -> None:
        """Fill the stock, in a thread of its own."""
        threading.Thread(target=self._fill, name="spare-keys", daemon=True).start()

    def _fill(self) -> None:
        if not self._making.acquire(blocking=False):
            return
        try:
            while self._stock.qsize() < SPARES:
                self._stock.put(self._generate())
        finally:
            self._making.release()


def generate_key() -> rsa.RSAPrivateKey:
    """Make an RSA key of 2048 bits."""
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def base64url(data: bytes) -> bytes:
    """Return base64url without padding.  Source: RFC 7515 section 2."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def key_id(public_key: rsa.RSAPublicKey) -> str:
    """Return a `kid`: standard Base64 of SHA-256 of the public key, 44 characters."""
    der = public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(der).digest()).decode()


def _der(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _parse(kid: str, der: bytes) -> SigningKey:
    # Checked when it was made; the check alone costs 35 ms (spec PERFORMANCE, advice 5).
    key = serialization.load_der_private_key(der, password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, rsa.RSAPrivateKey)
    return SigningKey(kid, key, public_jwk(kid, key.public_key()))


def public_jwk(kid: str, public_key: rsa.RSAPublicKey) -> dict[str, str]:
    """Return the JWK of a public key, as Cognito prints it.  Source: spec section 4.1; RFC 7518 section 6.3.1."""
    numbers = public_key.public_numbers()
    modulus = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8)
    return {"alg": "RS256", "e": "AQAB", "kid": kid, "kty": "RSA", "n": base64url(modulus).decode(), "use": "sig"}
