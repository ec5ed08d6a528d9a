"""Sign-in at a SAML identity provider: what it is asked, and what its answers tell."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod

from idp.domain.provider_kinds import NAME_ID
from idp.services import Services
from tests.fakes import FakeClock
from tests.federation.saml_provider import SIGN_ON, SamlProvider, read_request
from tests.federation.saml_relation import CALLBACK, NAME, Relation, relate


def test_a_provider_is_asked_for_an_answer_by_post(relation: Relation) -> None:
    request = read_request(relation.sign_on_url())

    assert request.endpoint == SIGN_ON
    assert request.relay_state == "the state"
    assert request.issuer == f"urn:amazon:cognito:sp:{relation.user_pool.id}"
    assert dict(request.xml.attrib) == {
        "ID": "_request1",
        "Version": "2.0",
        "IssueInstant": "2026-03-02T12:00:00Z",
        "Destination": SIGN_ON,
        "AssertionConsumerServiceURL": CALLBACK,
        "ProtocolBinding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
    }


def test_requests_are_signed_only_where_the_provider_asks_for_it(relation: Relation) -> None:
    certificate = relation.services.keyring.saml_certificate(relation.user_pool.saml_owner)
    signing = relation.set_up(RequestSigningAlgorithm="rsa-sha256")

    assert read_request(relation.sign_on_url()).signed == ""
    assert read_request(signing.sign_on_url(), certificate).signed == (
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    )


@pytest.mark.parametrize("signed", ["assertion", "response", "both"])
def test_a_signed_answer_tells_who_signs_in(relation: Relation, signed: str) -> None:
    identity = relation.read(relation.answer(signed=signed))

    assert identity.subject == "ann@corp.example"
    assert identity.session_index == "_session1"
    assert identity.assertion_id == "_assertion1"


def test_attributes_are_texts_or_lists_of_texts_by_their_names(relation: Relation) -> None:
    attributes = {"email": ["ann@corp.example"], "groups": ["staff", "admins"], "empty": [""], "none": []}

    identity = relation.read(relation.answer(attributes=attributes))

    assert identity.claims == {
        NAME_ID: "ann@corp.example",
        "email": "ann@corp.example",
        "groups": ["staff", "admins"],
        "empty": "",
        "none": "",
    }
    assert identity.evidence == {
        "samlResponse": {
            NAME_ID: "ann@corp.example",
            "email": "ann@corp.example",
            "groups": "[staff, admins]",
            "empty": "",
            "none": "",
        }
    }


def test_no_attribute_speaks_for_the_name_id(relation: Relation) -> None:
    identity = relation.read(relation.answer(attributes={NAME_ID: ["mallory"]}))

    assert identity.claims[NAME_ID] == "ann@corp.example"


def test_white_space_and_elements_around_a_value_are_no_part_of_it(relation: Relation) -> None:
    answer = relation.answer(subject="\n  ann \n", attributes={"id": ["\n <saml:NameID>a b</saml:NameID> "]})

    identity = relation.read(answer)

    assert (identity.subject, identity.claims["id"]) == ("ann", "a b")


@pytest.mark.parametrize(
    "method", [SignatureMethod.RSA_SHA384, SignatureMethod.RSA_SHA512, SignatureMethod.SHA256_RSA_MGF1]
)
@pytest.mark.parametrize("digest", [DigestAlgorithm.SHA384, DigestAlgorithm.SHA512])
def test_stronger_signatures_are_taken(relation: Relation, method: SignatureMethod, digest: DigestAlgorithm) -> None:
    assert relation.read(relation.answer(method=method, digest=digest)).subject == "ann@corp.example"


def test_canonical_xml_with_comments_is_taken(relation: Relation) -> None:
    canonicalization = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0_WITH_COMMENTS

    assert relation.read(relation.answer(canonicalization=canonicalization)).subject == "ann@corp.example"


@pytest.mark.parametrize("method", [SignatureMethod.ECDSA_SHA256, SignatureMethod.ECDSA_SHA512])
def test_elliptic_curves_sign_as_well(services: Services, idp: Any, method: SignatureMethod) -> None:
    relation = relate(services, idp, SamlProvider(ec.generate_private_key(ec.SECP256R1())))

    assert relation.read(relation.answer(method=method)).subject == "ann@corp.example"


def test_any_certificate_of_the_metadata_counts(relation: Relation, idp: Any) -> None:
    another = SamlProvider()
    idp.update_identity_provider(
        UserPoolId=relation.user_pool.id,
        ProviderName=NAME,
        ProviderDetails={"MetadataFile": another.metadata(another.certificate, relation.upstream.certificate)},
    )
    changed = relation.stored_anew()

    assert changed.read(changed.answer()).subject == "ann@corp.example"
    assert changed.read(another.answer(changed.saying())).subject == "ann@corp.example"


def test_an_expired_certificate_signs_on(relation: Relation, clock: FakeClock) -> None:
    clock.advance(timedelta(days=365 * 20))

    assert relation.read(relation.answer()).subject == "ann@corp.example"


def test_line_breaks_within_base64_are_nothing(relation: Relation) -> None:
    broken = base64.encodebytes(base64.b64decode(relation.answer())).decode()

    assert relation.read(broken.replace("\n", "\r\n")).subject == "ann@corp.example"


def test_an_endpoint_may_have_a_query_of_its_own(relation: Relation, idp: Any) -> None:
    metadata = relation.upstream.metadata().replace(SIGN_ON, f"{SIGN_ON}?tenant=1&amp;x=%26")
    idp.update_identity_provider(
        UserPoolId=relation.user_pool.id, ProviderName=NAME, ProviderDetails={"MetadataFile": metadata}
    )

    assert relation.stored_anew().sign_on_url().startswith(f"{SIGN_ON}?tenant=1&x=%26&SAMLRequest=")


def test_a_response_and_its_secrets_stand_in_no_representation(relation: Relation) -> None:
    identity = relation.read(relation.answer())

    assert "corp.example" not in repr(identity).replace(repr(identity.subject), "")
