"""Authenticated encryption of what the database and clients hold, under keys derived from the master key.

AES-256-GCM with a random 96-bit nonce; one derived key for each purpose (HKDF-SHA256, RFC 5869), so that a text sealed for
one purpose never opens for another. `context` is bound in as associated data: a sealed column cannot be moved to another row.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import threading

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
VERSION = b"\x01"


class SealBroken(Exception):
    """The text is forged, cut, of another purpose or context, or sealed under another master key."""


class Sealer:
    """Seals and opens under one master key."""

    def __init__(self, master_key: bytes) -> None:
        """Take 32 random bytes."""
        if len(master_key) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes")
        self._master_key = master_key
        self._ciphers: dict[str, AESGCM] = {}
        self._mac_keys: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def seal(self, purpose: str, plaintext: bytes, *, context: bytes = b"") -> str:
        """Return base64url text without padding that holds the encrypted bytes.

        Args:
            purpose: names the derived key, e.g. `client-secret`.
            context: what the text belongs to, e.g. a row's id; not in the text, but needed to open it.
        """
        nonce = os.urandom(NONCE_BYTES)
        sealed = VERSION + nonce + self._cipher(purpose).encrypt(nonce, plaintext, context)
        return _encoded(sealed)

    def open(self, purpose: str, sealed: str, *, context: bytes = b"") -> bytes:
        """Return what was sealed.

        Raises:
            SealBroken: for anything that `seal` did not make for this purpose and context.
        """
        try:
            raw = base64.b64decode(sealed.encode("ascii") + b"=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError, ValueError) as error:
            raise SealBroken from error
        if raw[:1] != VERSION or len(raw) <= NONCE_BYTES or _encoded(raw) != sealed:
            raise SealBroken
        try:
            return self._cipher(purpose).decrypt(raw[1 : NONCE_BYTES + 1], raw[NONCE_BYTES + 1 :], context)
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error

    def mac(self, purpose: str, message: bytes) -> bytes:
        """Return the 32 bytes of HMAC-SHA256 under the purpose's own key: keyed digests, stable fakes."""
        key = self._mac_keys.get(purpose)
        if key is None:
            key = self._mac_keys[purpose] = self._derive(f"mac:{purpose}")
        return hmac.digest(key, message, hashlib.sha256)

    def _cipher(self, purpose: str) -> AESGCM:
        cipher = self._ciphers.get(purpose)
        if cipher is None:
            with self._lock:
                cipher = self._ciphers.setdefault(purpose, AESGCM(self._derive(f"seal:{purpose}")))
        return cipher

    def _derive(self, label: str) -> bytes:
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"idp:{label}".encode()).derive(
            self._master_key
        )


def _encoded(sealed: bytes) -> str:
    """Return base64url without padding; bytes have one such text, though decoders take several (RFC 4648 section 3.5)."""
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
