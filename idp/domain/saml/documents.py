"""XML of SAML messages, read so that nobody sees another document than the one that was signed.

Comments are dropped before any text is read: a text is never cut in two by one.  What no SAML message needs is refused:
document types, processing instructions, ids that stand twice.

Source: OWASP "SAML Security Cheat Sheet"; SAML Core section 1.3.4; CERT VU#475445 (texts cut by comments).
"""

from __future__ import annotations

from lxml import etree

from idp.domain.saml.refusal import SamlRefused
from idp.domain.strict_xml import MalformedXml, parse_xml

_IDS = frozenset({"ID", "Id", "id"})


def parse_document(document: bytes) -> etree._Element:
    """Return the root element of a message in UTF-8.

    Raises:
        SamlRefused.
    """
    try:
        parse_xml(document.decode())
        root = etree.fromstring(document, parser=_parser())
    except (MalformedXml, ValueError, etree.XMLSyntaxError) as error:
        raise SamlRefused("The message is no XML that is read here") from error
    if next(root.iter(etree.ProcessingInstruction, etree.Entity), None) is not None:
        raise SamlRefused("The message holds processing instructions")
    _require_distinct_ids(root)
    return root


def the_only(parent: etree._Element, name: str) -> etree._Element:
    """Return the one child of that name; raises SamlRefused where there is none, or several."""
    found = parent.findall(name)
    if len(found) != 1:
        raise SamlRefused(f"There must be one {etree.QName(name).localname}")
    return found[0]


def text_of(element: etree._Element) -> str:
    """Return all the text within an element, without the white space around it."""
    return "".join(str(text) for text in element.itertext()).strip()


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
    )


def _require_distinct_ids(root: etree._Element) -> None:
    ids = [
        value for element in root.iter("*") for name, value in element.items() if etree.QName(name).localname in _IDS
    ]
    if len(set(ids)) < len(ids):
        raise SamlRefused("An ID stands twice")
