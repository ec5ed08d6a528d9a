"""Attacks on a service provider: none of these answers is taken.

Source: OWASP "SAML Security Cheat Sheet"; SAML Raider; CERT VU#475445.
"""

from __future__ import annotations

import base64
from copy import deepcopy

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod

from idp.domain.oauth_error import AuthorizationRefused
from tests.federation import saml_wrapping as wrapping
from tests.federation.saml_provider import NAMESPACES, Change, SamlProvider
from tests.federation.saml_relation import Relation, disbelieved
from tests.federation.saml_wrapping import ANOTHER, the

INVALID = "The signature is not valid"
ABOUT_ANOTHER = "The signature is about another element"
ONE_ASSERTION = "There must be one assertion"
UNREADABLE_XML = "The message is no XML that is read here"
UNSIGNED = "Neither the Response nor the assertion is signed"

DS = f"{{{NAMESPACES['ds']}}}"


@pytest.mark.parametrize(
    ("signed", "attack", "reason"),
    [
        ("response", wrapping.original_response_in_signature, ABOUT_ANOTHER),
        ("response", wrapping.original_response_beside_signature, ABOUT_ANOTHER),
        ("assertion", wrapping.forged_assertion_first, ONE_ASSERTION),
        ("assertion", wrapping.forged_assertion_around, ONE_ASSERTION),
        ("assertion", wrapping.forged_assertion_with_the_signature, ONE_ASSERTION),
        ("assertion", wrapping.original_assertion_in_signature, ONE_ASSERTION),
        ("assertion", wrapping.forged_assertion_in_extensions, ONE_ASSERTION),
        ("assertion", wrapping.original_assertion_in_object, ONE_ASSERTION),
    ],
)
def test_a_signature_is_good_for_nothing_but_what_it_was_made_for(
    relation: Relation, signed: str, attack: Change, reason: str
) -> None:
    with disbelieved(reason):
        relation.read(relation.answer(signed=signed, after_signing=attack))


def keep_the_id(response: etree._Element) -> None:
    wrapping.forged_assertion_first(response)
    the(response, "saml:Assertion").set("ID", "_assertion1")


def name_somebody_else(response: etree._Element) -> None:
    the(response, ".//saml:NameID").text = ANOTHER


def add_a_group(response: etree._Element) -> None:
    values = response.findall(".//saml:AttributeValue", NAMESPACES)
    values[-1].text = "superusers"


def replace_the_assertion(response: etree._Element) -> None:
    wrapping.forge(the(response, "saml:Assertion"))


def drop_the_signature(response: etree._Element) -> None:
    assertion = the(response, "saml:Assertion")
    assertion.remove(the(assertion, "ds:Signature"))


def move_the_signature_to_the_response(response: etree._Element) -> None:
    name_somebody_else(response)
    response.insert(1, the(response, "saml:Assertion/ds:Signature"))


def refer_to_everything(response: etree._Element) -> None:
    the(response, ".//ds:Reference").set("URI", "")


def add_a_reference(response: etree._Element) -> None:
    reference = the(response, ".//ds:Reference")
    reference.addnext(deepcopy(reference))


def add_a_signature(response: etree._Element) -> None:
    signature = the(response, ".//ds:Signature")
    signature.addnext(deepcopy(signature))


def hide_a_signature(response: etree._Element) -> None:
    the(response, ".//saml:AttributeValue").append(deepcopy(the(response, ".//ds:Signature")))


def add_an_object(response: etree._Element) -> None:
    etree.SubElement(the(response, ".//ds:Signature"), f"{DS}Object").text = "anything"


def transform_by(algorithm: str) -> Change:
    """Return the change that puts one more transform between what is signed and what is digested."""

    def change(response: etree._Element) -> None:
        etree.SubElement(the(response, ".//ds:Transforms"), f"{DS}Transform", Algorithm=algorithm)

    return change


def digest_by_transform(response: etree._Element) -> None:
    transforms = the(response, ".//ds:Transforms")
    transforms[0].set("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")


