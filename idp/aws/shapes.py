"""Compiles a service model's input shapes into checkers that answer with AWS's own sentences.

A checker is a closure made once per shape. It takes a value as a protocol read it, and returns it with the model's
types: members by their names in the model, unknown and null ones gone, timestamps as aware datetimes, blobs as bytes.
Wrong types raise `Malformed` at once; broken constraints are collected, so that one message names them all.

Source: spec USER_POOLS section 0.4.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast

from botocore.model import ListShape, MapShape, OperationModel, Shape, StringShape, StructureShape

from idp.aws.errors import Malformed
from idp.aws.models import matcher

Check = Callable[[Any, str, list[str]], Any]
"""(value, path, violations so far) -> the value with its type."""

Constraint = tuple[str, Callable[[Any], bool]]
"""AWS's sentence, and whether a value holds it."""

INTEGER_BOUNDS = {"integer": (-(2**31), 2**31 - 1), "long": (-(2**63), 2**63 - 1)}
TYPE_NAMES = {
    "string": "String",
    "integer": "Integer",
    "long": "Long",
    "float": "Float",
    "double": "Double",
    "boolean": "Boolean",
    "blob": "ByteBuffer",
    "timestamp": "Date",
}


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
                raise Malformed(_unexpected(value, "Expected structure or null"))
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
        check_member = self.check_of(member)
        constraints = (*_constraints(shape), *_each(_constraints(member), "Member must satisfy constraint"))
        scalar = _is_scalar(member)
        sensitive = _is_sensitive(shape, member)

        def check(value: Any, path: str, found: list[str]) -> list[Any]:
            if type(value) is not list:
                raise Malformed(_unexpected(value, "Expected list or null"))
            # A scalar's own violations are told in the list's one sentence, a structure's under their own path.
            inner: list[str] = [] if scalar else found
            items = [
                check_member(item, f"{path}.{number}.member", inner)
                for number, item in enumerate(value, start=1)
                if item is not None
            ]
            _hold(items, path, constraints, found, sensitive=sensitive)
            return items

        return check

    def _map(self, shape: MapShape) -> Check:
        key, member = shape.key, shape.value
        check_member = self.check_of(member)
        constraints = (
            *_constraints(shape),
            *_each(_constraints(key), "Map keys must satisfy constraint"),
            *_each_value(_constraints(member), "Map value must satisfy constraint"),
        )
        scalar = _is_scalar(member)
        sensitive = _is_sensitive(shape, key, member)

        def check(value: Any, path: str, found: list[str]) -> dict[str, Any]:
            if type(value) is not dict:
                raise Malformed(_unexpected(value, "Expected map or null"))
            inner: list[str] = [] if scalar else found
            items = {
                _text(name): check_member(item, f"{path}.{name}.member", inner)
                for name, item in value.items()
                if item is not None
            }
            _hold(items, path, constraints, found, sensitive=sensitive)
            return items

        return check


def _scalar(shape: Shape) -> Check:
    convert = _converter(shape)
    constraints = _constraints(shape)
    sensitive = _is_sensitive(shape)
    if not constraints:
        return lambda value, _path, _found: convert(value)

    def check(value: Any, path: str, found: list[str]) -> Any:
        converted = convert(value)
        for sentence, holds in constraints:
            if not holds(converted):
                found.append(_violation(converted, path, sentence, sensitive=sensitive))
        return converted

    return check


def _document(value: Any, _path: str, _found: list[str]) -> Any:
    """Take a free JSON document as it stands."""
    return value


# ── types ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _converter(shape: Shape) -> Callable[[Any], Any]:
    """Return the function that gives a scalar its type or raises `Malformed`."""
    kind: str = shape.type_name
    if kind in {"string", "character"}:
        return _text
    if kind in INTEGER_BOUNDS:
        return _integer(kind)
    if kind in {"float", "double"}:
        return lambda value: float(value) if type(value) in {int, float} else _refuse(value, kind)
    if kind == "boolean":
        return lambda value: value if type(value) is bool else _refuse(value, kind)
    if kind == "blob":
        return _blob
    if kind == "timestamp":
        return _timestamp
    raise LookupError(f"no checker for {kind}")


def _text(value: Any) -> str:
    if type(value) is not str:
        _refuse(value, "string")
    if "\0" in value:
        # Unknown: what AWS says. PostgreSQL cannot store the character, so no text may hold it.
        raise Malformed("Strings must not contain the character U+0000")
    return cast("str", value)


def _integer(kind: str) -> Callable[[Any], int]:
    low, high = INTEGER_BOUNDS[kind]

    def convert(value: Any) -> int:
        if type(value) is float and value.is_integer():
            value = int(value)
        if type(value) is not int or not low <= value <= high:
            _refuse(value, kind)
        return cast("int", value)

    return convert


