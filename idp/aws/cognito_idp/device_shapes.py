"""Devices as the API writes and lists them.  Source: AWS API_DeviceType; spec USER_POOLS section 6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.cognito_idp.user_shapes import attribute_list
from idp.flows import devices as flow
from idp.flows.paging import list_page

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        AdminListDevicesRequest,
        AdminUpdateDeviceStatusRequest,
        DeviceType,
        ListDevicesRequest,
        ListDevicesResponse,
        UpdateDeviceStatusRequest,
    )
    from idp.domain.device import Device
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool

DEFAULT_PAGE = 60


def device_type(user_pool: UserPool, user: User, device: Device) -> DeviceType:
    """Return a device with its attributes."""
    owner = f"{user.username}.{user_pool.id}"
    attributes = {
        "device_status": "valid",
        **({} if device.name is None else {"device_name": device.name}),
        "last_ip_used": device.last_source,
        "dev:device_arn": f"arn:aws:cognito-idp:{user_pool.region}:{user_pool.account}:owner/{owner}/device/{device.key}",
        "dev:device_owner": owner,
        "dev:device_remembered_status": "remembered" if device.is_remembered else "not_remembered",
        "dev:device_sdk": "aws-sdk",
    }
    return {
        "DeviceKey": device.key,
        "DeviceAttributes": attribute_list(attributes),
        "DeviceCreateDate": device.created_at,
        "DeviceLastModifiedDate": device.updated_at,
        "DeviceLastAuthenticatedDate": device.authenticated_at,
    }


def devices_page(
    context: Context,
    user_pool: UserPool,
    user: User,
    request: ListDevicesRequest | AdminListDevicesRequest,
    *,
    operation: str,
) -> ListDevicesResponse:
    """Return a page of a user's devices; raises DevicesNotTracked."""
    flow.get_tracking(user_pool)
    page, token = list_page(
        context.services,
        lambda after, limit: flow.list_devices(context.services, user, after=after, limit=limit),
        start="",
        place=lambda device: device.key,
        token=request.get("PaginationToken"),
        limit=request.get("Limit") or DEFAULT_PAGE,
        bound_to=[operation, user_pool.id, user.sub],
    )
    answer: ListDevicesResponse = {"Devices": [device_type(user_pool, user, each) for each in page]}
    return {**answer, "PaginationToken": token} if token else answer


def is_remembered(request: UpdateDeviceStatusRequest | AdminUpdateDeviceStatusRequest) -> bool | None:
    """Return what DeviceRememberedStatus says; None when it is left out."""
    status = request.get("DeviceRememberedStatus")
    return None if status is None else status == "remembered"
