"""Whatever is changed of a good answer: nobody else is believed in, and nothing but a refusal comes of it."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given, settings, strategies as st

from idp.domain.saml.assertion import Assertion
from idp.domain.saml.expectation import Expectation
from idp.domain.saml.refusal import SamlRefused
from idp.domain.saml.response import read_response
from tests.fakes import START
from tests.federation.saml_mutations import MUTATIONS, Mutation
from tests.federation.saml_provider import ENTITY_ID, Answer, SamlProvider
from tests.federation.saml_relation import CALLBACK, REQUEST_ID

AUDIENCE = "urn:amazon:cognito:sp:us-east-1_Example"


def expectation(provider: SamlProvider) -> Expectation:
    return Expectation(
        issuer=ENTITY_ID,
        certificates=(provider.certificate,),
        audience=AUDIENCE,
        callback_url=CALLBACK,
        request_id=REQUEST_ID,
        now=START,
    )


def believed(document: bytes, provider: SamlProvider) -> Assertion | None:
    """Return what is believed; None when the document is refused."""
    try:
        return read_response(document, expectation(provider))
    except SamlRefused:
        return None


@pytest.mark.parametrize("signed", ["assertion", "response", "both"])
@settings(max_examples=300, deadline=None)
@given(mutations=MUTATIONS)
def test_a_changed_answer_never_tells_anything_else(
    saml_provider: SamlProvider, signed: str, mutations: list[Mutation]
) -> None:
    good = saml_provider.document(Answer(REQUEST_ID, CALLBACK, AUDIENCE, signed=signed))

    changed = reduce(lambda document, mutation: mutation(document), mutations, good)

    assert believed(changed, saml_provider) in (None, believed(good, saml_provider))


@settings(max_examples=300, deadline=None)
@given(document=st.binary() | st.text().map(str.encode))
def test_no_document_does_anything_but_being_refused(saml_provider: SamlProvider, document: bytes) -> None:
    assert believed(document, saml_provider) is None
