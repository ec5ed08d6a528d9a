"""Whether bytes are the image they are said to be, and one that a login page can show without harm.

Source: W3C PNG section 5.2; ITU-T T.81 annex B; RIFF container of WebP; W3C SVG 2 (script, foreignObject, event attributes).
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from idp.domain.strict_xml import MalformedXml, parse_xml

SVG = "{http://www.w3.org/2000/svg}"
_LINKS = ("href", "{http://www.w3.org/1999/xlink}href", "src")
_ACTIVE = frozenset({"script", "foreignObject", "iframe", "embed", "object", "handler", "audio", "video"})

_BEGINNINGS: Mapping[str, bytes] = {
    "PNG": b"\x89PNG\r\n\x1a\n",
    "JPEG": b"\xff\xd8\xff",
    "ICO": b"\x00\x00\x01\x00",
    "WEBP": b"RIFF",
}


def is_image(data: bytes, extension: str) -> bool:
    """Say whether the bytes are an image of that kind; an SVG may hold nothing that runs or is fetched.

    Args:
        extension: PNG, JPEG, ICO, WEBP or SVG.
    """
    if extension == "SVG":
        return _is_harmless_svg(data)
    if extension == "WEBP" and data[8:12] != b"WEBP":
        return False
    return data.startswith(_BEGINNINGS[extension])


def _is_harmless_svg(data: bytes) -> bool:
    try:
        root = parse_xml(data.decode())
    except (UnicodeDecodeError, MalformedXml):
        return False
    return root.tag == f"{SVG}svg" and all(_is_harmless(element) for element in root.iter())


def _is_harmless(element: Element) -> bool:
    if element.tag.rpartition("}")[2] in _ACTIVE:
        return False
    if any(name.lower().startswith("on") for name in element.attrib):
        return False
    links = [element.attrib[name] for name in _LINKS if name in element.attrib]
    return all(link.startswith(("#", "data:image/")) for link in links)
