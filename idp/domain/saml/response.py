"""An identity provider's answer to a request for sign-in, or one that nobody asked for.

What is believed comes from signed bytes: of the answer, of its assertion, or of both; every signature there is must hold.
Source: SAML Core sections 3.2.2 and 3.3.3, Bindings section 3.5, Profiles section 4.1.4.
"""

from __future__ import annotations

from lxml import etree

from idp.domain.saml.assertion import Assertion, read_assertion
from idp.domain.saml.documents import parse_document
from idp.domain.saml.encryption import UNREADABLE, decrypt
from idp.domain.saml.envelope import require_envelope, require_success
from idp.domain.saml.expectation import Expectation
from idp.domain.saml.names import ASSERTION, PROTOCOL, SIGNATURE
from idp.domain.saml.refusal import SamlRefused
from idp.domain.saml.signature import is_signed, verified

_PLAIN = f"{ASSERTION}Assertion"
_ENCRYPTED = f"{ASSERTION}EncryptedAssertion"


def read_response(document: bytes, expected: Expectation) -> Assertion:
    """Return the assertion of an answer.

    Args:
        document: XML, as the browser brought it.

    Raises:
        SamlRefused.
    """
    response = parse_document(document)
    if response.tag != f"{PROTOCOL}Response":
        raise SamlRefused("The message is not a Response")
    is_vouched_for = is_signed(response)
    if is_vouched_for:
        response = verified(response, expected.certificates)
    require_envelope(
        response,
        issuer=expected.issuer,
        destination=expected.callback_url,
        request_id=expected.request_id,
        is_signed=is_vouched_for,
    )
    require_success(response)
    return read_assertion(_assertion(response, expected, is_vouched_for=is_vouched_for), expected)


def _assertion(response: etree._Element, expected: Expectation, *, is_vouched_for: bool) -> etree._Element:
    """Return the one assertion, which its own signature vouches for or that of the answer."""
    found = list(response.iter(_PLAIN, _ENCRYPTED))
    if len(found) != 1 or found[0].getparent() is not response:
        raise SamlRefused("There must be one assertion")
    _require_no_other_signature(response, found[0])
    if expected.decryption_key is None:
        if found[0].tag == _ENCRYPTED:
            raise SamlRefused("The provider is not set up for encrypted assertions")
        return _vouched_for(found[0], expected, is_vouched_for=is_vouched_for)
    if found[0].tag == _PLAIN:
        raise SamlRefused("The assertion must be encrypted")
    try:
        plain = parse_document(decrypt(found[0], expected.decryption_key))
        if plain.tag != _PLAIN or list(plain.iter(_PLAIN, _ENCRYPTED)) != [plain]:
            raise SamlRefused("There must be one assertion")
        _require_no_other_signature(plain, plain)
        return _vouched_for(plain, expected, is_vouched_for=is_vouched_for)
    except SamlRefused as error:
        raise SamlRefused(UNREADABLE) from error


def _vouched_for(assertion: etree._Element, expected: Expectation, *, is_vouched_for: bool) -> etree._Element:
    if is_signed(assertion):
        return verified(assertion, expected.certificates)
    if not is_vouched_for:
        raise SamlRefused("Neither the Response nor the assertion is signed")
    return assertion


def _require_no_other_signature(root: etree._Element, assertion: etree._Element) -> None:
    if any(signature.getparent() is not assertion for signature in root.iter(f"{SIGNATURE}Signature")):
        raise SamlRefused("There are signatures where none belong")
