"""What a provider's claims become as attributes of a user: a pool's attributes are texts, claims are any JSON value.

Source: AWS "Mapping IdP attributes to profiles and tokens"; spec USER_POOLS section 10.2.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from idp.domain.attributes import changed_attributes
from idp.domain.errors import InvalidParameter
from idp.domain.identity_provider import USERNAME
from idp.domain.provider_kinds import OIDC, SAML
from idp.domain.standard_attributes import VERIFIABLE
from idp.domain.usernames import is_email, is_phone_number

if TYPE_CHECKING:
    from idp.domain.identity_provider import IdentityProvider
    from idp.domain.schema import Schema

_FORMS = {
    "email": (is_email, "Invalid email address format."),
    "phone_number": (is_phone_number, "Invalid phone number format."),
}


def mapped_attributes(provider: IdentityProvider, claims: Mapping[str, Any]) -> dict[str, str]:
    """Return attribute -> text for each mapped claim that came; an empty text for one that came empty."""
    found = {
        attribute: claims.get(claim)
        for attribute, claim in provider.attribute_mapping.items()
        if attribute != USERNAME and claims.get(claim) is not None
    }
    return {attribute: as_text(value) for attribute, value in found.items()}


def as_text(value: Any) -> str:
    """Return a claim as attributes hold it: an array is `[a, b]`, an object JSON.

    Unknown: AWS's form of numbers, truth values and objects; here they are as in JSON.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(as_text, value))}]"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def first_attributes(schema: Schema, mapped: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes of a user whom their first sign-in makes: an address that no claim verifies is unverified.

    Raises:
        InvalidParameter: a required one did not come, or a value is none of the attribute's.
    """
    given = {name: value for name, value in mapped.items() if value}
    _require(name for name in schema.required() if name not in given)
    _require_fit(schema, given)
    for name in VERIFIABLE:
        flag = f"{name}_verified"
        if name in given:
            given.setdefault(flag, "false")
        else:
            given.pop(flag, None)
    return schema.normalized(given)


def later_attributes(
    provider: IdentityProvider, schema: Schema, held: Mapping[str, str], mapped: Mapping[str, str]
) -> dict[str, str]:
    """Return a user's attributes after a later sign-in: what came replaces what was, what did not come stays.

    Empty claims clear their attributes at OIDC and SAML providers. An address that stays keeps its verified flag, unless
    a claim says otherwise: what a code or the PreSignUp trigger has verified is so still.

    Raises:
        InvalidParameter: an attribute that cannot be changed would be, a required one would go, or a value is none of its
            attribute's.
    """
    clears = provider.type in {OIDC, SAML}
    given = {name: value for name, value in mapped.items() if value or clears}
    _require_fit(schema, {name: value for name, value in given.items() if value})
    after = changed_attributes(held, schema.normalized(given))
    after = {name: value for name, value in after.items() if not _is_flag_of_nothing(name, after)}
    changed = [name for name in mapped if after.get(name) != held.get(name)]
    _require(name for name in changed if name in schema.required() and name not in after)
    fixed = [name for name in changed if not schema.attributes[name].mutable]
    if fixed:
        raise _invalid(f"{name}: Attribute cannot be updated.\n" for name in fixed)
    return after


def _is_flag_of_nothing(name: str, attributes: Mapping[str, str]) -> bool:
    return any(name == f"{address}_verified" and address not in attributes for address in VERIFIABLE)


def _require(missing: Iterable[str]) -> None:
    """Refuse when attributes that every user must have did not come.  Unknown: how AWS tells several."""
    names = ", ".join(missing)
    if names:
        raise InvalidParameter(f"attributes required: [{names}]")


def _require_fit(schema: Schema, attributes: Mapping[str, str]) -> None:
    """Refuse values that the schema does not take.  Unknown: AWS's words after the attribute's name; ours are SignUp's."""
    faults = {name: _fault(schema, name, value) for name, value in attributes.items()}
    if any(faults.values()):
        raise _invalid(f"{name}: {fault}\n" for name, fault in faults.items() if fault)


def _fault(schema: Schema, name: str, value: str) -> str | None:
    has_form, sentence = _FORMS.get(name, (_is_storable, "Value is not of type String"))
    return schema.attributes[name].find_fault(value) if has_form(value) else sentence


def _is_storable(value: str) -> bool:
    """Say whether a database takes the text: JSON can name characters that are none."""
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value)


def _invalid(lines: Iterable[str]) -> InvalidParameter:
    return InvalidParameter(f"Invalid user attributes: {''.join(lines)}")
