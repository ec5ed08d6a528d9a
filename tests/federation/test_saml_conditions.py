"""Answers that are signed well, and are not for us, not for now, or about nobody.  Source: SAML Profiles section 4.1.4."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from lxml import etree

from tests.fakes import START
from tests.federation.saml_provider import NAMESPACES, Change, moment
from tests.federation.saml_relation import CALLBACK, Relation, disbelieved
from tests.federation.saml_wrapping import the

SAML = f"{{{NAMESPACES['saml']}}}"
DATA = ".//saml:SubjectConfirmationData"
EXPIRED = moment(START - timedelta(minutes=2))
SOON = moment(START + timedelta(minutes=2))


def setting(path: str, name: str, value: str) -> Change:
    """Return the change that sets an attribute of an element, before it is signed."""
    return lambda response: the(response, path).set(name, value)


def without(path: str, name: str) -> Change:
    """Return the change that takes an attribute from an element."""

    def change(response: etree._Element) -> None:
        del the(response, path).attrib[name]

    return change


def dropping(path: str) -> Change:
    """Return the change that takes an element away."""

    def change(response: etree._Element) -> None:
        element = the(response, path)
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)

    return change


def adding(path: str, name: str, text: str = "") -> Change:
    """Return the change that adds an element of SAML's assertions below another."""

    def change(response: etree._Element) -> None:
        etree.SubElement(the(response, path), f"{SAML}{name}").text = text

    return change


RESPONSE, ASSERTION, STATEMENT = ".", "saml:Assertion", ".//saml:AuthnStatement"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"audience": "urn:amazon:cognito:sp:us-east-1_another"}, "The assertion is for another audience"),
        ({"issuer": "https://another.example.com"}, "The message has another issuer"),
        ({"request_id": "_another"}, "The message answers another request"),
        ({"request_id": None}, "The message answers another request"),
        ({"callback_url": "https://another.example.com/saml2/idpresponse"}, "The message has another destination"),
        ({"now": START - timedelta(minutes=6)}, "The assertion has expired"),
        ({"now": START + timedelta(minutes=2)}, "The assertion is issued in the future"),
        ({"subject": " "}, "The NameID must be a text"),
        ({"subject": "<b>ann</b>"}, "The NameID must be a text"),
    ],
)
def test_an_answer_for_somebody_else_or_another_time_is_refused(
    relation: Relation, changes: dict[str, Any], reason: str
) -> None:
    with disbelieved(reason):
        relation.read(relation.answer(**changes))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (setting(RESPONSE, "Version", "1.1"), "The message is not one of SAML 2.0"),
        (setting(ASSERTION, "Version", "1.1"), "The assertion is not one of SAML 2.0"),
        (setting(ASSERTION, "ID", ""), "The assertion is not one of SAML 2.0"),
        (setting(ASSERTION, "ID", "_" * 257), "The assertion is not one of SAML 2.0"),
        (setting(ASSERTION, "IssueInstant", "yesterday"), "A time is malformed"),
        (setting(ASSERTION, "IssueInstant", "2026-02-30T12:00:00Z"), "A time is malformed"),
        (setting(ASSERTION, "IssueInstant", "0001-01-01T00:00:00+14:00"), "A time is malformed"),
        (without(ASSERTION, "IssueInstant"), "A time is malformed"),
        (dropping("saml:Assertion/saml:Issuer"), "There must be one Issuer"),
        (dropping(".//saml:Subject"), "There must be one Subject"),
        (dropping(".//saml:NameID"), "There must be one NameID"),
        (adding(".//saml:Subject", "NameID", "mallory"), "There must be one NameID"),
        (dropping(".//saml:Conditions"), "There must be one Conditions"),
        (setting(".//saml:Conditions", "NotOnOrAfter", EXPIRED), "The assertion has expired"),
        (setting(".//saml:Conditions", "NotBefore", SOON), "The assertion is not yet valid"),
        (dropping(".//saml:AudienceRestriction"), "The assertion is for another audience"),
        (adding(".//saml:Conditions", "AudienceRestriction"), "The assertion is for another audience"),
        (adding(".//saml:Conditions", "Condition"), "The assertion has conditions that are not understood"),
        (dropping(".//saml:SubjectConfirmation"), "The subject is not confirmed for bearers"),
        (
            setting(".//saml:SubjectConfirmation", "Method", "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"),
            "The subject is not confirmed for bearers",
        ),
        (dropping(DATA), "There must be one SubjectConfirmationData"),
        (setting(DATA, "Recipient", f"{CALLBACK}/"), "The subject is confirmed to another recipient"),
        (without(DATA, "Recipient"), "The subject is confirmed to another recipient"),
        (setting(DATA, "InResponseTo", "_another"), "The subject is confirmed in response to another request"),
        (without(DATA, "InResponseTo"), "The subject is confirmed in response to another request"),
        (without(DATA, "NotOnOrAfter"), "The subject's confirmation must have an end and no beginning"),
        (setting(DATA, "NotBefore", EXPIRED), "The subject's confirmation must have an end and no beginning"),
        (setting(DATA, "NotOnOrAfter", EXPIRED), "The subject's confirmation has expired"),
        (dropping(STATEMENT), "The assertion says nothing of a sign-in"),
        (setting(STATEMENT, "SessionNotOnOrAfter", EXPIRED), "The session at the identity provider has ended"),
        (dropping("samlp:Status"), "There must be one Status"),
        (dropping(ASSERTION), "There must be one assertion"),
    ],
)  # fmt: skip
def test_a_signed_answer_that_breaks_a_rule_is_refused(relation: Relation, change: Change, reason: str) -> None:
    with disbelieved(reason):
        relation.read(relation.answer(signed="response", before_signing=change))


