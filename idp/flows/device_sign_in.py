"""Devices in a sign-in: which one the client names, what it may replace, and the key of a new one.

Source: spec USER_POOLS sections 1.5, 5.3 (rule 4) and 6.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain.device import Device, NewDevice, device_group_key, device_key
from idp.domain.errors import DeviceNotFound

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.flows.challenges.challenge import SignInContext
    from idp.services import Services

ASKED = "device_key"
"""A key of the secrets of both challenges: the device that must answer."""


def with_device(context: SignInContext, named: str | None) -> SignInContext:
    """Look for the device of a user who has proved a factor.

    Args:
        named: DEVICE_KEY of the present request. Such a key must be known, since clients drop theirs when they hear that
            it is not; one that came with an earlier request counts when it is known.

    Raises:
        DeviceNotFound: the user has no such device.
    """
    key = named or context.device_key
    if key is None or context.user is None or not is_tracked(context):
        return context
    with context.services.reading() as work:
        device = work.devices.find(context.user.id, key)
    if device is None and named is not None:
        raise DeviceNotFound
    return replace(context, device=device, device_key=None if device is None else key)


def may_replace_mfa(context: SignInContext) -> bool:
    """Say whether the user's device is asked to prove itself in place of a second factor."""
    tracking = context.user_pool.device_tracking
    return tracking is not None and tracking.replaces_mfa and is_provable(context)


def is_provable(context: SignInContext) -> bool:
    """Say whether the client named a device that is remembered and has a secret."""
    return context.device is not None and context.device.can_prove_itself


def is_tracked(context: SignInContext) -> bool:
    """Say whether the sign-in is of a device: the hosted pages track none."""
    return context.user_pool.device_tracking is not None and context.door != "hosted"


def get_proving_device(context: SignInContext, key: str, *, asked: str) -> Device:
    """Return the device that was asked to prove itself.

    Args:
        key: DEVICE_KEY of the answer.
        asked: the key of the device that was asked.

    Raises:
        DeviceNotFound: it is another one, or was forgotten or is no longer remembered.
    """
    if context.user is None or key != asked:
        raise DeviceNotFound
    with context.services.reading() as work:
        device = work.devices.find(context.user.id, key)
    if device is None or not device.can_prove_itself:
        raise DeviceNotFound
    return device


def new_device(services: Services, user_pool: UserPool, user: User) -> NewDevice:
    """Return the keys of a device that the client may confirm."""
    return NewDevice(device_key(user_pool, services.random.uuid()), device_group_key(user))
