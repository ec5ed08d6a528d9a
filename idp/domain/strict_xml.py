"""XML from strangers, read without what XML parsers are attacked by.

A document type declaration is refused, and with it every entity: no expansion, no external file or address. Nesting is
bounded, so that whoever walks the tree may recurse.

Source: OWASP "XML External Entity Prevention Cheat Sheet"; SAML 2.0 Metadata and Bindings forbid no less.
"""

from __future__ import annotations

from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

MAX_DEPTH = 64


class MalformedXml(Exception):
    """The text is not well-formed XML, or uses what is refused here."""


def parse_xml(document: str) -> Element:
    """Return the root of a document; names of elements and attributes are `{namespace}local`.

    Raises:
        MalformedXml.
    """
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.buffer_text = True
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        raise MalformedXml("The document is not well-formed XML.") from error
    return reader.close()


class _Reader:
    """Builds the tree as the parser tells it."""

    def __init__(self) -> None:
        self._builder = TreeBuilder()
        self._depth = 0

    def refuse(self, *_: object) -> NoReturn:
        raise MalformedXml("Document type declarations are not accepted.")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise MalformedXml("The document is nested too deeply.")
        self._builder.start(_qualified(name), {_qualified(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self._depth -= 1
        self._builder.end(_qualified(name))

    def data(self, text: str) -> None:
        self._builder.data(text)

    def close(self) -> Element:
        return self._builder.close()


def _qualified(name: str) -> str:
    return f"{{{name}" if "}" in name else name
