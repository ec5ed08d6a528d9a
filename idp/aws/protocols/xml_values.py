"""Compiles output shapes into functions that write an answer as XML, members in the model's order."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from botocore.model import ListShape, MapShape, Shape, StructureShape

from idp.aws.moments import iso_8601

Write = Callable[[Any], str]

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, even escaped.  Source: XML 1.0 section 2.2, production Char."""


def xml_writer(shape: Shape | None) -> Write:
    """Return the writer of a shape's content, without an element round it."""
    return (lambda _: "") if shape is None else _Compiler().writer_of(shape)


class _Compiler:
    """Makes each structure's writer once, so that a shape may contain itself."""

    def __init__(self) -> None:
        self._made: dict[str, Write] = {}

    def writer_of(self, shape: Shape) -> Write:
        if isinstance(shape, StructureShape):
            if shape.name not in self._made:
                self._made[shape.name] = lambda value: self._made[shape.name](value)
                self._made[shape.name] = self._structure(shape)
            return self._made[shape.name]
        if isinstance(shape, ListShape):
            return self._list(shape)
        if isinstance(shape, MapShape):
            return self._map(shape)
        return _scalar(shape)

    def _structure(self, shape: StructureShape) -> Write:
        members = tuple((name, self._element(name, member)) for name, member in shape.members.items())

        def write(value: Mapping[str, Any]) -> str:
            return "".join(element(value[name]) for name, element in members if value.get(name) is not None)

        return write

    def _element(self, name: str, member: Shape) -> Write:
        """Return the writer of a member with its element, or its elements when it is a flattened list."""
        tag = str(member.serialization.get("name", name))
        if isinstance(member, ListShape) and member.serialization.get("flattened"):
            item = member.member
            item_tag, write_item = str(item.serialization.get("name", tag)), self.writer_of(item)
            return lambda value: "".join(f"<{item_tag}>{write_item(each)}</{item_tag}>" for each in value)
        write = self.writer_of(member)
        return lambda value: f"<{tag}>{write(value)}</{tag}>"

    def _list(self, shape: ListShape) -> Write:
        member = shape.member
        tag, write = str(member.serialization.get("name", "member")), self.writer_of(member)
        return lambda value: "".join(f"<{tag}>{write(each)}</{tag}>" for each in value)

    def _map(self, shape: MapShape) -> Write:
        key_tag = str(shape.key.serialization.get("name", "key"))
        value_tag = str(shape.value.serialization.get("name", "value"))
        write = self.writer_of(shape.value)
        return lambda value: "".join(
            f"<entry><{key_tag}>{_text(key)}</{key_tag}><{value_tag}>{write(item)}</{value_tag}></entry>"
            for key, item in value.items()
        )


def _scalar(shape: Shape) -> Write:
    if shape.type_name == "timestamp":
        return iso_8601
    if shape.type_name == "blob":
        return lambda value: b64encode(value).decode("ascii")
    if shape.type_name == "boolean":
        return lambda value: "true" if value else "false"
    return _text


def _text(value: object) -> str:
    return escape(NOT_XML.sub("\N{REPLACEMENT CHARACTER}", str(value)))
