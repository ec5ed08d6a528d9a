"""The methods of texts, lists and maps that templates may call: Java's, by Java's names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import regex

from idp.domain.velocity.errors import TemplateFailed
from idp.domain.velocity.values import TemplateObject, printed

REGEX_TIMEOUT_S = 0.5
MAX_TEXT = 10 * 1024 * 1024


def call_method(value: Any, name: str, arguments: list[Any]) -> Any:
    """Call a method of a value; a null answers every call with null.

    Raises:
        TemplateFailed: the value has no such method, or the arguments do not fit it.
    """
    if value is None:
        return None
    if isinstance(value, TemplateObject):
        return value.call(name, arguments)
    method = _methods_of(value).get(name) or _ANY.get(name)
    if method is None:
        raise TemplateFailed(f"There is no method {name} here.")
    try:
        return method(value, *arguments)
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        raise TemplateFailed(f"The method {name} does not take these arguments.") from error


def _methods_of(value: Any) -> Mapping[str, Callable[..., Any]]:
    if isinstance(value, str):
        return _TEXT
    if isinstance(value, list):
        return _LIST
    return _MAP if isinstance(value, dict) else {}


def _substring(text: str, start: int, end: int | None = None) -> str:
    return text[start:end]


def _replace(text: str, old: str, new: str) -> str:
    if len(text) + text.count(old) * len(new) > MAX_TEXT:
        raise ValueError("too long")
    return text.replace(old, new)


def _replace_all(text: str, pattern: str, replacement: str) -> str:
    """Replace what a Java regular expression matches; `$1` stands for a group."""
    template = regex.sub(r"\\(?![\\$])", "", replacement)
    template = regex.sub(r"(?<!\\)\$(\d)", r"\\g<\1>", template).replace("\\$", "$")
    try:
        replaced: str = regex.sub(pattern, template, text, timeout=REGEX_TIMEOUT_S)
    except (regex.error, TimeoutError) as error:
        raise ValueError(pattern) from error
    return replaced


def _split(text: str, pattern: str) -> list[str]:
    try:
        return list(regex.split(pattern, text, timeout=REGEX_TIMEOUT_S))
    except (regex.error, TimeoutError) as error:
        raise ValueError(pattern) from error


def _matches(text: str, pattern: str) -> bool:
    try:
        return regex.fullmatch(pattern, text, timeout=REGEX_TIMEOUT_S) is not None
    except (regex.error, TimeoutError) as error:
        raise ValueError(pattern) from error


def _get(items: list[Any], index: int) -> Any:
    return items[index]


def _add(items: list[Any], value: Any) -> bool:
    items.append(value)
    return True


def _put(mapping: dict[str, Any], key: Any, value: Any) -> Any:
    previous = mapping.get(printed(key))
    mapping[printed(key)] = value
    return previous


def _entries(mapping: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in mapping.items()]


_ANY: Mapping[str, Callable[..., Any]] = {
    "equals": lambda value, other: value == other,
    "toString": printed,
}
_TEXT: Mapping[str, Callable[..., Any]] = {
    "contains": lambda text, part: printed(part) in text,
    "endsWith": lambda text, part: text.endswith(part),
    "equalsIgnoreCase": lambda text, other: text.lower() == printed(other).lower(),
    "indexOf": lambda text, part: text.find(part),
    "isEmpty": lambda text: not text,
    "length": len,
    "matches": _matches,
    "replace": _replace,
    "replaceAll": _replace_all,
    "split": _split,
    "startsWith": lambda text, part: text.startswith(part),
    "substring": _substring,
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "trim": str.strip,
}
_LIST: Mapping[str, Callable[..., Any]] = {
    "add": _add,
    "contains": lambda items, value: value in items,
    "get": _get,
    "isEmpty": lambda items: not items,
    "size": len,
}
_MAP: Mapping[str, Callable[..., Any]] = {
    "containsKey": lambda mapping, key: printed(key) in mapping,
    "entrySet": _entries,
    "get": lambda mapping, key: mapping.get(printed(key)),
    "isEmpty": lambda mapping: not mapping,
    "keySet": list,
    "put": _put,
    "remove": lambda mapping, key: mapping.pop(printed(key), None),
    "size": len,
    "values": lambda mapping: list(mapping.values()),
}
