"""A user pool's schema: which attributes its users may have, and what values those take.

Source: AWS API_SchemaAttributeType; spec USER_POOLS section 2.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from idp.domain.errors import InvalidParameter, LimitExceeded
from idp.domain.schema_attribute import TYPES, Attribute, custom_attribute, full_name, standard_attribute
from idp.domain.standard_attributes import STANDARD, UNWRITABLE, VERIFIABLE
from idp.domain.usernames import is_email, is_phone_number

MAX_CUSTOM_ATTRIBUTES = 50

# The schema behind the API nests the names of people; its sentences show that.  Source: spec section 2.3.
_INNER_NAMES = {"name": "name.formatted", "given_name": "name.givenName", "family_name": "name.familyName"}


@dataclass(frozen=True)
class Schema:
    """All attributes of a pool by full name: the standard ones in their order, then the pool's own as they were added."""

    attributes: Mapping[str, Attribute]

    @classmethod
    def parse(cls, documents: Iterable[Mapping[str, Any]]) -> Schema:
        """Read CreateUserPool's Schema: what it redefines of the standard attributes, and custom ones by bare name."""
        given = {full_name(document): document for document in documents}
        standard = {name: standard_attribute(name, given.get(name, {})) for name in STANDARD}
        custom = {name: custom_attribute(name, document) for name, document in given.items() if name not in STANDARD}
        return cls({**standard, **custom})

    @classmethod
    def define(cls, documents: Iterable[Mapping[str, Any]]) -> Schema:
        """Read a new pool's Schema and check every definition in it.

        Raises:
            InvalidParameter: with the sentences of spec section 2.3.
        """
        documents = tuple(documents)
        _check_documents(documents, taken=())
        schema = cls.parse(documents)
        for attribute in schema.attributes.values():
            attribute.check_definition()
        return schema

    def check_additions(self, documents: Iterable[Mapping[str, Any]]) -> None:
        """Check definitions that AddCustomAttributes brings.

        Raises:
            InvalidParameter; LimitExceeded when the pool would have more than 50 custom attributes.
        """
        documents = tuple(documents)
        _check_documents(documents, taken=self.attributes)
        for document in documents:
            custom_attribute(full_name(document), document).check_definition()
        if len(self.attributes) - len(STANDARD) + len(documents) > MAX_CUSTOM_ATTRIBUTES:
            raise LimitExceeded(f"A user pool has at most {MAX_CUSTOM_ATTRIBUTES} custom attributes.")

    def find(self, name: str) -> Attribute | None:
        """Return an attribute by its full name."""
        return self.attributes.get(name)

    def describe(self) -> list[dict[str, Any]]:
        """Return SchemaAttributes."""
        return [attribute.describe() for attribute in self.attributes.values()]

    def required(self) -> list[str]:
        """Return the names of the attributes that every user must have, without `sub`."""
        return [each.name for each in self.attributes.values() if each.required and each.name not in UNWRITABLE]

    def normalized(self, attributes: Mapping[str, str]) -> dict[str, str]:
        """Return the attributes with truth values in lower case, as they are stored."""
        boolean = {each.name for each in self.attributes.values() if each.type == "Boolean"}
        return {name: value.lower() if name in boolean else value for name, value in attributes.items()}

    def check_new(self, attributes: Mapping[str, str], *, required: Sequence[str] = ()) -> None:
        """Check the attributes of a user who is made now.

        Args:
            required: those that may not be missing (SignUp needs some, AdminCreateUser none).

        Raises:
            InvalidParameter: "Attributes did not conform to the schema: ...", or about an address or `sub`.
        """
        _refuse_unwritable(attributes)
        unknown = next((name for name in attributes if name not in self.attributes), None)
        if unknown is not None:
            raise _nonconforming(f"Type for attribute {{{unknown}}} could not be determined")
        missing = [name for name in required if name not in attributes]
        if missing:
            raise _nonconforming("".join(map(_required_line, missing)))
        self._check_values(attributes)

    def check_update(self, attributes: Mapping[str, str]) -> None:
        """Check values that are set on a user who exists; an empty value deletes its attribute.

        Raises:
            InvalidParameter: "Invalid user attributes: ...", or as `check_new` about a value.
        """
        _refuse_unwritable(attributes)
        faults = "".join(self._update_line(name) for name in attributes)
        if faults:
            raise InvalidParameter(f"Invalid user attributes: {faults}")
        self.check_deletion(name for name, value in attributes.items() if not value)
        self._check_values({name: value for name, value in attributes.items() if value})

    def check_deletion(self, names: Iterable[str]) -> None:
        """Check that attributes may be deleted.

        Raises:
            InvalidParameter: one is required.
        """
        for name in names:
            attribute = self.find(name)
            if attribute is not None and attribute.required:
                raise InvalidParameter(f"user.{name}: Attribute is required")

    def _update_line(self, name: str) -> str:
        attribute = self.find(name)
        if attribute is None:
            return f"user.{name}: Attribute does not exist in the schema.\n"
        return "" if attribute.mutable else f"{name}: Attribute cannot be updated.\n"

    def _check_values(self, attributes: Mapping[str, str]) -> None:
        if "email" in attributes and not is_email(attributes["email"]):
            raise InvalidParameter("Invalid email address format.")
        if "phone_number" in attributes and not is_phone_number(attributes["phone_number"]):
            raise InvalidParameter("Invalid phone number format.")
        faults = {name: self.attributes[name].find_fault(value) for name, value in attributes.items()}
        lines = "".join(f"{name}: {fault}\n" for name, fault in faults.items() if fault)
        if lines:
            raise _nonconforming(lines)


