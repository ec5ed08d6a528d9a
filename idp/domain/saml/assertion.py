"""An assertion whose signature was verified: whether it is for us and for now, and whom it names.

Source: SAML Core section 2; SAML Profiles sections 4.1.4.2 and 4.1.4.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from idp.domain.saml.documents import text_of, the_only
from idp.domain.saml.expectation import UNSOLICITED_LIFETIME, Expectation
from idp.domain.saml.moments import SKEW, read_moment
from idp.domain.saml.names import ASSERTION, BEARER, VERSION
from idp.domain.saml.refusal import SamlRefused

MAX_ID = 256
"""Characters of an ID, which may have to be remembered.  Providers use 33 to 60."""

_CONDITIONS = {f"{ASSERTION}{name}" for name in ("AudienceRestriction", "OneTimeUse", "ProxyRestriction")}


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a provider asserts of somebody.

    Attributes:
        id: unique at the provider.
        subject: text of the NameID.
        name_id: the NameID element as XML, which a LogoutRequest repeats.
        attributes: name -> text, or list of texts where there are several values.
        session_index: of the first AuthnStatement; None when it has none.
    """

    id: str
    subject: str = field(repr=False)
    name_id: str = field(repr=False)
    attributes: Mapping[str, str | list[str]] = field(repr=False)
    session_index: str | None = field(repr=False)


def read_assertion(assertion: etree._Element, expected: Expectation) -> Assertion:
    """Return what a verified assertion says.

    Raises:
        SamlRefused: it is another provider's, for somebody else, for another request, of another time, or about nobody.
    """
    if assertion.get("Version") != VERSION or not 1 <= len(assertion.get("ID", "")) <= MAX_ID:
        raise SamlRefused("The assertion is not one of SAML 2.0")
    if text_of(the_only(assertion, f"{ASSERTION}Issuer")) != expected.issuer:
        raise SamlRefused("The assertion has another issuer")
    _require_recent(assertion, expected)
    _require_conditions(the_only(assertion, f"{ASSERTION}Conditions"), expected)
    subject = the_only(assertion, f"{ASSERTION}Subject")
    _require_confirmation(subject, expected)
    name_id = _name_id(subject)
    return Assertion(
        id=assertion.get("ID", ""),
        subject=text_of(name_id),
        name_id=etree.tostring(name_id, method="c14n", exclusive=True).decode(),
        attributes=_attributes(assertion),
        session_index=_session_index(assertion, expected),
    )


def _require_recent(assertion: etree._Element, expected: Expectation) -> None:
    issued_at = read_moment(assertion.get("IssueInstant", ""))
    if issued_at > expected.now + SKEW:
        raise SamlRefused("The assertion is issued in the future")
    if expected.request_id is None and issued_at < expected.now - UNSOLICITED_LIFETIME:
        raise SamlRefused("The assertion was issued too long ago")


def _require_conditions(conditions: etree._Element, expected: Expectation) -> None:
    """Require each condition to hold; one that is not understood does not."""
    _require_within(conditions, expected, "The assertion")
    if any(condition.tag not in _CONDITIONS for condition in conditions):
        raise SamlRefused("The assertion has conditions that are not understood")
    restrictions = conditions.findall(f"{ASSERTION}AudienceRestriction")
    if not restrictions or not all(_is_audience(restriction, expected.audience) for restriction in restrictions):
        raise SamlRefused("The assertion is for another audience")


def _is_audience(restriction: etree._Element, audience: str) -> bool:
    return any(text_of(each) == audience for each in restriction.iterfind(f"{ASSERTION}Audience"))


def _require_confirmation(subject: etree._Element, expected: Expectation) -> None:
    """Require one bearer confirmation that holds; the last one that does not says why."""
    refusal = SamlRefused("The subject is not confirmed for bearers")
    for confirmation in subject.iterfind(f"{ASSERTION}SubjectConfirmation"):
        if confirmation.get("Method") != BEARER:
            continue
        try:
            _require_confirmed(the_only(confirmation, f"{ASSERTION}SubjectConfirmationData"), expected)
        except SamlRefused as error:
            refusal = error
        else:
            return
    raise refusal


def _require_confirmed(data: etree._Element, expected: Expectation) -> None:
    if data.get("Recipient") != expected.callback_url:
        raise SamlRefused("The subject is confirmed to another recipient")
    if data.get("InResponseTo") != expected.request_id:
        raise SamlRefused("The subject is confirmed in response to another request")
    if data.get("NotOnOrAfter") is None or data.get("NotBefore") is not None:
        raise SamlRefused("The subject's confirmation must have an end and no beginning")
    _require_within(data, expected, "The subject's confirmation")


def _require_within(element: etree._Element, expected: Expectation, what: str) -> None:
    begins, ends = element.get("NotBefore"), element.get("NotOnOrAfter")
    if begins is not None and read_moment(begins) > expected.now + SKEW:
        raise SamlRefused(f"{what} is not yet valid")
    if ends is not None and read_moment(ends) <= expected.now - SKEW:
        raise SamlRefused(f"{what} has expired")


def _name_id(subject: etree._Element) -> etree._Element:
    name_id = the_only(subject, f"{ASSERTION}NameID")
    if len(name_id) or not text_of(name_id):
        raise SamlRefused("The NameID must be a text")
    return name_id


def _session_index(assertion: etree._Element, expected: Expectation) -> str | None:
    """Return the session at the provider, which must be there and not have ended."""
    statements = assertion.findall(f"{ASSERTION}AuthnStatement")
    if not statements:
        raise SamlRefused("The assertion says nothing of a sign-in")
    for statement in statements:
        ends = statement.get("SessionNotOnOrAfter")
        if ends is not None and read_moment(ends) <= expected.now - SKEW:
            raise SamlRefused("The session at the identity provider has ended")
    return statements[0].get("SessionIndex")


def _attributes(assertion: etree._Element) -> dict[str, str | list[str]]:
    """Return the attributes; one without values is an empty text, and one that comes twice has the values of both."""
    values: dict[str, list[str]] = {}
    for attribute in assertion.iterfind(f"{ASSERTION}AttributeStatement/{ASSERTION}Attribute"):
        given = [text_of(value) for value in attribute.iterfind(f"{ASSERTION}AttributeValue")]
        values.setdefault(attribute.get("Name", ""), []).extend(given)
    return {name: (texts or [""])[0] if len(texts) < 2 else texts for name, texts in values.items()}
