"""Users and their attributes as the API writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypedDict

from idp.domain.attributes import attributes_of, picked
from idp.domain.challenge import SMS_MFA
from idp.domain.errors import InvalidParameter
from idp.domain.mfa import FACTORS

if TYPE_CHECKING:
    from idp.aws.types.cognito_idp import AttributeType, CodeDeliveryDetailsType, MFAOptionType, UserType
    from idp.domain.user import User
    from idp.flows.messages import CodeDelivery


class MfaSettings(TypedDict, total=False):
    """What GetUser and its like show of a user's second factors; the last, older member tells of SMS alone."""

    UserMFASettingList: list[str]
    PreferredMfaSetting: str
    MFAOptions: list[MFAOptionType]


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


def mfa_settings(user: User) -> MfaSettings:
    """Return which second factors a user has switched on; nothing for a user without any."""
    settings: MfaSettings = {}
    if user.mfa.enabled:
        settings["UserMFASettingList"] = [factor for factor in FACTORS if factor in user.mfa.enabled]
    if user.mfa.preferred is not None:
        settings["PreferredMfaSetting"] = user.mfa.preferred
    if SMS_MFA in user.mfa.enabled:
        settings["MFAOptions"] = [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]
    return settings


def user_type(user: User, wanted: Iterable[str] | None = None) -> UserType:
    """Return a user as AdminCreateUser, ListUsers and ListUsersInGroup show them: `sub` first.

    Args:
        wanted: the attributes to show; None for all.

    Raises:
        InvalidParameter: the user has no value of a wanted attribute.
    """
    attributes = attributes_of(user)
    shown: UserType = {
        "Username": user.username,
        "Attributes": attribute_list(attributes if wanted is None else picked(attributes, wanted)),
        "UserCreateDate": user.created_at,
        "UserLastModifiedDate": user.updated_at,
        "Enabled": user.enabled,
        "UserStatus": user.status.value,
    }
    settings = mfa_settings(user)
    return {**shown, "MFAOptions": settings["MFAOptions"]} if "MFAOptions" in settings else shown


def code_delivery_details(delivery: CodeDelivery) -> CodeDeliveryDetailsType:
    """Return where a code went."""
    return {
        "Destination": delivery.destination,
        "DeliveryMedium": delivery.medium,
        "AttributeName": delivery.attribute,
    }
