"""Changes at one place of an input: another value, an edge, a wrong type, too much of it, or nothing there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from tests.fuzz.choices import Choices
from tests.fuzz.inputs import Inputs
from tests.fuzz.samples import WRONG, breaking, fitting

ABSENT: Any = object()
MANY = (2, 11, 120)
NAMES = ("unheard_of", "", "__proto__", "a" * 300, "\u00e9", "userPoolId")


@dataclass(frozen=True, slots=True)
class Place:
    """One value of an input, or a member that it lacks.

    Attributes:
        holder: the list or mapping that holds the value, by `key`.
    """

    holder: Any
    key: Any
    name: str
    shape: Shape

    @property
    def value(self) -> Any:
        return self.holder[self.key] if isinstance(self.holder, list) else self.holder.get(self.key, ABSENT)

    def put(self, value: Any) -> None:
        """Set the value; `ABSENT` takes a member away, and leaves null for an item."""
        if value is not ABSENT:
            self.holder[self.key] = value
        elif isinstance(self.holder, list):
            self.holder[self.key] = None
        else:
            self.holder.pop(self.key, None)


def places(place: Place) -> Iterator[Place]:
    """Give a place and all places in its value."""
    yield place
    value, shape = place.value, place.shape
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        for name, member in shape.members.items():
            yield from places(Place(value, name, name, member))
    elif isinstance(shape, ListShape) and isinstance(value, list):
        for number in range(len(value)):
            yield from places(Place(value, number, f"{place.name}.item", shape.member))
    elif isinstance(shape, MapShape) and isinstance(value, dict):
        for key in value:
            yield from places(Place(value, key, f"{place.name}.value", shape.value))


def edited(place: Place, choices: Choices, inputs: Inputs) -> Any:
    """Return what to put at a place instead of its value."""
    return choices.of(EDITS)(place, choices, inputs)


def _another(place: Place, choices: Choices, inputs: Inputs) -> Any:
    return inputs.builder(place.shape, place.name)(choices)


def _edge(place: Place, choices: Choices, _: Inputs) -> Any:
    """Return what the model takes, if only just."""
    if isinstance(place.shape, ListShape):
        return choices.of(([], [None]))
    if isinstance(place.shape, StructureShape | MapShape):
        return {}
    return choices.of(fitting(place.shape))


def _absent(_place: Place, _choices: Choices, _: Inputs) -> Any:
    return ABSENT


def _more(place: Place, choices: Choices, _: Inputs) -> Any:
    """Return the value with more in it: the same again, or members that nobody asked for."""
    value = place.value
    if isinstance(value, dict):
        return value | {choices.of(NAMES): choices.of(WRONG)}
    return value * choices.of(MANY) if isinstance(value, list | str) else choices.of(WRONG)


def _misplaced(_place: Place, choices: Choices, inputs: Inputs) -> Any:
    """Return something that exists, of another kind."""
    return choices.of(choices.of(list(inputs.known.values())))


def _broken(place: Place, choices: Choices, _: Inputs) -> Any:
    if isinstance(place.shape, StructureShape | ListShape | MapShape):
        return choices.of(WRONG)
    return choices.of(breaking(place.shape))


def _wrong(_place: Place, choices: Choices, _: Inputs) -> Any:
    return choices.of(WRONG)


EDITS: Sequence[Callable[[Place, Choices, Inputs], Any]] = (
    _another,
    _edge,
    _absent,
    _more,
    _another,
    _edge,
    _misplaced,
    _broken,
    _wrong,
)
