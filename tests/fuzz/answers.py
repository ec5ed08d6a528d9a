"""Whether an answer is one that the service's model allows, by checkers compiled from its shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

Check = Callable[[Any, str], Iterator[str]]
"""(answer, where it stands) -> what in it the model does not allow."""

TYPES: Mapping[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "boolean": (bool,),
    "timestamp": (int, float, datetime),
    "blob": (str, bytes),
    "double": (int, float),
    "float": (int, float),
}


class Answers:
    """Checkers of a model's shapes: no wrong types, unknown or missing members, or unknown values of enumerations."""

    def __init__(self) -> None:
        self._made: dict[str, Check] = {}

    def checker(self, shape: Shape | None) -> Check:
        """Return the checker of a shape; without one the answer must be empty."""
        if shape is None:
            return _empty
        if shape.name not in self._made:
            name = shape.name
            self._made[name] = lambda answer, where: self._made[name](answer, where)
            self._made[name] = _typed(shape, self._inside(shape))
        return self._made[shape.name]

    def _inside(self, shape: Shape) -> Check:
        if isinstance(shape, StructureShape):
            return _anything if shape.is_document_type else self._structure(shape)
        if isinstance(shape, ListShape):
            return _each(self.checker(shape.member))
        if isinstance(shape, MapShape):
            return _each_value(self.checker(shape.value))
        if isinstance(shape, StringShape) and shape.enum:
            return _one_of(frozenset(shape.enum))
        return _anything

    def _structure(self, shape: StructureShape) -> Check:
        members = {name: self.checker(member) for name, member in shape.members.items()}
        required = tuple(shape.required_members)

        def check(answer: Any, where: str) -> Iterator[str]:
            for name in required:
                if name not in answer:
                    yield f"{where} lacks {name}"
            for name, value in answer.items():
                if name in members:
                    yield from members[name](value, f"{where}.{name}")
                else:
                    yield f"{where} has {name}, which the model lacks"

        return check


def _typed(shape: Shape, inside: Check) -> Check:
    kind = shape.type_name
    is_free = isinstance(shape, StructureShape) and shape.is_document_type

    def check(answer: Any, where: str) -> Iterator[str]:
        if is_free or (isinstance(answer, TYPES[kind]) and isinstance(answer, bool) == (kind == "boolean")):
            yield from inside(answer, where)
        else:
            yield f"{where} is {type(answer).__name__}, not {kind}"

    return check


def _empty(answer: Any, where: str) -> Iterator[str]:
    if answer not in ({}, None):
        yield f"{where} is not empty"


def _anything(_answer: Any, _where: str) -> Iterator[str]:
    yield from ()


def _each(check: Check) -> Check:
    def check_items(answer: Any, where: str) -> Iterator[str]:
        for number, item in enumerate(answer):
            yield from check(item, f"{where}[{number}]")

    return check_items


def _each_value(check: Check) -> Check:
    def check_values(answer: Any, where: str) -> Iterator[str]:
        for key, value in answer.items():
            yield from check(value, f"{where}[{key!r}]")

    return check_values


def _one_of(values: frozenset[str]) -> Check:
    def check(answer: Any, where: str) -> Iterator[str]:
        if answer not in values:
            yield f"{where} is {answer!r}, none of the enum"

    return check
