"""What a model demands of values beside their types, and AWS's sentence when one fails.

Source: spec USER_POOLS section 0.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from botocore.model import Shape, StringShape

from idp.aws.models import matcher

NUMBERS = frozenset({"integer", "long", "float", "double"})

Constraint = tuple[str, Callable[[Any], bool]]
"""AWS's sentence, and whether a value holds it."""


def constraints_of(shape: Shape) -> tuple[Constraint, ...]:
    """Return the sentences of a shape's own constraints, in AWS's order: length or range, pattern, enum."""
    if shape.type_name in {"structure", "boolean", "timestamp"}:
        return ()
    found = [*_bounds(shape)]
    pattern = shape.metadata.get("pattern")
    if pattern is not None:
        found.append((f"Member must satisfy regular expression pattern: {pattern}", matcher(pattern)))
    if isinstance(shape, StringShape) and shape.enum:
        allowed = frozenset(shape.enum)
        found.append((f"Member must satisfy enum value set: [{', '.join(shape.enum)}]", allowed.__contains__))
    return tuple(found)


def _bounds(shape: Shape) -> Iterator[Constraint]:
    """Give the bounds of a number's value, or of a text's, list's or map's length."""
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    is_number = shape.type_name in NUMBERS
    measured = "value" if is_number else "length"
    size: Callable[[Any], Any] = _itself if is_number else len
    if most is not None:
        yield f"Member must have {measured} less than or equal to {most}", lambda value: size(value) <= most
    if least is not None:
        yield f"Member must have {measured} greater than or equal to {least}", lambda value: size(value) >= least


def _itself(value: Any) -> Any:
    return value


def on_each(shape: Shape, lead: str) -> tuple[Constraint, ...]:
    """Return one constraint on all items (of a list, or a map's keys): the sentence tells all constraints of an item.

    Structures and lists inside have none here: their violations stand under their own paths.

    Source: observed, `Value '[ADMIN_USER_PASSWORD_AUTH]' at 'explicitAuthFlows' failed to satisfy constraint: Member
    must satisfy constraint: [Member must satisfy enum value set: [...]]`.
    """
    constraints = constraints_of(shape) if is_scalar(shape) else ()
    if not constraints:
        return ()
    sentence = f"{lead}: [{', '.join(sentence for sentence, _ in constraints)}]"
    return ((sentence, lambda items: all(holds(item) for item in items for _, holds in constraints)),)


def on_each_value(shape: Shape, lead: str) -> tuple[Constraint, ...]:
    """Return the same for a map's values."""
    return tuple((sentence, _on_values(holds)) for sentence, holds in on_each(shape, lead))


def _on_values(holds: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda items: holds(items.values())


def hold(items: Any, path: str, constraints: tuple[Constraint, ...], found: list[str], *, sensitive: bool) -> None:
    """Add a violation for each constraint that a value breaks.

    Args:
        path: where the value stands, such as `userAttributes.1.member.name`.
        found: the violations so far.
        sensitive: leave the value out of the sentence.
    """
    for sentence, holds in constraints:
        if not holds(items):
            found.append(_violation(items, path, sentence, sensitive=sensitive))


def _violation(value: Any, path: str, sentence: str, *, sensitive: bool) -> str:
    hidden = type(value) is bytes or (sensitive and value != [])
    shown = "" if hidden else f" '{_shown(value)}'"
    return f"Value{shown} at '{path}' failed to satisfy constraint: {sentence}"


def _shown(value: Any) -> str:
    """Write a value as Java's `toString` does."""
    if type(value) is list:
        return f"[{', '.join(_shown(item) for item in value)}]"
    if type(value) is dict:
        return f"{{{', '.join(f'{key}={_shown(item)}' for key, item in value.items())}}}"
    return str(value)


def is_scalar(shape: Shape) -> bool:
    """Say whether a shape has no parts."""
    return shape.type_name not in {"structure", "list", "map"}


def is_sensitive(*shapes: Shape) -> bool:
    """Say whether a value must not be echoed: the shape is sensitive, or holds members that are."""
    return any(shape.metadata.get("sensitive") or shape.type_name == "structure" for shape in shapes)