@pytest.mark.parametrize("signed", ["response", "both"])
def test_a_signed_response_must_tell_its_destination(relation: Relation, signed: str) -> None:
    with disbelieved("The message has another destination"):
        relation.read(relation.answer(signed=signed, before_signing=without(RESPONSE, "Destination")))


@pytest.mark.parametrize(
    "change",
    [
        without(RESPONSE, "Destination"),
        dropping("saml:Issuer"),
        dropping(".//saml:AttributeStatement"),
        without(STATEMENT, "SessionNotOnOrAfter"),
        without(".//saml:Conditions", "NotBefore"),
        without(".//saml:Conditions", "NotOnOrAfter"),
        adding(".//saml:Conditions", "OneTimeUse"),
        adding(".//saml:AudienceRestriction", "Audience", "urn:somebody:else"),
        adding(".//saml:Subject", "SubjectConfirmation"),
        setting(ASSERTION, "IssueInstant", "2026-03-02T12:00:00.1234567Z"),
        setting(ASSERTION, "IssueInstant", "2026-03-02T13:00:00+01:00"),
        setting(".//saml:Conditions", "NotOnOrAfter", moment(START)),
        setting(".//saml:Conditions", "NotBefore", moment(START + timedelta(minutes=1))),
        setting(".//saml:Conditions", "NotOnOrAfter", "9999-12-31T23:59:59Z"),
    ],
)
def test_what_providers_may_leave_out_or_add_hinders_nobody(relation: Relation, change: Change) -> None:
    identity = relation.read(relation.answer(before_signing=change))

    assert identity.subject == "ann@corp.example"


@pytest.mark.parametrize(
    ("status", "message", "told"),
    [
        ("urn:oasis:names:tc:SAML:2.0:status:Responder", "", "Responder"),
        ("urn:oasis:names:tc:SAML:2.0:status:Requester", "No such user.", "Requester No such user"),
        ("urn:oasis:names:tc:SAML:2.0:status:Requester", 'a "b" \\ \u00e9\n&lt;script&gt;', "Requester a b <script>"),
        ("urn:oasis:names:tc:SAML:2.0:status:Requester", "x" * 1000, f"Requester {'x' * 190}"),
    ],
)
def test_a_providers_refusal_is_passed_on(relation: Relation, status: str, message: str, told: str) -> None:
    with disbelieved(f"The identity provider answered {told}"):
        relation.read(relation.answer(status=status, status_message=message))


def test_the_inner_code_of_a_refusal_is_told(relation: Relation) -> None:
    def denied(response: etree._Element) -> None:
        code = the(response, "samlp:Status/samlp:StatusCode")
        code.set("Value", "urn:oasis:names:tc:SAML:2.0:status:Responder")
        inner = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"
        etree.SubElement(code, code.tag, Value=inner)

    with disbelieved("The identity provider answered AuthnFailed"):
        relation.read(relation.answer(before_signing=denied))


def test_a_provider_may_begin_a_sign_in_where_it_is_set_up_so(relation: Relation) -> None:
    identity = relation.set_up(IDPInit="true").read(relation.answer(request_id=None), request_id=None)

    assert identity.assertion_id == "_assertion1"


def test_a_provider_may_not_begin_a_sign_in_otherwise(relation: Relation) -> None:
    with disbelieved("The provider may not begin sign-ins"):
        relation.read(relation.answer(request_id=None), request_id=None)


def test_an_answer_to_a_request_begins_no_sign_in(relation: Relation) -> None:
    with disbelieved("The message answers another request"):
        relation.set_up(IDPInit="true").read(relation.answer(), request_id=None)


def test_an_assertion_made_for_a_request_begins_no_sign_in(relation: Relation) -> None:
    with disbelieved("The subject is confirmed in response to another request"):
        relation.set_up(IDPInit="true").read(
            relation.answer(after_signing=without(RESPONSE, "InResponseTo")), request_id=None
        )


@pytest.mark.parametrize("minutes", [0, 6])
def test_an_unasked_assertion_is_good_for_six_minutes(relation: Relation, minutes: int) -> None:
    answer = relation.answer(
        request_id=None,
        before_signing=setting(ASSERTION, "IssueInstant", moment(START - timedelta(minutes=minutes))),
    )

    assert relation.set_up(IDPInit="true").read(answer, request_id=None).subject == "ann@corp.example"


def test_an_older_unasked_assertion_is_refused(relation: Relation) -> None:
    issued = moment(START - timedelta(minutes=6, seconds=1))
    answer = relation.answer(request_id=None, before_signing=setting(ASSERTION, "IssueInstant", issued))

    with disbelieved("The assertion was issued too long ago"):
        relation.set_up(IDPInit="true").read(answer, request_id=None)