def empty_the_signature_value(response: etree._Element) -> None:
    the(response, ".//ds:SignatureValue").text = ""


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        (keep_the_id, "An ID stands twice"),
        (name_somebody_else, INVALID),
        (add_a_group, INVALID),
        (replace_the_assertion, ABOUT_ANOTHER),
        (drop_the_signature, UNSIGNED),
        (move_the_signature_to_the_response, ABOUT_ANOTHER),
        (refer_to_everything, ABOUT_ANOTHER),
        (add_a_reference, "There must be one Reference"),
        (add_a_signature, "There must be one Signature"),
        (hide_a_signature, "There are signatures where none belong"),
        (add_an_object, "The signature uses other means than SAML allows"),
        (transform_by("http://www.w3.org/TR/1999/REC-xslt-19991116"), "The signature uses other transforms than SAML allows"),
        (transform_by("http://www.w3.org/TR/1999/REC-xpath-19991116"), "The signature uses other transforms than SAML allows"),
        (transform_by("http://www.w3.org/2002/06/xmldsig-filter2"), "The signature uses other transforms than SAML allows"),
        (digest_by_transform, "The signature uses other transforms than SAML allows"),
        (empty_the_signature_value, INVALID),
    ],
)  # fmt: skip
def test_an_answer_that_was_changed_after_signing_is_refused(relation: Relation, attack: Change, reason: str) -> None:
    with disbelieved(reason):
        relation.read(relation.answer(after_signing=attack))


@pytest.mark.parametrize("attack", [name_somebody_else, replace_the_assertion, add_a_group])
def test_an_assertion_is_not_replaced_within_a_signed_response(relation: Relation, attack: Change) -> None:
    with disbelieved(INVALID):
        relation.read(relation.answer(signed="response", after_signing=attack))


def consent(response: etree._Element) -> None:
    response.set("Consent", "urn:oasis:names:tc:SAML:2.0:consent:obtained")


def test_of_two_signatures_both_must_hold(relation: Relation) -> None:
    with disbelieved(INVALID):
        relation.read(relation.answer(signed="both", after_signing=consent))


def test_an_answer_that_nobody_signed_is_refused(relation: Relation) -> None:
    with disbelieved(UNSIGNED):
        relation.read(relation.answer(signed=""))


@pytest.mark.parametrize("signed", ["assertion", "response"])
def test_a_strangers_key_signs_nothing_whatever_key_info_says(relation: Relation, signed: str) -> None:
    stranger = SamlProvider()

    with disbelieved(INVALID):
        relation.read(stranger.answer(relation.saying(signed=signed)))


def test_an_assertion_signed_by_a_stranger_is_no_better_in_a_signed_response(relation: Relation) -> None:
    def swap(response: etree._Element) -> None:
        theirs = etree.fromstring(SamlProvider().document(relation.saying()))
        response.replace(the(response, "saml:Assertion"), the(theirs, "saml:Assertion"))

    with disbelieved(INVALID):
        relation.read(relation.answer(signed="response", before_signing=swap))


@pytest.mark.parametrize(
    ("method", "digest"),
    [
        (SignatureMethod.RSA_SHA1, DigestAlgorithm.SHA1),
        (SignatureMethod.RSA_SHA1, DigestAlgorithm.SHA256),
        (SignatureMethod.RSA_SHA256, DigestAlgorithm.SHA1),
    ],
)
def test_sha_1_signs_nothing(relation: Relation, method: SignatureMethod, digest: DigestAlgorithm) -> None:
    with disbelieved(INVALID):
        relation.read(relation.answer(method=method, digest=digest))


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_the_public_key_is_no_secret_of_hmac(relation: Relation, encoding: Encoding) -> None:
    public_key = relation.upstream.key.public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)

    with disbelieved(INVALID):
        relation.read(relation.answer(method=SignatureMethod.HMAC_SHA256, key=public_key))


def test_the_certificate_is_no_secret_of_hmac(relation: Relation) -> None:
    certificate = x509.load_der_x509_certificate(relation.upstream.certificate).public_bytes(Encoding.PEM)

    with disbelieved(INVALID):
        relation.read(relation.answer(method=SignatureMethod.HMAC_SHA256, key=certificate))


@pytest.mark.parametrize(
    "canonicalization", [CanonicalizationMethod.CANONICAL_XML_1_0, CanonicalizationMethod.CANONICAL_XML_1_1]
)
def test_only_exclusive_canonicalization_is_taken(relation: Relation, canonicalization: CanonicalizationMethod) -> None:
    with disbelieved("The signature uses other transforms than SAML allows"):
        relation.read(relation.answer(canonicalization=canonicalization))


