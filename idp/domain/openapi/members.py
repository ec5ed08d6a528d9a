"""Reading members of a document: of the right type, or a sentence that says where it is not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_LAMBDA_URI = re.compile(r"arn:[a-z-]+:apigateway:[a-z0-9-]+:lambda:path/[^/]+/functions/(arn:[^/]+)/invocations")
_VARIABLE = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")


class MalformedApi(ValueError):
    """A document defines no API that can be served; the message is one sentence that says where."""

    def __init__(self, where: str, what: str) -> None:
        self.message = f"{where}: {what}"
        super().__init__(self.message)


def mapping(value: Any, where: str) -> Mapping[str, Any]:
    """Return a mapping with text keys; an empty one for what is absent."""
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise MalformedApi(where, "a mapping is expected.")
    return value


def texts(value: Any, where: str) -> Mapping[str, str]:
    """Return a mapping of texts to texts; scalars become text."""
    return {key: scalar_text(item, f"{where}.{key}") for key, item in mapping(value, where).items()}


def scalar_text(value: Any, where: str) -> str:
    """Return a text; numbers and booleans become one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise MalformedApi(where, "a text is expected.")


def text(value: Any, where: str) -> str:
    """Return a text that is not empty."""
    if not isinstance(value, str) or not value:
        raise MalformedApi(where, "a text is expected.")
    return value


def optional_text(value: Any, where: str) -> str | None:
    """Return a text that is not empty, or None for what is absent."""
    return None if value is None else text(value, where)


def listed(value: Any, where: str) -> tuple[str, ...]:
    """Return a list of texts; empty for what is absent."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise MalformedApi(where, "a list is expected.")
    return tuple(text(item, where) for item in value)


def whole_number(value: Any, where: str, *, at_least: int, at_most: int) -> int:
    """Return a whole number within limits; digits in quotes are one too."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not at_least <= value <= at_most:
        raise MalformedApi(where, f"a whole number from {at_least} to {at_most} is expected.")
    return value


def choice(value: Any, where: str, *choices: str) -> str:
    """Return one of some words, compared in lower case."""
    word = text(value, where).lower()
    if word not in choices:
        raise MalformedApi(where, f"one of {', '.join(choices)} is expected.")
    return word


def pattern(value: Any, where: str) -> str | None:
    """Return a regular expression, or None for what is absent."""
    expression = optional_text(value, where)
    if expression is not None:
        try:
            re.compile(expression)
        except re.error as error:
            raise MalformedApi(where, f"it is no regular expression ({error}).") from error
    return expression


def lambda_arn(uri: str, where: str) -> str:
    """Return the function's ARN out of the URI by which API Gateway invokes it, or an ARN that stands for itself."""
    found = _LAMBDA_URI.fullmatch(uri)
    if found is not None:
        return found.group(1)
    if uri.startswith("arn:") and ":lambda:" in uri and ":function:" in uri:
        return uri
    raise MalformedApi(where, "the ARN of a Lambda invocation is expected.")


def filled_in(value: str, variables: Mapping[str, str], where: str) -> str:
    """Return a URI with its stage variables filled in."""

    def replaced(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in variables:
            raise MalformedApi(where, f"there is no stage variable {name}.")
        return variables[name]

    return _VARIABLE.sub(replaced, value)
