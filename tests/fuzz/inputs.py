"""Inputs that an operation's model takes, built from choices, with values that exist on the server where there are any."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from tests.fuzz.choices import Choices
from tests.fuzz.samples import DOCUMENTS, fitting

Build = Callable[[Choices], Any]
Known = Mapping[str, Sequence[Any]]
"""Member name -> values that exist on the server, so that inputs reach what lies behind the look-ups."""

OPTIONAL_MEMBERS = (0, 1, 2, 3, 4)
ITEMS = (1, 0, 2, 3)
STRANGERS_IN = 8
"""Of so many values of a member one is no known one."""


class Inputs:
    """Builders of inputs, one for each shape under each name; choices of zero build the smallest."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self._made: dict[tuple[str, str], Build] = {}

    def builder(self, shape: Shape, name: str = "") -> Build:
        """Return what builds a member of that name and shape."""
        key = (name, shape.name)
        if key not in self._made:
            self._made[key] = lambda choices: self._made[key](choices)
            build = self._by_type(shape, name)
            self._made[key] = _among(self.known[name], build) if name in self.known else build
        return self._made[key]

    def _by_type(self, shape: Shape, name: str) -> Build:
        if isinstance(shape, StructureShape):
            return _document if shape.is_document_type else self._structure(shape)
        if isinstance(shape, ListShape):
            return self._list(shape, name)
        if isinstance(shape, MapShape):
            return self._map(shape, name)
        values = fitting(shape)
        return lambda choices: choices.of(values)

    def _structure(self, shape: StructureShape) -> Build:
        members = {name: self.builder(member, name) for name, member in shape.members.items()}
        required = [(name, members[name]) for name in shape.required_members]
        optional = [(name, build) for name, build in members.items() if name not in shape.required_members]

        def build(choices: Choices) -> dict[str, Any]:
            count = choices.of(OPTIONAL_MEMBERS) if optional else 0
            chosen = required + [choices.of(optional) for _ in range(count)]
            return {name: build_member(choices) for name, build_member in chosen}

        return build

    def _list(self, shape: ListShape, name: str) -> Build:
        build = self.builder(shape.member, f"{name}.item")
        return lambda choices: [build(choices) for _ in range(choices.of(ITEMS))]

    def _map(self, shape: MapShape, name: str) -> Build:
        keys, build = fitting(shape.key), self.builder(shape.value, f"{name}.value")
        return lambda choices: {choices.of(keys): build(choices) for _ in range(choices.of(ITEMS))}


def _among(values: Sequence[Any], otherwise: Build) -> Build:
    def build(choices: Choices) -> Any:
        is_stranger = choices.below(STRANGERS_IN) == STRANGERS_IN - 1
        return otherwise(choices) if is_stranger else deepcopy(choices.of(values))

    return build


def _document(choices: Choices) -> Any:
    return deepcopy(choices.of(DOCUMENTS))