def check_verified_flags(changed: Mapping[str, str], attributes: Mapping[str, str]) -> None:
    """Refuse a verified flag for an address that is not there.

    Args:
        changed: what is being set.
        attributes: all the user will have.

    Raises:
        InvalidParameter.
    """
    for name in VERIFIABLE:
        if changed.get(f"{name}_verified") and not attributes.get(name):
            label = name.replace("_", " ")
            article = "an" if name == "email" else "a"
            raise InvalidParameter(f"{label.capitalize()} is required to verify/un-verify {article} {label}")


def _check_documents(documents: Iterable[Mapping[str, Any]], *, taken: Iterable[str]) -> None:
    seen = set(taken)
    for document in documents:
        name = full_name(document)
        if name in seen:
            raise InvalidParameter(f"{name}: Existing attribute already has name {name}.")
        seen.add(name)
        if name in STANDARD:
            _check_standard(name, document)
        else:
            _check_custom(document)


def _check_standard(name: str, document: Mapping[str, Any]) -> None:
    kind = STANDARD[name]["AttributeDataType"]
    if document.get("AttributeDataType", kind) != kind or document.get("DeveloperOnlyAttribute"):
        raise InvalidParameter(
            "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute " + name
        )


def _check_custom(document: Mapping[str, Any]) -> None:
    if document.get("AttributeDataType") not in TYPES:
        raise InvalidParameter("Invalid AttributeDataType input, consider using the provided AttributeDataType enum.")
    if document.get("Required"):
        raise InvalidParameter("Required custom attributes are not supported currently.")


def _refuse_unwritable(attributes: Iterable[str]) -> None:
    for name in attributes:
        if name in UNWRITABLE:
            raise InvalidParameter(f"Cannot modify the non-mutable attribute {name}")


def _nonconforming(faults: str) -> InvalidParameter:
    return InvalidParameter(f"Attributes did not conform to the schema: {faults}")


def _required_line(name: str) -> str:
    inner = _INNER_NAMES.get(name)
    return f"{inner}: The attribute {inner} is required\n" if inner else f"{name}: The attribute is required\n"
