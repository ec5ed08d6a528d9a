"""A user's device: tracked, remembered, and able to prove itself by SRP.

Source: AWS API_DeviceType, API_DeviceConfigurationType; spec USER_POOLS sections 1.5 and 6.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from idp.domain import srp
from idp.domain.errors import InvalidParameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from idp.domain.user import User
    from idp.domain.user_pool import UserPool

MAX_SALT_BYTES = 64
GROUP_KEY_CHARACTERS = 8  # after the dash


@dataclass(frozen=True, slots=True)
class DeviceTracking:
    """What a pool does with devices.

    Attributes:
        asks_user: a confirmed device is remembered only when the user says so (UpdateDeviceStatus).
        replaces_mfa: a remembered device proves itself in place of a second factor.
    """

    asks_user: bool
    replaces_mfa: bool

    @classmethod
    def parse(cls, configuration: Mapping[str, Any] | None) -> DeviceTracking | None:
        """Read a pool's DeviceConfiguration; None when it sets nothing, which is no tracking."""
        if not configuration:
            return None
        return cls(
            asks_user=bool(configuration.get("DeviceOnlyRememberedOnUserPrompt", False)),
            replaces_mfa=bool(configuration.get("ChallengeRequiredOnNewDevice", False)),
        )


@dataclass(frozen=True, slots=True)
class DeviceSecret:
    """What is kept of a device's password, as of a user's.

    Attributes:
        salt: lower-case hex without leading zeros.
        verifier: lower-case hex of g^x mod N; sealed in the database.
    """

    salt: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Device:
    """A confirmed device.

    Attributes:
        user_id: the store's row of its user.
        name: as confirmed; None when none was given.
        secret: None for a device that was confirmed without one, and so proves nothing.
        last_source: the client's address at its last sign-in, or at its confirmation.
    """

    user_id: int
    key: str
    name: str | None
    is_remembered: bool
    secret: DeviceSecret | None = field(repr=False)
    created_at: datetime
    updated_at: datetime
    authenticated_at: datetime
    last_source: str

    @property
    def can_prove_itself(self) -> bool:
        """Say whether the device is remembered and has a secret to prove."""
        return self.is_remembered and self.secret is not None


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device that the server has given a key, for the client to confirm (NewDeviceMetadata)."""

    key: str
    group_key: str


def device_key(user_pool: UserPool, device_id: str) -> str:
    """Return the key of a new device.

    Args:
        device_id: a UUID.
    """
    return f"{user_pool.region}_{device_id}"


def device_group_key(user: User) -> str:
    """Return the group key of all devices of a user: nine characters, always the same.

    It names the group of an SRP exchange and is no secret, so it is computed and not stored.
    """
    digest = hashlib.sha256(f"device-group\n{user.pool_id}\n{user.sub}".encode()).digest()
    return f"-{base64.urlsafe_b64encode(digest).decode()[:GROUP_KEY_CHARACTERS]}"


def parse_secret(configuration: Mapping[str, Any] | None) -> DeviceSecret | None:
    """Read a DeviceSecretVerifierConfig: Base64 of the integers' minimal bytes.

    Raises:
        InvalidParameter: half of it is missing, or a value is no such integer, or one that any password would prove.

    Unknown: AWS's sentences for this.
    """
    if not configuration:
        return None
    salt, verifier = (_integer(configuration.get(name), name) for name in ("Salt", "PasswordVerifier"))
    if salt.bit_length() > MAX_SALT_BYTES * 8:
        raise _invalid("Salt")
    if not 1 < verifier < srp.N - 1:
        raise _invalid("PasswordVerifier")
    return DeviceSecret(f"{salt:x}", f"{verifier:x}")


def _integer(text: str | None, name: str) -> int:
    """Read a positive integer of at most as many bytes as SRP's group has, and the sign's."""
    try:
        raw = base64.b64decode((text or "").encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise _invalid(name) from None
    if not any(raw) or len(raw) > srp.N.bit_length() // 8 + 1:
        raise _invalid(name)
    return int.from_bytes(raw)


def _invalid(name: str) -> InvalidParameter:
    return InvalidParameter(f"Invalid {name} in DeviceSecretVerifierConfig.")
