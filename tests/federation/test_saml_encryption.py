"""Assertions that are encrypted to a provider's certificate.  Source: XML Encryption 1.1; spec USER_POOLS section 10.6."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from tests.federation import saml_encryption as xml
from tests.federation.saml_encryption import SHA1_OAEP, Encryption
from tests.federation.saml_provider import SamlProvider
from tests.federation.saml_relation import Relation, disbelieved

UNREADABLE = "The encrypted assertion cannot be read"
SHA256_OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
MIXED_OAEP = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA256(), None)
LABELLED_OAEP = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), b"label")
LABEL = f"<xenc:OAEPparams>{base64.b64encode(b'label').decode()}</xenc:OAEPparams>"


@pytest.fixture
def encrypting(relation: Relation) -> Relation:
    """The relation, set up for encrypted assertions."""
    return relation.set_up(EncryptedResponses="true")


@pytest.fixture
def encryption(encrypting: Relation) -> Encryption:
    """How the provider encrypts: to the certificate that it was given."""
    return Encryption(encrypting.services.keyring.saml_certificate(encrypting.provider.encryption_owner))


@pytest.mark.parametrize("data", [xml.CBC_128, xml.CBC_256, xml.GCM_128, xml.GCM_256])
@pytest.mark.parametrize(
    "key",
    [
        {},
        {"key": xml.MGF1P, "scheme": MIXED_OAEP, "key_method": xml.SHA256_DIGEST},
        {"key": xml.OAEP, "scheme": SHA1_OAEP},
        {"key": xml.OAEP, "scheme": SHA256_OAEP, "key_method": xml.SHA256_DIGEST + xml.SHA256_MASK},
        {"scheme": LABELLED_OAEP, "key_method": LABEL},
        {"is_key_beside": True},
    ],
    ids=["mgf1p", "mgf1p SHA-256", "oaep", "oaep SHA-256", "label", "key beside"],
)
def test_an_encrypted_assertion_is_read(
    encrypting: Relation, encryption: Encryption, data: str, key: dict[str, Any]
) -> None:
    identity = encrypting.read(encrypting.answer(encrypt=encryption.by(data=data, **key)))

    assert identity.subject == "ann@corp.example"


@pytest.mark.parametrize("signed", ["response", "both"])
def test_the_signature_of_the_response_vouches_for_what_is_encrypted(
    encrypting: Relation, encryption: Encryption, signed: str
) -> None:
    assert encrypting.read(encrypting.answer(encrypt=encryption, signed=signed)).subject == "ann@corp.example"


def test_a_plain_assertion_is_refused_where_encrypted_ones_are_asked_for(encrypting: Relation) -> None:
    with disbelieved("The assertion must be encrypted"):
        encrypting.read(encrypting.answer())


def test_an_encrypted_assertion_is_refused_where_none_was_asked_for(relation: Relation, encryption: Encryption) -> None:
    with disbelieved("The provider is not set up for encrypted assertions"):
        relation.read(relation.answer(encrypt=encryption))


def test_who_knows_the_certificate_can_encrypt_and_vouch_for_nothing(
    encrypting: Relation, encryption: Encryption
) -> None:
    with disbelieved(UNREADABLE):
        encrypting.read(encrypting.answer(encrypt=encryption, signed=""))


def flip(position: int) -> Any:
    """Return the change that flips a bit of the encrypted data, `position` bytes from its end."""

    def change(document: str) -> str:
        start = document.rindex("<xenc:CipherValue>") + len("<xenc:CipherValue>")
        end = document.index("<", start)
        data = bytearray(base64.b64decode(document[start:end]))
        data[-position] ^= 1
        return document[:start] + base64.b64encode(bytes(data)).decode() + document[end:]

    return change


def replaced(old: str, new: str) -> Any:
    """Return the change that puts another text for the first that matches."""
    return lambda document: re.sub(old, new, document, count=1)


@pytest.mark.parametrize(
    "changes",
    [
        {"data": xml.CBC_256, "change": flip(1)},
        {"data": xml.CBC_256, "change": flip(17)},
        {"data": xml.CBC_256, "change": flip(200)},
        {"data": xml.GCM_256, "change": flip(1)},
        {"data": xml.CBC_256, "change": replaced("aes256-cbc", "aes128-cbc")},
        {"data": xml.CBC_128, "change": replaced("aes128-cbc", "tripledes-cbc")},
        {"change": replaced(' Algorithm="[^"]*-gcm"', "")},
        {"key": xml.PKCS1, "scheme": padding.PKCS1v15()},
        {"scheme": SHA256_OAEP},
        {"key_method": xml.SHA256_DIGEST.replace("sha256", "md5")},
        {"key": xml.OAEP, "key_method": xml.SHA256_MASK.replace("mgf1sha256", "mgf2")},
        {"key_method": "<xenc:OAEPparams>?</xenc:OAEPparams>"},
        {"change": replaced("<xenc:CipherValue>", "<xenc:CipherValue>!")},
        {"change": replaced("<xenc:EncryptedKey.*</xenc:EncryptedKey>", "")},
        {"change": replaced("(<xenc:EncryptedKey.*</xenc:EncryptedKey>)", r"\1\1")},
        {"change": replaced("(<xenc:EncryptedData.*</xenc:EncryptedData>)", r"\1\1")},
        {"change": replaced("<xenc:CipherData>.*?</xenc:CipherData>", "")},
        {"change": replaced("<xenc:CipherValue>[^<]*<", "<xenc:CipherValue><")},
    ],
)  # fmt: skip
def test_whatever_is_wrong_with_a_ciphertext_is_told_by_the_same_words(
    encrypting: Relation, encryption: Encryption, changes: dict[str, Any]
) -> None:
    with disbelieved(UNREADABLE):
        encrypting.read(encrypting.answer(encrypt=encryption.by(**changes)))


@pytest.mark.parametrize("plaintext", [b"", b"no XML", b"<a/>", b"<!DOCTYPE a><a/>"])
def test_what_is_wrong_with_the_plaintext_is_told_by_the_same_words(
    encrypting: Relation, encryption: Encryption, plaintext: bytes
) -> None:
    with disbelieved(UNREADABLE):
        encrypting.read(encrypting.answer(encrypt=lambda _: encryption(plaintext)))


def test_an_assertion_that_a_stranger_signed_is_told_by_the_same_words(
    encrypting: Relation, encryption: Encryption
) -> None:
    with disbelieved(UNREADABLE):
        encrypting.read(SamlProvider().answer(encrypting.saying(encrypt=encryption)))


def test_an_assertion_within_an_assertion_is_refused(encrypting: Relation, encryption: Encryption) -> None:
    def nested(assertion: bytes) -> bytes:
        return encryption(assertion.replace(b"</saml:Assertion>", assertion + b"</saml:Assertion>"))

    with disbelieved(UNREADABLE):
        encrypting.read(encrypting.answer(encrypt=nested))


def test_a_plain_assertion_beside_an_encrypted_one_is_refused(encrypting: Relation, encryption: Encryption) -> None:
    document = encrypting.upstream.document(encrypting.saying(encrypt=encryption))
    plain = encrypting.upstream.document(encrypting.saying(assertion_id="_assertion2"))
    start, end = plain.index(b"<saml:Assertion"), plain.index(b"</samlp:Response>")

    with disbelieved("There must be one assertion"):
        encrypting.read_document(document.replace(b"</samlp:Response>", plain[start:end] + b"</samlp:Response>"))
