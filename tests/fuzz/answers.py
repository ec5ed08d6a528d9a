"""Whether an answer is one that the service's model allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

TYPES: dict[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "boolean": (bool,),
    "timestamp": (int, float),
    "blob": (str,),
    "double": (int, float),
    "float": (int, float),
}


def faults(answer: Any, shape: Shape | None, where: str = "answer") -> Iterator[str]:
    """Return what in an answer the model does not allow: wrong types, unknown members, missing ones, unknown enum values."""
    if shape is None:
        if answer not in ({}, None):
            yield f"{where} is not empty"
        return
    if not _has_type(answer, shape):
        yield f"{where} is {type(answer).__name__}, not {shape.type_name}"
    elif isinstance(shape, StructureShape):
        yield from _members(answer, shape, where)
    elif isinstance(shape, ListShape):
        for number, item in enumerate(answer):
            yield from faults(item, shape.member, f"{where}[{number}]")
    elif isinstance(shape, MapShape):
        for key, value in answer.items():
            yield from faults(value, shape.value, f"{where}[{key!r}]")
    elif isinstance(shape, StringShape) and shape.enum and answer not in shape.enum:
        yield f"{where} is {answer!r}, none of the enum"


def _has_type(answer: Any, shape: Shape) -> bool:
    is_truth = isinstance(answer, bool)
    return isinstance(answer, TYPES[shape.type_name]) and is_truth == (shape.type_name == "boolean")


def _members(answer: dict[str, Any], shape: StructureShape, where: str) -> Iterator[str]:
    for name in shape.required_members:
        if name not in answer:
            yield f"{where} lacks {name}"
    for name, value in answer.items():
        if name not in shape.members:
            yield f"{where} has {name}, which the model lacks"
        else:
            yield from faults(value, shape.members[name], f"{where}.{name}")
