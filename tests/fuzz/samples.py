"""Values for a shape without parts: those that its model takes, edges among them, those that it does not, and nonsense."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import orjson
from botocore.model import Shape, StringShape

from idp.aws.constraints import constraints_of

LONGEST = 20_001
TEXTS: Sequence[str] = (
    "a",
    "ann",
    "123456",
    "A1-b_2.c",
    "email",
    "ann@example.com",
    "https://app.example.com/callback",
    "http://localhost/",
    "https://[",
    "https://app.example.com:99999/",
    "https://\u3000.example.com/",
    "http://ann:secret@localhost:1/#%",
    "us-east-1",
    "us-east-1_nowhere00",
    "arn:aws:lambda:us-east-1:000000000000:function:nothing",
    "arn:aws:iam::000000000000:role/nobody",
    "arn:aws:s3:::bucket",
    "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
    "us-east-1_0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
    "import-abc",
    "cognito:english",
    "terms-of-use",
    "Your code is {####}",
    "Click {##here##}",
    "Correct-horse-7",
    "10.0.0.0/8",
    "AAAA",
    "true",
    "0",
    "-1",
    "1e309",
    "99999999999999999999",
    "2026-01-01T00:00:00Z",
    "é\u0301",
    "\U0001f600",
    "\u202e\ufeff",
    "\u212aelvin",
    "a b",
    " ",
    "\t\n",
    "\u0001\u001b[0m",
    "\x7f",
    "'\"<>&;--",
    "../../etc/passwd",
    "%00%0d%0a",
    "${jndi:ldap://127.0.0.1/}",
    "{####}{username}",
    "[]",
    '{"a": {}}',
    "",
)
STRETCHED: Sequence[str] = ("a", "A", "7", "é", "\U0001f600")
FRAMES: Sequence[str] = ("{}", "{}{{####}}", "{}{{##a##}}", "{}@example.com", "https://a.example/{}", "import-{}")
NUMBERS: Sequence[int] = (0, 1, 2, 3, 60, 61, 1_440, -1, 2**31 - 1, -(2**31), 2**31, 2**63 - 1, 2**63)
MOMENTS: Sequence[float] = (1_700_000_000, 1_772_452_800.5, 0, -1, 253_402_300_799, 253_402_300_800, 1e18)
BLOBS: Sequence[str] = ("AAAA", "iVBORw0KGgo=", "PHN2Zy8+", "A" * 4_000, "", "!!", "AAA")
DOCUMENTS: Sequence[Any] = ({}, {"id": "a"}, {"a": [1, None, {"b": "c"}]}, [], "", 0, None)

WRONG: Sequence[Any] = (
    None,
    True,
    0,
    -1,
    "",
    "x",
    [],
    {},
    [[]],
    [None],
    {"": ""},
    {"a": {}},
    1.5,
    1e300,
    "\u0000",
    "a" * 3_000,
    ["a"] * 300,
    orjson.Fragment(b"1" * 400),
    orjson.Fragment(b"1e999"),
    orjson.Fragment(b"-0"),
    orjson.Fragment(rb'"\ud800"'),
    orjson.Fragment(b"[" * 60 + b"]" * 60),
    orjson.Fragment(b'{"a":' * 150 + b"1" + b"}" * 150),
    orjson.Fragment(b'{"a":1,"a":2}'),
    orjson.Fragment(b"NaN"),
    orjson.Fragment(b'"\xff"'),
)
"""Values of every type, and pieces of JSON that parsers disagree about."""


@cache
def fitting(shape: Shape) -> Sequence[Any]:
    """Return values that the model takes for a scalar, the plainest first."""
    return tuple(value for value in _candidates(shape) if _fits(shape, value)) or ("a",)


@cache
def breaking(shape: Shape) -> Sequence[Any]:
    """Return values of a scalar's type that break its constraints; of others', when it has none."""
    return tuple(value for value in _candidates(shape) if not _fits(shape, value)) or WRONG


def _candidates(shape: Shape) -> Iterator[Any]:
    kind = shape.type_name
    if isinstance(shape, StringShape):
        yield from (*shape.enum, *TEXTS, *_stretched(shape))
    elif kind in {"integer", "long"}:
        edges = [shape.metadata.get("min"), shape.metadata.get("max")]
        yield from (edge + step for edge in edges if edge is not None for step in (0, -1, 1))
        yield from NUMBERS
    elif kind == "boolean":
        yield from (False, True, "true", 0)
    elif kind == "timestamp":
        yield from (*MOMENTS, "soon")
    elif kind == "blob":
        yield from BLOBS
    else:
        yield from NUMBERS


def _stretched(shape: Shape) -> Iterator[str]:
    """Give texts as long as the shape allows, one character more and one less."""
    for length in {shape.metadata.get("min", 0), shape.metadata.get("max", 3_000)}:
        for step in (0, -1, 1):
            size = min(max(length + step, 0), LONGEST)
            yield from (letter * size for letter in STRETCHED)
            yield from (_framed(frame, size) for frame in FRAMES[1:])


def _framed(frame: str, size: int) -> str:
    return frame.format("a" * max(size - len(frame.format("")), 1))


def _fits(shape: Shape, value: Any) -> bool:
    kind = shape.type_name
    if isinstance(shape, StringShape) or kind in {"integer", "long"}:
        is_held = kind not in {"integer", "long"} or -(2**31) <= value < 2**31
        return is_held and all(holds(value) for _, holds in constraints_of(shape))
    return type(value) is {"boolean": bool, "blob": str}.get(kind, type(value)) and value not in {
        "soon",
        "!!",
        "AAA",
        1e18,
    }
