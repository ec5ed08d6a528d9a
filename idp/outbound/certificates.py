"""Certificates for SAML: self-signed ones over keys of ours, which nobody need keep.

A certificate follows from its key and the year alone, so that every process shows the same: valid for ten years, another
one each year over the same key, the older ones good as before.

Source: AWS API_GetSigningCertificate; RFC 5280 section 4.1; spec USER_POOLS section 10.6.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

LIFETIME_YEARS = 10
_SERIAL_BYTES = 16


def certificate_of(key: rsa.RSAPrivateKey, owner: str, moment: datetime) -> bytes:
    """Return the year's certificate of a key.

    Args:
        owner: whom the key ring knows by the key; told by its digest, since names have at most 64 characters.

    Returns:
        DER.  PKCS #1 v1.5 signatures are deterministic: the same year gives the same bytes.
    """
    begins = datetime(moment.year, 1, 1, tzinfo=UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"idp {_digest(owner.encode()).hex()}")])
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(_digest(public + str(begins.year).encode())) | 1)
        .not_valid_before(begins)
        .not_valid_after(begins.replace(year=begins.year + LIFETIME_YEARS))
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.DER)


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:_SERIAL_BYTES]
