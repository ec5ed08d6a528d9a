"""Refuse JSON objects that name a member twice, which two readers would read differently."""

import json
from typing import Any

import orjson


class AmbiguousObject(ValueError):
    """A JSON object names a member twice, or nobody can tell."""


def require_unique_members(text: bytes, parsed: dict[str, Any]) -> None:
    """Check that no object in a JSON text names a member twice.

    Text that equals its own compact serialization has no duplicates, which is quick to see and true of most tokens;
    only other text is read a second time.

    Args:
        text: UTF-8 JSON that orjson accepted.
        parsed: what orjson made of it.

    Raises:
        AmbiguousObject: there is one, or the text is too deep, or its numbers are too long, to read again.

    Source: RFC 8725 section 2.4; RFC 8259 section 4.
    """
    try:
        if orjson.dumps(parsed) != text:
            json.loads(text, object_pairs_hook=_unique)
    except (orjson.JSONEncodeError, RecursionError, ValueError) as error:
        raise AmbiguousObject from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise AmbiguousObject
    return members
