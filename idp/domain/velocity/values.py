"""The values of a template: what they print as, and when they count as true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

import orjson

from idp.domain.velocity.errors import TemplateFailed

MAX_DEPTH = 100


@runtime_checkable
class TemplateObject(Protocol):
    """An object of ours that a template may ask, such as `$input`."""

    def member(self, name: str) -> Any:
        """Return a property; None when there is none."""
        ...

    def call(self, name: str, arguments: list[Any]) -> Any:
        """Call a method.

        Raises:
            TemplateFailed: there is none such, or not with these arguments.
        """
        ...


def printed(value: Any, depth: int = 0) -> str:
    """Return what a value prints as: maps in Java's form, lists as JSON, nothing for null.

    Raises:
        TemplateFailed: it is nested more than 100 deep, or holds itself.

    Source: observed, spec RECORDED_FACTS section 2, test_input_path_template_formatting.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        if depth > MAX_DEPTH:
            raise TemplateFailed("A value is nested too deeply to be printed.")
        return "{" + ", ".join(f"{key}={printed(item, depth + 1)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return json_text(value)
    return str(value)


def json_text(value: Any) -> str:
    """Return a value as JSON.

    Raises:
        TemplateFailed: it cannot be written so.
    """
    try:
        return orjson.dumps(value).decode()
    except TypeError as error:
        raise TemplateFailed("A value cannot be printed as JSON.") from error


def is_true(value: Any) -> bool:
    """Say whether a condition holds: everything does but null and false.  Source: Velocity 1.7, "Conditionals"."""
    return value is not None and value is not False


def member_of(value: Any, name: str) -> Any:
    """Return a property of a value; None when it has none."""
    if isinstance(value, Mapping):
        return value.get(name)
    if isinstance(value, TemplateObject):
        return value.member(name)
    return None


def item_of(value: Any, key: Any) -> Any:
    """Return `value[key]`; None when there is none."""
    if isinstance(value, list):
        is_index = isinstance(key, int) and not isinstance(key, bool) and -len(value) <= key < len(value)
        return value[key] if is_index else None
    return member_of(value, printed(key))
