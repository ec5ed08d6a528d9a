"""Users and their attributes as the API writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from idp.domain.attributes import attributes_of, picked
from idp.domain.errors import InvalidParameter

if TYPE_CHECKING:
    from idp.aws.types.cognito_idp import AttributeType, CodeDeliveryDetailsType, UserType
    from idp.domain.user import User
    from idp.flows.messages import CodeDelivery


def attribute_map(attributes: Iterable[AttributeType] | None) -> dict[str, str]:
    """Return a list of names and values as a map; a value that is left out is empty.

    Raises:
        InvalidParameter: a name comes twice.
    """
    given = list(attributes or ())
    mapped = {each["Name"]: each.get("Value", "") for each in given}
    if len(mapped) != len(given):
        raise InvalidParameter("Duplicate attributes are not allowed.")
    return mapped


def attribute_list(attributes: Mapping[str, str]) -> list[AttributeType]:
    """Return a map of attributes as names and values."""
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def user_type(user: User, wanted: Iterable[str] | None = None) -> UserType:
    """Return a user as AdminCreateUser, ListUsers and ListUsersInGroup show them: `sub` first.

    Args:
        wanted: the attributes to show; None for all.

    Raises:
        InvalidParameter: the user has no value of a wanted attribute.
    """
    attributes = attributes_of(user)
    return {
        "Username": user.username,
        "Attributes": attribute_list(attributes if wanted is None else picked(attributes, wanted)),
        "UserCreateDate": user.created_at,
        "UserLastModifiedDate": user.updated_at,
        "Enabled": user.enabled,
        "UserStatus": user.status.value,
    }


def code_delivery_details(delivery: CodeDelivery) -> CodeDeliveryDetailsType:
    """Return where a code went."""
    return {
        "Destination": delivery.destination,
        "DeliveryMedium": delivery.medium,
        "AttributeName": delivery.attribute,
    }
