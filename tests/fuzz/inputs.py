"""Inputs from a service's model: well-formed, at the edges of every constraint, and of the wrong type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape
from hypothesis import strategies as st

LONG = 3_000
MAX_DEPTH = 4
WRONG: Sequence[Any] = (None, True, 0, -1, 1e300, "", "x", [], {}, [[]], {"a": {}})
TEXTS: Sequence[str] = (
    "",
    " ",
    "a",
    "ann",
    "\u0000",
    "é",
    "\U0001f600",
    "a" * 129,
    "a" * LONG,
    "../..",
    "%00",
    "{####}",
    "'\"<",
)
NUMBERS: Sequence[int] = (-(2**63), -1, 0, 1, 2, 60, 61, 2**31, 2**63)


def inputs(shape: Shape | None, known: Mapping[str, Sequence[Any]]) -> st.SearchStrategy[Any]:
    """Return what an operation may be sent: a mapping by its input shape, and sometimes nonsense.

    Args:
        known: member name -> values that exist on the server, so that inputs reach what lies behind the look-ups.
    """
    return _structure(shape, known, 0) if isinstance(shape, StructureShape) else st.just({})


def _value(shape: Shape, name: str, known: Mapping[str, Sequence[Any]], depth: int) -> st.SearchStrategy[Any]:
    likely = [_by_type(shape, name, known, depth)]
    if name in known:
        likely = [st.sampled_from(known[name])] * 3 + likely
    return st.one_of(*likely, *likely, st.sampled_from(WRONG))


def _by_type(shape: Shape, name: str, known: Mapping[str, Sequence[Any]], depth: int) -> st.SearchStrategy[Any]:
    if depth > MAX_DEPTH:
        return st.sampled_from(WRONG)
    if isinstance(shape, StructureShape):
        return _structure(shape, known, depth)
    if isinstance(shape, ListShape):
        return st.lists(_value(shape.member, name, known, depth + 1), max_size=3)
    if isinstance(shape, MapShape):
        return st.dictionaries(
            st.sampled_from([*known.get(f"{name}.key", ("a",)), "", "b"]),
            _value(shape.value, name, known, depth + 1),
            max_size=3,
        )
    if isinstance(shape, StringShape):
        return _text(shape)
    return _scalar(shape)


def _scalar(shape: Shape) -> st.SearchStrategy[Any]:
    kind = shape.type_name
    if kind in {"integer", "long"}:
        edges = [shape.metadata.get("min", 0) - 1, shape.metadata.get("min", 0), shape.metadata.get("max", 1)]
        return st.sampled_from([*edges, shape.metadata.get("max", 1) + 1, *NUMBERS])
    if kind == "boolean":
        return st.booleans()
    if kind == "timestamp":
        return st.sampled_from([0, -1, 1_700_000_000, 1e18, "2026-01-01T00:00:00Z", "soon"])
    return st.sampled_from(["", "AAAA", "!!", "a" * LONG])


def _structure(shape: StructureShape, known: Mapping[str, Sequence[Any]], depth: int) -> st.SearchStrategy[Any]:
    values = {name: _value(member, name, known, depth + 1) for name, member in shape.members.items()}
    required = {name: values[name] for name in shape.required_members}
    optional = {name: value for name, value in values.items() if name not in required}
    well_formed = st.fixed_dictionaries(required, optional=optional)
    lacking = st.fixed_dictionaries({}, optional=values)
    return st.one_of(well_formed, well_formed, well_formed, lacking)


def _text(shape: StringShape) -> st.SearchStrategy[Any]:
    least, most = shape.metadata.get("min", 0), min(shape.metadata.get("max", LONG), LONG)
    edges = ["a" * each for each in {max(least - 1, 0), least, most, most + 1}]
    return st.one_of(st.sampled_from([*shape.enum, *edges, *TEXTS]), st.text(max_size=12))
