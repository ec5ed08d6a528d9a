"""Pools that track devices, and the device of a user, made by an independent client (pycognito)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pycognito.aws_srp import AWSSRP, generate_hash_device

from tests.aws.cognito_idp.mfa_users import PHONE, SMS, prefer
from tests.aws.cognito_idp.people import Pool, a_pool
from tests.aws.cognito_idp.pools import PASSWORD

ALWAYS: dict[str, Any] = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}
ON_PROMPT: dict[str, Any] = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True}
UNKNOWN_KEY = "us-east-1_00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Device:
    """A device of Ann's, with the tokens of the sign-in that gave it its key."""

    key: str
    group_key: str
    password: str = field(repr=False)
    tokens: Any = field(repr=False)

    def srp(self, pool: Pool, *, password: str = PASSWORD, device_password: str | None = None) -> AWSSRP:
        """Return an independent client on this device."""
        return AWSSRP(
            "ann",
            password,
            pool.pool_id,
            pool.client_id,
            client=pool.idp,
            client_secret=pool.client_secret,
            device_key=self.key,
            device_group_key=self.group_key,
            device_password=device_password or self.password,
        )


def a_tracking_pool(idp: Any, tracking: dict[str, Any] = ALWAYS, **settings: Any) -> Pool:
    """Make a pool that tracks devices, and Ann in it."""
    pool = a_pool(idp, settings={"DeviceConfiguration": tracking, **settings})
    pool.sign_up(phone_number=PHONE)
    return pool


def with_sms_mfa(pool: Pool) -> Pool:
    """Let Ann be asked for a second factor from now on."""
    pool.idp.set_user_pool_mfa_config(UserPoolId=pool.pool_id, MfaConfiguration="OPTIONAL", **SMS)
    prefer(pool, SMS={"Enabled": True, "PreferredMfa": True})
    return pool


def confirm(pool: Pool, tokens: Any, **more: Any) -> Device:
    """Confirm the device that came with tokens."""
    new = tokens["NewDeviceMetadata"]
    password, config = generate_hash_device(new["DeviceGroupKey"], new["DeviceKey"])
    pool.idp.confirm_device(
        AccessToken=tokens["AccessToken"],
        DeviceKey=new["DeviceKey"],
        DeviceSecretVerifierConfig=config,
        **{"DeviceName": "laptop", **more},
    )
    return Device(new["DeviceKey"], new["DeviceGroupKey"], password, tokens)


def a_device(pool: Pool, **more: Any) -> Device:
    """Let Ann sign in on a new device, and confirm it."""
    return confirm(pool, pool.tokens(), **more)


def sign_in_on(pool: Pool, key: str) -> Any:
    """Sign Ann in by the plain password on the device of a key, and return the whole answer."""
    return pool.initiate("USER_PASSWORD_AUTH", PASSWORD=PASSWORD, DEVICE_KEY=key)


def attributes_of(device: Any) -> dict[str, str]:
    """Return what GetDevice says of a device."""
    return {each["Name"]: each["Value"] for each in device["DeviceAttributes"]}
