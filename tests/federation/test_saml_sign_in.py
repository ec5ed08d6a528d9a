"""Sign-in at a SAML identity provider: what it is asked, and what its answers tell."""

from __future__ import annotations

import pytest

from tests.federation.saml_provider import SIGN_ON, read_request
from tests.federation.saml_relation import CALLBACK, Relation


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
