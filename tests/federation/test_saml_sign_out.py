"""Sign-out at a SAML identity provider.  Source: SAML Profiles section 4.4; spec USER_POOLS section 10.6."""

from __future__ import annotations

from typing import Any

import pytest

from idp.domain.upstream import UpstreamIdentity
from tests.federation.saml_provider import LOGOUT, NAMESPACES, PERSISTENT, SamlProvider, read_request
from tests.federation.saml_relation import LOGOUT_CALLBACK, REQUEST_ID, Relation, disbelieved
from tests.federation.saml_wrapping import the


@pytest.fixture
def signing_out(relation: Relation) -> Relation:
    """The relation, set up so that the provider is told of sign-outs."""
    return relation.set_up(IDPSignout="true")


@pytest.fixture
def ann(relation: Relation) -> UpstreamIdentity:
    """Somebody who signed in by the provider."""
    return relation.read(relation.answer(subject="ann &amp; &lt;co&gt;", session_index="_a&amp;b"))


def test_a_provider_is_told_who_signs_out_of_which_session(signing_out: Relation, ann: UpstreamIdentity) -> None:
    certificate = signing_out.services.keyring.saml_certificate(signing_out.user_pool.saml_owner)

    request = read_request(signing_out.logout_url(ann) or "", certificate)

    assert request.endpoint == LOGOUT
    assert request.relay_state == "the state"
    assert request.id == REQUEST_ID
    assert request.issuer == f"urn:amazon:cognito:sp:{signing_out.user_pool.id}"
    assert the(request.xml, "saml:NameID").text == "ann & <co>"
    assert the(request.xml, "saml:NameID").get("Format") == PERSISTENT
    assert the(request.xml, "samlp:SessionIndex").text == "_a&b"


def test_a_session_without_a_name_is_ended_by_the_users(signing_out: Relation) -> None:
    identity = UpstreamIdentity("ann", {}, {}, name_id=f'<s:NameID xmlns:s="{NAMESPACES["saml"]}">ann</s:NameID>')

    request = read_request(signing_out.logout_url(identity) or "")

    assert request.xml.find("samlp:SessionIndex", NAMESPACES) is None


def test_a_provider_is_not_told_where_it_is_not_set_up_so(relation: Relation, ann: UpstreamIdentity) -> None:
    assert relation.logout_url(ann) is None
    assert relation.set_up(IDPSignout="false").logout_url(ann) is None


def test_a_providers_word_that_the_session_has_ended_is_taken(signing_out: Relation) -> None:
    signing_out.read_logout(signing_out.upstream.logout_response(REQUEST_ID, LOGOUT_CALLBACK))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"signed": False}, "There must be one Signature"),
        ({"request_id": "_another"}, "The message answers another request"),
        ({"issuer": "https://another.example.com"}, "The message has another issuer"),
        ({"destination": "https://another.example.com"}, "The message has another destination"),
        (
            {"status": "urn:oasis:names:tc:SAML:2.0:status:RequestDenied"},
            "The identity provider answered RequestDenied",
        ),
    ],
)
def test_another_word_is_not(signing_out: Relation, changes: dict[str, Any], reason: str) -> None:
    given = {"request_id": REQUEST_ID, "destination": LOGOUT_CALLBACK, **changes}

    with disbelieved(reason):
        signing_out.read_logout(signing_out.upstream.logout_response(**given))


def test_a_strangers_word_is_not_taken(signing_out: Relation) -> None:
    with disbelieved("The signature is not valid"):
        signing_out.read_logout(SamlProvider().logout_response(REQUEST_ID, LOGOUT_CALLBACK))


def test_an_answer_to_a_sign_in_ends_no_session(signing_out: Relation) -> None:
    with disbelieved("The message is not a LogoutResponse"):
        signing_out.read_logout(signing_out.answer())
