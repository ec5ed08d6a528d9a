"""XML Encryption as identity providers do it, and as attackers do."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.federation.saml_provider import NAMESPACES

MGF1P = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
OAEP = "http://www.w3.org/2009/xmlenc11#rsa-oaep"
PKCS1 = "http://www.w3.org/2001/04/xmlenc#rsa-1_5"
CBC_128, CBC_256 = (f"http://www.w3.org/2001/04/xmlenc#aes{bits}-cbc" for bits in (128, 256))
GCM_128, GCM_256 = (f"http://www.w3.org/2009/xmlenc11#aes{bits}-gcm" for bits in (128, 256))
SHA256_DIGEST = '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
SHA256_MASK = '<xenc11:MGF xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" Algorithm="http://www.w3.org/2009/xmlenc11#mgf1sha256"/>'

SHA1_OAEP = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)

_KEY_BYTES = {CBC_128: 16, CBC_256: 32, GCM_128: 16, GCM_256: 32}


def _same(xml: str) -> str:
    return xml


@dataclass(frozen=True)
class Encryption:
    """How an assertion is encrypted.

    Attributes:
        certificate: DER, of whom it is encrypted to.
        key_method: children of the EncryptedKey's EncryptionMethod.
        is_key_beside: the EncryptedKey stands beside the EncryptedData, not within.
        change: changes the XML of the EncryptedAssertion.
    """

    certificate: bytes
    data: str = GCM_256
    key: str = MGF1P
    scheme: padding.AsymmetricPadding = field(default_factory=lambda: SHA1_OAEP)
    key_method: str = ""
    is_key_beside: bool = False
    change: Callable[[str], str] = _same

    def __call__(self, plaintext: bytes) -> bytes:
        """Return the XML of an EncryptedAssertion."""
        content_key = secrets.token_bytes(_KEY_BYTES[self.data])
        key = self._encrypted_key(content_key)
        within = "" if self.is_key_beside else f'<ds:KeyInfo xmlns:ds="{NAMESPACES["ds"]}">{key}</ds:KeyInfo>'
        return self.change(
            f'<saml:EncryptedAssertion xmlns:saml="{NAMESPACES["saml"]}">'
            f'<xenc:EncryptedData xmlns:xenc="{NAMESPACES["xenc"]}" Type="{NAMESPACES["xenc"]}Element">'
            f'<xenc:EncryptionMethod Algorithm="{self.data}"/>{within}'
            f"{_cipher_data(_encrypted(self.data, content_key, plaintext))}</xenc:EncryptedData>"
            f"{key if self.is_key_beside else ''}</saml:EncryptedAssertion>"
        ).encode()

    def _encrypted_key(self, content_key: bytes) -> str:
        public_key = x509.load_der_x509_certificate(self.certificate).public_key()
        assert isinstance(public_key, rsa.RSAPublicKey)
        return (
            f'<xenc:EncryptedKey xmlns:xenc="{NAMESPACES["xenc"]}"><xenc:EncryptionMethod Algorithm="{self.key}" '
            f'xmlns:ds="{NAMESPACES["ds"]}">{self.key_method}</xenc:EncryptionMethod>'
            f"{_cipher_data(public_key.encrypt(content_key, self.scheme))}</xenc:EncryptedKey>"
        )

    def by(self, **changes: object) -> Encryption:
        """Return another way to encrypt."""
        return replace(self, **changes)  # type: ignore[arg-type]


def _encrypted(algorithm: str, key: bytes, plaintext: bytes) -> bytes:
    if algorithm in {GCM_128, GCM_256}:
        nonce = secrets.token_bytes(12)
        return nonce + AESGCM(key).encrypt(nonce, plaintext, None)
    count = 16 - len(plaintext) % 16
    initial = secrets.token_bytes(16)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(initial)).encryptor()
    return initial + encryptor.update(plaintext + bytes(count - 1) + bytes([count])) + encryptor.finalize()


def _cipher_data(data: bytes) -> str:
    return f"<xenc:CipherData><xenc:CipherValue>{base64.b64encode(data).decode()}</xenc:CipherValue></xenc:CipherData>"
