"""What a client may read and write of its users.  Source: spec USER_POOLS section 2.4."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from idp.domain.errors import InvalidParameter, NotAuthorized
from idp.domain.standard_attributes import UNWRITABLE, VERIFIED_FLAGS

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


def readable_attributes(client: Client, user: User) -> dict[str, str]:
    """Return the attributes that GetUser, ID tokens and userInfo show to a client: `sub` always, and first."""
    return {
        name: value
        for name, value in attributes_of(user).items()
        if name == "sub" or (client.may_read(name) and not name.startswith(DEVELOPER_PREFIX))
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
