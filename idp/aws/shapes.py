"""Compiles a service model's input shapes into checkers that answer with AWS's own sentences.

A checker is a closure made once per shape. It takes a value as a protocol read it, and returns it with the model's
types: members by their names in the model, unknown and null ones gone, timestamps as aware datetimes, blobs as bytes.
Wrong types raise `Malformed` at once; broken constraints are collected, so that one message names them all.

Source: spec USER_POOLS section 0.4.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from idp.aws.constraints import constraints_of, hold, is_scalar, is_sensitive, on_each, on_each_value
from idp.aws.errors import Malformed
from idp.aws.scalars import converter, text_of, unexpected

Check = Callable[[Any, str, list[str]], Any]
"""(value, path, violations so far) -> the value with its type."""


def input_checker(operation: OperationModel) -> Callable[[Any], tuple[dict[str, Any], list[str]]]:
    """Return the checker of an operation's parameters.

    The checker returns the typed parameters and the violations; with violations, members may be missing.
    """
    shape = operation.input_shape
    if shape is None:
        return lambda _: ({}, [])
    check = _Compiler().check_of(shape)

    def check_input(value: Any) -> tuple[dict[str, Any], list[str]]:
        violations: list[str] = []
        parameters: dict[str, Any] = check(value, "", violations)
        return parameters, violations

    return check_input


class _Compiler:
    """Makes each shape's checker once, so that a shape may contain itself."""

    def __init__(self) -> None:
        self._made: dict[str, Check] = {}

    def check_of(self, shape: Shape) -> Check:
        if shape.name not in self._made:
            self._made[shape.name] = lambda value, path, found: self._made[shape.name](value, path, found)
            self._made[shape.name] = self._compile(shape)
        return self._made[shape.name]

    def _compile(self, shape: Shape) -> Check:
        if isinstance(shape, StructureShape):
            return _document if shape.is_document_type else self._structure(shape)
        if isinstance(shape, ListShape):
            return self._list(shape)
        if isinstance(shape, MapShape):
            return self._map(shape)
        return _scalar(shape)

    def _structure(self, shape: StructureShape) -> Check:
        members = tuple(
            (
                member.serialization.get("name", name),
                name,
                name[0].lower() + name[1:],
                self.check_of(member),
                name in shape.required_members,
            )
            for name, member in shape.members.items()
        )

        def check(value: Any, path: str, found: list[str]) -> dict[str, Any]:
            if type(value) is not dict:
                raise Malformed(unexpected(value, "Expected structure or null"))
            prefix = f"{path}." if path else ""
            checked = {}
            for wire_name, name, path_name, check_member, required in members:
                item = value.get(wire_name)
                if item is not None:
                    checked[name] = check_member(item, prefix + path_name, found)
                elif required:
                    found.append(
                        f"Value null at '{prefix}{path_name}' failed to satisfy constraint: Member must not be null"
                    )
            return checked

        return check

    def _list(self, shape: ListShape) -> Check:
        member = shape.member
        check_member = self._check_inside(member)
        constraints = (*constraints_of(shape), *on_each(member, "Member must satisfy constraint"))
        sensitive = is_sensitive(shape, member)

        def check(value: Any, path: str, found: list[str]) -> list[Any]:
            if type(value) is not list:
                raise Malformed(unexpected(value, "Expected list or null"))
            items = [
                check_member(item, f"{path}.{number}.member", found)
                for number, item in enumerate(value, start=1)
                if item is not None
            ]
            hold(items, path, constraints, found, sensitive=sensitive)
            return items

        return check

    def _map(self, shape: MapShape) -> Check:
        key, member = shape.key, shape.value
        check_member = self._check_inside(member)
        constraints = (
            *constraints_of(shape),
            *on_each(key, "Map keys must satisfy constraint"),
            *on_each_value(member, "Map value must satisfy constraint"),
        )
        sensitive = is_sensitive(shape, key, member)

        def check(value: Any, path: str, found: list[str]) -> dict[str, Any]:
            if type(value) is not dict:
                raise Malformed(unexpected(value, "Expected map or null"))
            items = {
                text_of(name): check_member(item, f"{path}.{name}.member", found)
                for name, item in value.items()
                if item is not None
            }
            hold(items, path, constraints, found, sensitive=sensitive)
            return items

        return check

    def _check_inside(self, shape: Shape) -> Check:
        """Return the check of a list's items or a map's values.

        A scalar only gets its type: what is wrong with it is told in the list's own sentence, not under its own path.
        """
        if not is_scalar(shape):
            return self.check_of(shape)
        convert = converter(shape)
        return lambda value, _path, _found: convert(value)


def _scalar(shape: Shape) -> Check:
    convert = converter(shape)
    constraints = constraints_of(shape)
    sensitive = is_sensitive(shape)
    if not constraints:
        return lambda value, _path, _found: convert(value)

    def check(value: Any, path: str, found: list[str]) -> Any:
        converted = convert(value)
        hold(converted, path, constraints, found, sensitive=sensitive)
        return converted

    return check


def _document(value: Any, _path: str, _found: list[str]) -> Any:
    """Take a free JSON document as it stands."""
    return value
