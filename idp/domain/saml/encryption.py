"""Assertions that are encrypted to a key of ours.

Whatever goes wrong is told by one sentence, which the caller also uses for what is wrong with the plaintext until its
signature is verified: who changes a ciphertext learns nothing of what was in it.  RSA PKCS #1 v1.5 is not accepted for
the same reason.  (SHA-1 within OAEP is no signature, and sound there.)

Source: XML Encryption 1.1 sections 5.2, 5.4 and 5.5; T. Jager, J. Somorovsky, "How to Break XML Encryption".
"""

from __future__ import annotations

import base64

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from idp.domain.saml.documents import the_only
from idp.domain.saml.names import ENCRYPTION, ENCRYPTION_11, SIGNATURE
from idp.domain.saml.refusal import SamlRefused

UNREADABLE = "The encrypted assertion cannot be read"

OAEP_MGF1P = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
OAEP = "http://www.w3.org/2009/xmlenc11#rsa-oaep"
CBC = {"http://www.w3.org/2001/04/xmlenc#aes128-cbc": 16, "http://www.w3.org/2001/04/xmlenc#aes256-cbc": 32}
GCM = {"http://www.w3.org/2009/xmlenc11#aes128-gcm": 16, "http://www.w3.org/2009/xmlenc11#aes256-gcm": 32}
"""Algorithm -> bytes of its key."""

_SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"
_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    _SHA1: hashes.SHA1(),  # noqa: S303 - within OAEP, where it is sound and the default
    "http://www.w3.org/2001/04/xmlenc#sha256": hashes.SHA256(),
    "http://www.w3.org/2001/04/xmlenc#sha512": hashes.SHA512(),
}
_MGF1_SHA1 = "http://www.w3.org/2009/xmlenc11#mgf1sha1"
_MASKS: dict[str, hashes.HashAlgorithm] = {
    _MGF1_SHA1: hashes.SHA1(),  # noqa: S303 - as above
    "http://www.w3.org/2009/xmlenc11#mgf1sha256": hashes.SHA256(),
    "http://www.w3.org/2009/xmlenc11#mgf1sha512": hashes.SHA512(),
}
_BLOCK = 16
_GCM_NONCE = 12


def decrypt(encrypted: etree._Element, key: rsa.RSAPrivateKey) -> bytes:
    """Return the document within an EncryptedAssertion.

    Raises:
        SamlRefused.
    """
    try:
        data = the_only(encrypted, f"{ENCRYPTION}EncryptedData")
        keys = list(encrypted.iter(f"{ENCRYPTION}EncryptedKey"))
        if len(keys) != 1:
            raise SamlRefused("There must be one EncryptedKey")
        return _plaintext(data, _content_key(keys[0], key))
    except (SamlRefused, ValueError, KeyError, InvalidTag, UnsupportedAlgorithm) as error:
        raise SamlRefused(UNREADABLE) from error


def _content_key(encrypted_key: etree._Element, key: rsa.RSAPrivateKey) -> bytes:
    method = the_only(encrypted_key, f"{ENCRYPTION}EncryptionMethod")
    digest = _DIGESTS[_algorithm(method, f"{SIGNATURE}DigestMethod", _SHA1)]
    algorithm = method.get("Algorithm")
    if algorithm not in {OAEP, OAEP_MGF1P}:
        raise SamlRefused("The key is encrypted by another algorithm")
    mask = _algorithm(method, f"{ENCRYPTION_11}MGF", _MGF1_SHA1) if algorithm == OAEP else _MGF1_SHA1
    label = method.findtext(f"{ENCRYPTION}OAEPparams")
    scheme = padding.OAEP(padding.MGF1(_MASKS[mask]), digest, _octets(label) if label else None)
    return key.decrypt(_cipher_value(encrypted_key), scheme)


def _algorithm(method: etree._Element, name: str, default: str) -> str:
    found = method.find(name)
    return default if found is None else found.get("Algorithm", "")


def _plaintext(data: etree._Element, key: bytes) -> bytes:
    algorithm = the_only(data, f"{ENCRYPTION}EncryptionMethod").get("Algorithm", "")
    ciphertext = _cipher_value(data)
    if len(key) != {**CBC, **GCM}[algorithm]:
        raise SamlRefused("The key has another length")
    if algorithm in GCM:
        return AESGCM(key).decrypt(ciphertext[:_GCM_NONCE], ciphertext[_GCM_NONCE:], None)
    decryptor = Cipher(algorithms.AES(key), modes.CBC(ciphertext[:_BLOCK])).decryptor()
    return _without_padding(decryptor.update(ciphertext[_BLOCK:]) + decryptor.finalize())


def _without_padding(padded: bytes) -> bytes:
    """Cut off the last block's padding, of which only the last byte tells something.  Source: XML Encryption 5.2.2."""
    count = padded[-1] if padded else 0
    if not 1 <= count <= _BLOCK:
        raise SamlRefused("The padding is malformed")
    return padded[:-count]


def _cipher_value(element: etree._Element) -> bytes:
    value = the_only(the_only(element, f"{ENCRYPTION}CipherData"), f"{ENCRYPTION}CipherValue")
    return _octets(value.text or "")


def _octets(text: str) -> bytes:
    return base64.b64decode("".join(text.split()), validate=True)
