"""What a client may read and write of its users.  Source: spec USER_POOLS section 2.4."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from idp.domain.errors import InvalidParameter, NotAuthorized
from idp.domain.filtering import SEARCHABLE
from idp.domain.standard_attributes import UNWRITABLE, VERIFIABLE, VERIFIED_FLAGS

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.domain.schema import Schema
    from idp.domain.user import User

DEVELOPER_PREFIX = "dev:"


def check_writable(client: Client, names: Iterable[str]) -> None:
    """Check that a client may write attributes; verified flags, `sub` and developers' attributes it never may.

    Raises:
        NotAuthorized: it may not.
    """
    if not all(_may_write(client, name) for name in names):
        raise NotAuthorized("A client attempted to write unauthorized attribute")


def attributes_of(user: User) -> dict[str, str]:
    """Return all attributes of a user, `sub` first."""
    return {"sub": user.sub, **user.attributes}


def picked(attributes: Mapping[str, str], wanted: Iterable[str]) -> dict[str, str]:
    """Return the wanted attributes of a user (AttributesToGet).

    Raises:
        InvalidParameter: one that cannot be searched by is not set.

    Unknown: the sentence.  Source: AWS API_ListUsers, AttributesToGet.
    """
    names = set(wanted)
    missing = sorted(names - attributes.keys() - SEARCHABLE)
    if missing:
        raise InvalidParameter(f"The attribute {missing[0]} is not set for every user.")
    return {name: value for name, value in attributes.items() if name in names}


def changed_attributes(attributes: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """Return a user's attributes after a change: an empty value deletes, a new address is unverified.

    Args:
        changes: checked against the schema; may hold verified flags, which then count.

    Source: spec section 2.7.
    """
    after = {**attributes, **changes}
    for name in VERIFIABLE:
        flag = f"{name}_verified"
        if name in changes and changes[name] != attributes.get(name) and flag not in changes:
            after[flag] = "false" if changes[name] else ""
    return {name: value for name, value in after.items() if value}


def new_addresses(attributes: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Return which of `email` and `phone_number` a change has set to a value that is not verified."""
    return [
        name
        for name in VERIFIABLE
        if name in after and after[name] != attributes.get(name) and after.get(f"{name}_verified") != "true"
    ]


def readable_attributes(client: Client, user: User) -> dict[str, str]:
    """Return the attributes that GetUser, ID tokens and userInfo show to a client: `sub` always, and first.

    Unknown: whether ReadAttributes can hide `identities`; it is the pool's own as `sub` is, and always shown.
    """
    return {
        name: value
        for name, value in attributes_of(user).items()
        if name in UNWRITABLE or (client.may_read(name) and not name.startswith(DEVELOPER_PREFIX))
    }


def check_permissions(schema: Schema, settings: Mapping[str, Any], *, verb: str) -> None:
    """Check a client's ReadAttributes and WriteAttributes; unset means all.

    Args:
        verb: `creating` or `updating`, for the sentence.

    Raises:
        InvalidParameter: an attribute is unknown, cannot be written, or is required and left out.
    """
    readable = settings.get("ReadAttributes")
    if readable is not None and not all(schema.find(name) and not _is_developers(name) for name in readable):
        raise InvalidParameter(f"Invalid read attributes specified while {verb} a client")
    writable = settings.get("WriteAttributes")
    if writable is None:
        return
    possible = all(schema.find(name) and not _is_never_written(name) for name in writable)
    if not possible or not set(schema.required()) - VERIFIED_FLAGS <= set(writable):
        raise InvalidParameter(f"Invalid write attributes specified while {verb} a client")


def _may_write(client: Client, name: str) -> bool:
    allowed = client.writable_attributes
    return not _is_never_written(name) and (allowed is None or name in allowed)


def _is_never_written(name: str) -> bool:
    return name in VERIFIED_FLAGS or name in UNWRITABLE or _is_developers(name)


def _is_developers(name: str) -> bool:
    return name.startswith(DEVELOPER_PREFIX)
