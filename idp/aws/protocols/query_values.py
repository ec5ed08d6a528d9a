"""Compiles input shapes into functions that read them from form parameters (`Tags.member.1.Key=...`).

The result has the form that JSON would have had, under the names on the wire, for the checkers in `shapes`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from idp.aws.errors import Malformed
from idp.aws.moments import parse_moment

Tree = dict[str, Any]
"""Parameters split at their dots; a node's own text is under the empty name."""

Read = Callable[[Tree], Any]

MAX_DEPTH = 100


def form_reader(shape: Shape | None) -> Callable[[Mapping[str, str]], Any]:
    """Return the reader of an operation's parameters.  It raises `Malformed` for text of the wrong type."""
    if shape is None:
        return lambda _: {}
    read = _Compiler().reader_of(shape)
    return lambda parameters: read(_tree(parameters))


def _tree(parameters: Mapping[str, str]) -> Tree:
    root: Tree = {}
    for name, text in parameters.items():
        parts = name.split(".")
        if len(parts) > MAX_DEPTH:
            raise Malformed(f"A parameter is nested deeper than {MAX_DEPTH} levels")
        node = root
        for part in parts:
            node = node.setdefault(part, {})
        node[""] = text
    return root


class _Compiler:
    """Makes each structure's reader once, so that a shape may contain itself."""

    def __init__(self) -> None:
        self._made: dict[str, Read] = {}

    def reader_of(self, shape: Shape) -> Read:
        if isinstance(shape, StructureShape):
            if shape.name not in self._made:
                self._made[shape.name] = lambda node: self._made[shape.name](node)
                self._made[shape.name] = self._structure(shape)
            return self._made[shape.name]
        if isinstance(shape, ListShape):
            return self._list(shape)
        if isinstance(shape, MapShape):
            return self._map(shape)
        return _scalar(shape.type_name)

    def _structure(self, shape: StructureShape) -> Read:
        members = tuple(
            (_form_name(name, member), member.serialization.get("name", name), self.reader_of(member))
            for name, member in shape.members.items()
        )
        return lambda node: {
            wire_name: read(node[form_name]) for form_name, wire_name, read in members if form_name in node
        }

    def _list(self, shape: ListShape) -> Read:
        member = shape.member
        read = self.reader_of(member)
        flattened = shape.serialization.get("flattened", False)
        item_name = member.serialization.get("name", "member")

        def read_list(node: Tree) -> list[Any]:
            items = node if flattened else node.get(item_name, {})
            return [read(items[number]) for number in sorted(filter(_is_number, items), key=int)]

        return read_list

    def _map(self, shape: MapShape) -> Read:
        key_name = shape.key.serialization.get("name", "key")
        value_name = shape.value.serialization.get("name", "value")
        read = self.reader_of(shape.value)
        flattened = shape.serialization.get("flattened", False)

        def read_map(node: Tree) -> dict[str, Any]:
            entries = node if flattened else node.get("entry", {})
            pairs = [entries[number] for number in sorted(filter(_is_number, entries), key=int)]
            return {_text(pair.get(key_name, {})): read(pair.get(value_name, {})) for pair in pairs}

        return read_map


def _form_name(name: str, member: Shape) -> str:
    """Return a member's name in the form; a flattened list has its item's name.  Source: Smithy, query serialization."""
    serialization = member.serialization
    if isinstance(member, ListShape) and serialization.get("flattened"):
        return str(member.member.serialization.get("name") or serialization.get("name", name))
    return str(serialization.get("name", name))


def _scalar(kind: str) -> Read:
    if kind in {"integer", "long"}:
        return lambda node: _number(node, int)
    if kind in {"float", "double"}:
        return lambda node: _number(node, float)
    if kind == "boolean":
        return _boolean
    if kind == "timestamp":
        return lambda node: parse_moment(_text(node))
    return _text


def _text(node: Tree) -> str:
    return str(node.get("", ""))


def _number(node: Tree, kind: type[int] | type[float]) -> int | float:
    text = _text(node)
    try:
        return kind(text) if text.isascii() and "_" not in text and len(text) <= 40 else _not_a_number()
    except ValueError:
        return _not_a_number()


def _not_a_number() -> int:
    raise Malformed("STRING_VALUE can not be converted to a number")


def _boolean(node: Tree) -> bool:
    text = _text(node).lower()
    if text not in {"true", "false"}:
        raise Malformed("STRING_VALUE can not be converted to a Boolean")
    return text == "true"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6
