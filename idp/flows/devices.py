"""A user's devices: confirming, remembering, reading, listing and forgetting them.

Source: AWS API_ConfirmDevice, API_UpdateDeviceStatus; spec USER_POOLS sections 3.5 and 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.domain.device import Device, DeviceSecret, DeviceTracking
from idp.domain.errors import DeviceNotFound, DevicesNotTracked, InvalidParameter

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.flows.access import AccessGrant
    from idp.services import Services


MAX_DEVICES = 1_000
"""Of one user.  Unknown: AWS's bound; beyond ours the device that was not used for the longest time is forgotten."""


def confirm_device(
    services: Services,
    grant: AccessGrant,
    key: str,
    *,
    name: str | None,
    secret: DeviceSecret | None,
    source: str,
) -> bool:
    """Store the device whose key came with the access token, and return whether its user must still be asked.

    Args:
        source: the client's address.

    Raises:
        DevicesNotTracked.
        InvalidParameter: the key is not the token's.
        DeviceKeyTaken: it was confirmed before.
    """
    tracking = get_tracking(grant.user_pool)
    if grant.claims.get("device_key") != key:
        raise InvalidParameter("Invalid device key given.")
    now = services.clock.now()
    device = Device(
        user_id=grant.user.id,
        key=key,
        name=name,
        is_remembered=not tracking.asks_user,
        secret=secret,
        created_at=now,
        updated_at=now,
        authenticated_at=now,
        last_source=source,
    )
    with services.unit_of_work() as work:
        work.devices.add(device)
        work.devices.delete_unused(grant.user.id, keep=MAX_DEVICES)
        work.commit()
    return tracking.asks_user


def get_device(services: Services, user_pool: UserPool, user: User, key: str) -> Device:
    """Return a user's device; raises DevicesNotTracked, DeviceNotFound."""
    get_tracking(user_pool)
    with services.reading() as work:
        device = work.devices.find(user.id, key)
    if device is None:
        raise DeviceNotFound
    return device


def list_devices(services: Services, user: User, *, after: str, limit: int) -> list[Device]:
    """Return up to `limit` devices of a user, by key, after the key given."""
    with services.reading() as work:
        return work.devices.list_page(user.id, after=after, limit=limit)


def update_device_status(
    services: Services, user_pool: UserPool, user: User, key: str, *, is_remembered: bool | None
) -> None:
    """Let a device be remembered or not; None leaves it as it is.

    Raises:
        DevicesNotTracked, DeviceNotFound.
    """
    if is_remembered is None:
        get_device(services, user_pool, user, key)
        return
    get_tracking(user_pool)
    with services.unit_of_work() as work:
        if not work.devices.remember(user.id, key, services.clock.now(), is_remembered=is_remembered):
            raise DeviceNotFound
        work.commit()


def forget_device(services: Services, user_pool: UserPool, user: User, key: str) -> None:
    """Delete a device; raises DevicesNotTracked, DeviceNotFound.

    Unknown: what becomes of the sessions of a forgotten device; ours go on without it, since the clients that forget the
    device they run on go on with their tokens.
    """
    get_tracking(user_pool)
    with services.unit_of_work() as work:
        if not work.devices.delete(user.id, key):
            raise DeviceNotFound
        work.commit()


def get_tracking(user_pool: UserPool) -> DeviceTracking:
    """Return what a pool does with devices; raises DevicesNotTracked."""
    tracking = user_pool.device_tracking
    if tracking is None:
        raise DevicesNotTracked
    return tracking
