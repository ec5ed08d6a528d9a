"""Devices: confirmed, read, listed, remembered and forgotten, by their user or by an administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.cognito_idp.device_shapes import device_type, devices_page, is_remembered
from idp.aws.cognito_idp.resources import user_of, user_pool_arn, user_pool_of
from idp.aws.errors import Invalid
from idp.aws.registry import operation
from idp.domain.device import parse_secret
from idp.domain.errors import ResourceNotFound, UserNotFound
from idp.flows import devices as flow
from idp.flows.access import AccessGrant, authenticate_access_token

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        AdminForgetDeviceRequest,
        AdminGetDeviceRequest,
        AdminGetDeviceResponse,
        AdminListDevicesRequest,
        AdminListDevicesResponse,
        AdminUpdateDeviceStatusRequest,
        AdminUpdateDeviceStatusResponse,
        ConfirmDeviceRequest,
        ConfirmDeviceResponse,
        ForgetDeviceRequest,
        GetDeviceRequest,
        GetDeviceResponse,
        ListDevicesRequest,
        ListDevicesResponse,
        UpdateDeviceStatusRequest,
        UpdateDeviceStatusResponse,
    )
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool


@operation("cognito-idp")
def confirm_device(context: Context, request: ConfirmDeviceRequest) -> ConfirmDeviceResponse:
    must_ask = flow.confirm_device(
        context.services,
        authenticate_access_token(context.services, request["AccessToken"]),
        request["DeviceKey"],
        name=request.get("DeviceName"),
        secret=parse_secret(request.get("DeviceSecretVerifierConfig")),
        source=context.source_ip,
    )
    return {"UserConfirmationNecessary": must_ask}


@operation("cognito-idp")
def get_device(context: Context, request: GetDeviceRequest) -> GetDeviceResponse:
    grant = _grant(context, request)
    device = flow.get_device(context.services, grant.user_pool, grant.user, request["DeviceKey"])
    return {"Device": device_type(grant.user_pool, grant.user, device)}


@operation("cognito-idp")
def list_devices(context: Context, request: ListDevicesRequest) -> ListDevicesResponse:
    grant = authenticate_access_token(context.services, request["AccessToken"])
    return devices_page(context, grant.user_pool, grant.user, request, operation="ListDevices")


@operation("cognito-idp")
def update_device_status(context: Context, request: UpdateDeviceStatusRequest) -> UpdateDeviceStatusResponse:
    grant = authenticate_access_token(context.services, request["AccessToken"])
    flow.update_device_status(
        context.services, grant.user_pool, grant.user, request["DeviceKey"], is_remembered=is_remembered(request)
    )
    return {}


@operation("cognito-idp")
def forget_device(context: Context, request: ForgetDeviceRequest) -> None:
    grant = _grant(context, request)
    flow.forget_device(context.services, grant.user_pool, grant.user, request["DeviceKey"])


@operation("cognito-idp", resource=user_pool_arn)
def admin_get_device(context: Context, request: AdminGetDeviceRequest) -> AdminGetDeviceResponse:
    user_pool = user_pool_of(context, request)
    user = _user_or_nothing(context, user_pool, request)
    device = flow.get_device(context.services, user_pool, user, request["DeviceKey"])
    return {"Device": device_type(user_pool, user, device)}


@operation("cognito-idp", resource=user_pool_arn)
def admin_list_devices(context: Context, request: AdminListDevicesRequest) -> AdminListDevicesResponse:
    user_pool = user_pool_of(context, request)
    user = _user_or_nothing(context, user_pool, request)
    return devices_page(context, user_pool, user, request, operation="AdminListDevices")


@operation("cognito-idp", resource=user_pool_arn)
def admin_update_device_status(
    context: Context, request: AdminUpdateDeviceStatusRequest
) -> AdminUpdateDeviceStatusResponse:
    user_pool = user_pool_of(context, request)
    user = user_of(context, user_pool, request)
    flow.update_device_status(
        context.services, user_pool, user, request["DeviceKey"], is_remembered=is_remembered(request)
    )
    return {}


@operation("cognito-idp", resource=user_pool_arn)
def admin_forget_device(context: Context, request: AdminForgetDeviceRequest) -> None:
    user_pool = user_pool_of(context, request)
    flow.forget_device(context.services, user_pool, user_of(context, user_pool, request), request["DeviceKey"])


def _grant(context: Context, request: GetDeviceRequest | ForgetDeviceRequest) -> AccessGrant:
    """Return whom the access token speaks for; the model calls it optional, and nothing else says whose device it is."""
    if "AccessToken" not in request:
        raise Invalid(["Value null at 'accessToken' failed to satisfy constraint: Member must not be null"])
    return authenticate_access_token(context.services, request["AccessToken"])


def _user_or_nothing(
    context: Context, user_pool: UserPool, request: AdminGetDeviceRequest | AdminListDevicesRequest
) -> User:
    """Return the user; these two operations have no UserNotFoundException."""
    try:
        return user_of(context, user_pool, request)
    except UserNotFound as error:
        raise ResourceNotFound(error.message) from error
