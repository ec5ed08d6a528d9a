"""The filter of ListUsers: one condition on one searchable attribute.  Source: AWS API_ListUsers; spec USER_POOLS 2.14."""

from __future__ import annotations

import re
from dataclasses import dataclass

from idp.domain.errors import InvalidParameter

SEARCHABLE = frozenset(
    {
        "username",
        "email",
        "phone_number",
        "name",
        "given_name",
        "family_name",
        "preferred_username",
        "cognito:user_status",
        "status",
        "sub",
    }
)

# No two parts can match the same character, so that a scan is linear.
_CONDITION = re.compile(r'\s*([^\s=^"]+)\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed filter: users whose attribute is `value`, or begins with it.

    Attributes:
        attribute: one of `SEARCHABLE`.
        value: as typed, without the escaping backslashes.
    """

    attribute: str
    is_prefix: bool
    value: str


def parse_filter(text: str) -> Condition | None:
    """Parse `<attribute> = "<value>"` or `<attribute> ^= "<prefix>"`.

    Returns:
        None for an empty filter: all users.

    Raises:
        InvalidParameter: the text is none, or the attribute cannot be searched by.
    """
    if not text.strip():
        return None
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise InvalidParameter("Error while parsing filter")
    attribute, operator, value = found.groups()
    if attribute not in SEARCHABLE:
        raise InvalidParameter(f"Invalid search attribute: {attribute}")
    return Condition(attribute, operator == "^=", _ESCAPED.sub(r"\1", value))