def cut_the_name_by_a_comment(response: etree._Element) -> None:
    name_id = the(response, ".//saml:NameID")
    name_id.text = "ann@corp.example"
    comment = etree.Comment("cut")
    comment.tail = ".evil.example"
    name_id.append(comment)


def test_a_comment_cuts_no_name(relation: Relation) -> None:
    answer = relation.answer(subject="ann@corp.example.evil.example", after_signing=cut_the_name_by_a_comment)

    identity = relation.read(answer)

    assert identity.subject == "ann@corp.example.evil.example"


def test_a_comment_cuts_no_attribute(relation: Relation) -> None:
    document = relation.upstream.document(relation.saying(attributes={"email": ["ann@corp.example.evil.example"]}))

    identity = relation.read_document(document.replace(b"ann@corp.example.evil", b"ann@corp.example<!-- -->.evil"))

    assert identity.claims["email"] == "ann@corp.example.evil.example"


def test_character_data_sections_cut_no_name(relation: Relation) -> None:
    document = relation.upstream.document(relation.saying(subject="ann@corp.example.evil.example"))

    identity = relation.read_document(document.replace(b"ann@corp.example.evil", b"ann@corp<![CDATA[.example]]>.evil"))

    assert identity.subject == "ann@corp.example.evil.example"


ENTITIES = (
    '<!DOCTYPE r [<!ENTITY a "ann"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    "prologue",
    [
        "<!DOCTYPE r>",
        ENTITIES,
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r SYSTEM "https://evil.example/x.dtd">',
        '<!DOCTYPE r [<!ENTITY % x SYSTEM "https://evil.example/x.dtd"> %x;]>',
        '<!DOCTYPE r [<!ATTLIST saml:Assertion ID CDATA "_assertion1">]>',
    ],
    ids=["empty", "many laughs", "file", "external", "parameter", "default attributes"],
)
def test_document_types_are_refused(relation: Relation, prologue: str) -> None:
    document = relation.upstream.document(relation.saying()).decode()

    with disbelieved(UNREADABLE_XML):
        relation.read_document(f"{prologue}{document}")


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"no XML",
        b"<samlp:Response>",
        b"<a>" * 100_000,
        b"<a>" * 65 + b"</a>" * 65,
        "<?xml version='1.0' encoding='UTF-16'?><a/>".encode("utf-16"),
        b"\xff\xfe<\x00a\x00/\x00>\x00",
        b"<a>\x00</a>",
        b"<a>&undeclared;</a>",
    ],
    ids=["nothing", "text", "no namespace", "endless", "deep", "UTF-16", "UTF-16 unnamed", "NUL", "entity"],
)
def test_what_is_no_xml_is_refused(relation: Relation, document: bytes) -> None:
    with pytest.raises(AuthorizationRefused):
        relation.read_document(document)


def test_processing_instructions_are_refused(relation: Relation) -> None:
    document = relation.upstream.document(relation.saying())

    with disbelieved("The message holds processing instructions"):
        relation.read_document(document.replace(b"<samlp:Status>", b"<?php x?><samlp:Status>"))


def test_what_is_too_long_is_refused_before_it_is_read(relation: Relation) -> None:
    with disbelieved("The message has more than 100000 characters"):
        relation.read("A" * 100_001)


@pytest.mark.parametrize("message", ["", "?", "PGE+", "é", "PGEvPg=", "\x00"])
def test_what_is_no_base64_of_a_message_is_refused(relation: Relation, message: str) -> None:
    with pytest.raises(AuthorizationRefused):
        relation.read(message)


def test_another_message_of_the_provider_is_no_answer(relation: Relation) -> None:
    message = relation.upstream.logout_response("_request1", relation.saying().callback_url)

    with disbelieved("The message is not a Response"):
        relation.read(message)


def test_an_assertion_alone_is_no_answer(relation: Relation) -> None:
    assertion = the(etree.fromstring(relation.upstream.document(relation.saying())), "saml:Assertion")

    with disbelieved("The message is not a Response"):
        relation.read(base64.b64encode(etree.tostring(assertion)).decode())