def _blob(value: Any) -> bytes:
    if type(value) is bytes:
        return value
    if type(value) is not str:
        _refuse(value, "blob")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("Invalid base64 in a binary member") from error


def _timestamp(value: Any) -> datetime:
    try:
        if type(value) in {int, float}:
            return datetime.fromtimestamp(value, UTC)
        if type(value) is str:
            return _written_time(value)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed("Unable to parse a timestamp") from error
    return cast("datetime", _refuse(value, "timestamp"))


def _written_time(text: str) -> datetime:
    """Read ISO 8601 (query and most REST members) or an HTTP date (REST headers); UTC when it names no zone."""
    moment = parsedate_to_datetime(text) if "," in text else datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _refuse(value: Any, kind: str) -> Any:
    raise Malformed(_unexpected(value, f"{_token(value)} can not be converted to a {TYPE_NAMES[kind]}"))


def _unexpected(value: Any, otherwise: str) -> str:
    """Return the parser's complaint about a value.  Source: spec USER_POOLS section 0.3; other texts are our choice."""
    if type(value) is dict:
        return "Start of structure or map found where not expected."
    if type(value) is list:
        return "Start of list found where not expected."
    return otherwise


def _token(value: Any) -> str:
    if type(value) is bool:
        return "TRUE_VALUE" if value else "FALSE_VALUE"
    return "STRING_VALUE" if type(value) is str else "NUMBER_VALUE"


# ── constraints ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _constraints(shape: Shape) -> tuple[Constraint, ...]:
    """Return the sentences of a shape's own constraints, in AWS's order: length or range, pattern, enum."""
    metadata = shape.metadata
    least, most = metadata.get("min"), metadata.get("max")
    kind: str = shape.type_name
    measured = "value" if kind in {"integer", "long", "float", "double"} else "length"
    size: Callable[[Any], Any] = (lambda value: value) if measured == "value" else len
    found: list[Constraint] = []
    if kind in {"structure", "boolean", "timestamp"}:
        return ()
    if most is not None:
        found.append((f"Member must have {measured} less than or equal to {most}", lambda value: size(value) <= most))
    if least:
        found.append(
            (f"Member must have {measured} greater than or equal to {least}", lambda value: size(value) >= least)
        )
    elif least == 0 and measured == "value":
        found.append(("Member must have value greater than or equal to 0", lambda value: value >= 0))
    pattern = metadata.get("pattern")
    if pattern is not None:
        found.append((f"Member must satisfy regular expression pattern: {pattern}", matcher(pattern)))
    if isinstance(shape, StringShape) and shape.enum:
        allowed = frozenset(shape.enum)
        found.append((f"Member must satisfy enum value set: [{', '.join(shape.enum)}]", allowed.__contains__))
    return tuple(found)


def _each(constraints: tuple[Constraint, ...], lead: str) -> tuple[Constraint, ...]:
    """Return one constraint on a list's items (or a map's keys): the sentence tells all of the item's constraints.

    Source: observed, `Value '[ADMIN_USER_PASSWORD_AUTH]' at 'explicitAuthFlows' failed to satisfy constraint: Member
    must satisfy constraint: [Member must satisfy enum value set: [...]]`.
    """
    if not constraints:
        return ()
    sentence = f"{lead}: [{', '.join(sentence for sentence, _ in constraints)}]"
    return ((sentence, lambda items: all(holds(item) for item in items for _, holds in constraints)),)


def _each_value(constraints: tuple[Constraint, ...], lead: str) -> tuple[Constraint, ...]:
    return tuple(
        (sentence, lambda items, holds=holds: holds(items.values())) for sentence, holds in _each(constraints, lead)
    )


def _hold(items: Any, path: str, constraints: tuple[Constraint, ...], found: list[str], *, sensitive: bool) -> None:
    for sentence, holds in constraints:
        if not holds(items):
            found.append(_violation(items, path, sentence, sensitive=sensitive))


def _violation(value: Any, path: str, sentence: str, *, sensitive: bool) -> str:
    shown = "" if sensitive or type(value) is bytes else f" '{_shown(value)}'"
    return f"Value{shown} at '{path}' failed to satisfy constraint: {sentence}"


def _shown(value: Any) -> str:
    """Write a value as Java's `toString` does."""
    if type(value) is list:
        return f"[{', '.join(_shown(item) for item in value)}]"
    if type(value) is dict:
        return f"{{{', '.join(f'{key}={_shown(item)}' for key, item in value.items())}}}"
    return str(value)


def _is_scalar(shape: Shape) -> bool:
    return shape.type_name not in {"structure", "list", "map"}


def _is_sensitive(*shapes: Shape) -> bool:
    """Say whether a value must not be echoed: the shape is sensitive, or holds members that are."""
    return any(shape.metadata.get("sensitive") or shape.type_name == "structure" for shape in shapes)
