"""The part of JSONPath that mapping templates use: members, indexes and wildcards from the root.

Source: RFC 9535 sections 2.2 and 2.3, without filters, slices and descendants; one match is itself, as in Jayway's
implementation for definite paths.
"""

from __future__ import annotations

import re
from typing import Any

_STEP = re.compile(
    r"\.\*|\[\*\]|\.([A-Za-z_$@\-][A-Za-z0-9_$@:\-]{0,199})|\[(-?[0-9]{1,9})\]|\['([^']{1,200})'\]|\[\"([^\"]{1,200})\"\]"
)
MAX_STEPS = 100
MISSING = None


class MalformedPath(ValueError):
    """A text is no path of this kind."""


def find(document: Any, path: str) -> Any:
    """Return what a path leads to; a list when it has a wildcard, None when it leads nowhere.

    Raises:
        MalformedPath: the path is none.
    """
    path = path.strip()
    if not path.startswith("$"):
        path = f"$.{path}"
    found, is_many, at = [document], False, 1
    for _ in range(MAX_STEPS):
        if at == len(path):
            break
        step = _STEP.match(path, at)
        if step is None:
            raise MalformedPath(path)
        at = step.end()
        is_many = is_many or step.group().endswith(("*", "*]"))
        found = [item for value in found for item in _stepped(value, step)]
    if is_many:
        return found
    return found[0] if found else MISSING


def _stepped(value: Any, step: re.Match[str]) -> list[Any]:
    name = step.group(1) or step.group(3) or step.group(4)
    if name is not None:
        return [value[name]] if isinstance(value, dict) and name in value else []
    if step.group(2) is not None:
        index = int(step.group(2))
        return [value[index]] if isinstance(value, list) and -len(value) <= index < len(value) else []
    if isinstance(value, list):
        return value
    return list(value.values()) if isinstance(value, dict) else []
