"""Compiles output shapes into functions that turn an answer into what JSON can hold.

Members the model does not know and members that are None are left out; timestamps become epoch seconds with three
decimals, blobs base64.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from idp.aws.moments import epoch_seconds, iso_8601

Write = Callable[[Any], Any]


def json_writer(shape: Shape | None) -> Write | None:
    """Return the writer of a shape; None when values go out as they stand."""
    return None if shape is None else _Compiler().writer_of(shape)


class _Compiler:
    """Makes each structure's writer once, so that a shape may contain itself."""

    def __init__(self) -> None:
        self._made: dict[str, Write] = {}

    def writer_of(self, shape: Shape) -> Write | None:
        if isinstance(shape, StructureShape):
            return None if shape.is_document_type else self._structure(shape)
        if isinstance(shape, ListShape):
            return self._list(shape)
        if isinstance(shape, MapShape):
            return self._map(shape)
        if shape.type_name == "timestamp":
            return iso_8601 if shape.serialization.get("timestampFormat") == "iso8601" else epoch_seconds
        if shape.type_name == "blob":
            return lambda value: b64encode(value).decode("ascii")
        return None

    def _structure(self, shape: StructureShape) -> Write:
        if shape.name not in self._made:
            self._made[shape.name] = lambda value: self._made[shape.name](value)
            self._made[shape.name] = self._new_structure(shape)
        return self._made[shape.name]

    def _new_structure(self, shape: StructureShape) -> Write:
        members = {
            name: (member.serialization.get("name", name), self.writer_of(member))
            for name, member in shape.members.items()
        }

        def write(value: Mapping[str, Any]) -> dict[str, Any]:
            written = {}
            for name, item in value.items():
                if item is not None and name in members:
                    wire_name, write_member = members[name]
                    written[wire_name] = item if write_member is None else write_member(item)
            return written

        return write

    def _list(self, shape: ListShape) -> Write:
        write_member = self.writer_of(shape.member)
        if write_member is None:
            return list
        return lambda value: [write_member(item) for item in value]

    def _map(self, shape: MapShape) -> Write:
        write_member = self.writer_of(shape.value)
        if write_member is None:
            return dict
        return lambda value: {key: write_member(item) for key, item in value.items()}
