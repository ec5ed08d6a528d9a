"""Gives scalars of a request the types of the model; a wrong type is `Malformed` at once."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

from botocore.model import Shape

from idp.aws.errors import Malformed
from idp.aws.moments import parse_moment

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


def converter(shape: Shape) -> Callable[[Any], Any]:
    """Return the function that gives a scalar its type or raises `Malformed`."""
    kind: str = shape.type_name
    if kind in {"string", "character"}:
        return text_of
    if kind in INTEGER_BOUNDS:
        return _integer(kind)
    if kind in {"float", "double"}:
        return lambda value: float(value) if type(value) in {int, float} else _refuse(value, kind)
    if kind == "boolean":
        return lambda value: value if type(value) is bool else _refuse(value, kind)
    if kind == "blob":
        return _blob
    if kind == "timestamp":
        return _timestamp if shape.serialization.get("timestampFormat") in {None, "unixTimestamp"} else _written_moment
    raise LookupError(f"no checker for {kind}")


def text_of(value: Any) -> str:
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
    if isinstance(value, datetime):
        return value
    if type(value) not in {int, float}:
        _refuse(value, "timestamp")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed("Unable to parse a timestamp") from error


def _written_moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    return parse_moment(value) if type(value) is str else cast("datetime", _refuse(value, "timestamp"))


def _refuse(value: Any, kind: str) -> Any:
    raise Malformed(unexpected(value, f"{_token(value)} can not be converted to a {TYPE_NAMES[kind]}"))


def unexpected(value: Any, otherwise: str) -> str:
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
