"""The attributes every user pool has.

Source: AWS "Working with user attributes"; OpenID Connect Core 1.0 section 5.1; spec USER_POOLS section 2.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MAX_TEXT_LENGTH = 2048


def _text(name: str, *, minimum: int = 0, maximum: int = MAX_TEXT_LENGTH) -> dict[str, Any]:
    bounds = {"MinLength": str(minimum), "MaxLength": str(maximum)}
    return {"Name": name, "AttributeDataType": "String", "StringAttributeConstraints": bounds}


def _truth(name: str) -> dict[str, Any]:
    return {"Name": name, "AttributeDataType": "Boolean"}


_IN_ORDER: tuple[dict[str, Any], ...] = (
    {**_text("sub", minimum=1), "Mutable": False, "Required": True},
    *map(_text, ("name", "given_name", "family_name", "middle_name", "nickname", "preferred_username")),
    *map(_text, ("profile", "picture", "website", "email")),
    _truth("email_verified"),
    _text("gender"),
    _text("birthdate", minimum=10, maximum=10),
    *map(_text, ("zoneinfo", "locale", "phone_number")),
    _truth("phone_number_verified"),
    _text("address"),
    {"Name": "updated_at", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MinValue": "0"}},
    {"Name": "identities", "AttributeDataType": "String", "StringAttributeConstraints": {}},
)

STANDARD: Mapping[str, Mapping[str, Any]] = {each["Name"]: each for each in _IN_ORDER}
"""Name to definition as SchemaAttributeType, in the order of answers.  What is left out: Mutable true, Required false."""

UNWRITABLE = frozenset({"sub", "identities"})
"""What nobody may set: the pool does."""

VERIFIABLE = ("email", "phone_number")
"""Attributes that codes can be sent to; each has a `_verified` beside it."""

VERIFIED_FLAGS = frozenset(f"{name}_verified" for name in VERIFIABLE)
"""What only the pool and administrators set, never a client."""
