"""One attribute of a schema: what defines it, and which values it takes.

Source: AWS API_SchemaAttributeType; spec USER_POOLS section 2.3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from idp.domain.errors import InvalidParameter
from idp.domain.standard_attributes import MAX_TEXT_LENGTH, STANDARD, UNWRITABLE

TYPES = ("String", "Number", "DateTime", "Boolean")
MAX_DIGITS = 19  # a signed 64-bit integer
_CONSTRAINTS = {"String": "StringAttributeConstraints", "Number": "NumberAttributeConstraints"}
_BOUNDS = {"String": ("MinLength", "MaxLength", "length"), "Number": ("MinValue", "MaxValue", "value")}


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a schema.

    Attributes:
        name: in full: `email`, `custom:role`, `dev:custom:role`.
        type: one of `TYPES`.
        constraints: the API's members, numbers as text; None for types that have none.
    """

    name: str
    type: str
    mutable: bool = True
    required: bool = False
    developer_only: bool = False
    constraints: Mapping[str, str] | None = None

    def describe(self) -> dict[str, Any]:
        """Return the attribute as SchemaAttributes shows it."""
        described = {
            "Name": self.name,
            "AttributeDataType": self.type,
            "DeveloperOnlyAttribute": self.developer_only,
            "Mutable": self.mutable,
            "Required": self.required,
        }
        if self.constraints is not None:
            described[_CONSTRAINTS[self.type]] = dict(self.constraints)
        return described

    def find_fault(self, value: str) -> str | None:
        """Return what is wrong with a value; None when nothing is.

        Unknown: Cognito's sentences for wrong types and for values that are too small; ours follow the known ones.
        """
        if not _IS_OF_TYPE[self.type](value):
            return f"Value is not of type {self.type}"
        bounds = self.constraints or {}
        if self.type == "String":
            return _length_fault(value, bounds.get("MinLength"), bounds.get("MaxLength"))
        return _size_fault(value, bounds.get("MinValue"), bounds.get("MaxValue"))

    def check_definition(self) -> None:
        """Check the constraints against one another.

        Raises:
            InvalidParameter: with the sentences of spec section 2.3.
        """
        if self.constraints is None:
            return
        low, high, what = _BOUNDS[self.type]
        try:
            minimum, maximum = (int(self.constraints[key]) if key in self.constraints else None for key in (low, high))
        except ValueError as error:
            raise InvalidParameter(f"Invalid {_CONSTRAINTS[self.type]} for schema attribute {self.name}") from error
        if self.type == "String" and maximum is not None and maximum > MAX_TEXT_LENGTH:
            raise InvalidParameter(
                f"user.{self.name}: String attributes cannot have a length of more than {MAX_TEXT_LENGTH}"
            )
        if minimum is not None and maximum is not None and maximum < minimum:
            raise InvalidParameter(f"user.{self.name}: Max {what} cannot be less than min {what}.")


def full_name(document: Mapping[str, Any]) -> str:
    """Return the name a definition gives its attribute: custom ones are given by bare name.

    Raises:
        InvalidParameter: it gives none.  Unknown: Cognito's sentence; ours says which member is missing.
    """
    name: str | None = document.get("Name")
    if name is None:
        raise InvalidParameter("The attribute name of a schema attribute is missing.")
    if name in STANDARD:
        return name
    return f"dev:custom:{name}" if document.get("DeveloperOnlyAttribute") else f"custom:{name}"


def standard_attribute(name: str, document: Mapping[str, Any]) -> Attribute:
    """Return a standard attribute with what the pool changes: Required, Mutable, bounds.  `sub` and `identities` stay."""
    default = STANDARD[name]
    changed = {} if name in UNWRITABLE else document
    constraints = _CONSTRAINTS.get(default["AttributeDataType"])
    return Attribute(
        name=name,
        type=default["AttributeDataType"],
        mutable=changed.get("Mutable", default.get("Mutable", True)),
        required=changed.get("Required", default.get("Required", False)),
        constraints={**default[constraints], **changed.get(constraints, {})} if constraints else None,
    )


def custom_attribute(name: str, document: Mapping[str, Any]) -> Attribute:
    """Return the custom attribute that a definition describes."""
    kind = document["AttributeDataType"]
    constraints = _CONSTRAINTS.get(kind)
    return Attribute(
        name=name,
        type=kind,
        mutable=document.get("Mutable", True),
        developer_only=document.get("DeveloperOnlyAttribute", False),
        constraints=dict(document.get(constraints, {})) if constraints else None,
    )


def _length_fault(value: str, low: str | None, high: str | None) -> str | None:
    maximum = int(high) if high is not None else MAX_TEXT_LENGTH
    if len(value) > maximum:
        return f"String must be no longer than {maximum} characters"
    if low is not None and len(value) < int(low):
        return f"String must be no shorter than {int(low)} characters"
    return None


def _size_fault(value: str, low: str | None, high: str | None) -> str | None:
    if high is not None and int(value) > int(high):
        return f"Number must be no greater than {int(high)}"
    if low is not None and int(value) < int(low):
        return f"Number must be no less than {int(low)}"
    return None


def _is_number(value: str) -> bool:
    digits = value.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS


def _is_moment(value: str) -> bool:
    if _is_number(value):
        return True
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


_IS_OF_TYPE: Mapping[str, Callable[[str], bool]] = {
    "String": lambda value: True,  # noqa: ARG005
    "Number": _is_number,
    "DateTime": _is_moment,
    "Boolean": lambda value: value.lower() in {"true", "false"},
}
