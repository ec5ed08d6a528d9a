"""A user of a user pool.  Source: spec USER_POOLS section 2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class UserStatus(StrEnum):
    """Where a user stands; `enabled` is separate.  Source: AWS API_UserType; spec section 2.1."""

    UNCONFIRMED = "UNCONFIRMED"
    CONFIRMED = "CONFIRMED"
    FORCE_CHANGE_PASSWORD = "FORCE_CHANGE_PASSWORD"  # noqa: S105 - a status, not a password
    RESET_REQUIRED = "RESET_REQUIRED"
    EXTERNAL_PROVIDER = "EXTERNAL_PROVIDER"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is kept of a password: an argon2id hash, and SRP's salt and verifier.

    A hash that was imported comes without the latter two: only the password makes them, at its first use.

    Attributes:
        password_hash: modular-crypt text.
        srp_salt: lower-case hex, first byte not zero (JavaScript clients drop leading zeros).
        srp_verifier: lower-case hex of g^x mod N; sealed in the database.
    """

    password_hash: str = field(repr=False)
    srp_salt: str | None = field(default=None, repr=False)
    srp_verifier: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class MfaPreference:
    """Which second factors a user has switched on.

    Attributes:
        enabled: names of their challenges.
        preferred: the one of them that is asked without a choice.
        with_passkeys: a passkey counts as a second factor (WebAuthnMfaSettings).
    """

    enabled: frozenset[str] = frozenset()
    preferred: str | None = None
    with_passkeys: bool = False

    def with_factor(self, factor: str) -> MfaPreference:
        """Return the preference with a factor switched on."""
        return replace(self, enabled=self.enabled | {factor})

    def without_factor(self, factor: str) -> MfaPreference:
        """Return the preference with a factor switched off, and no longer preferred."""
        preferred = None if self.preferred == factor else self.preferred
        return replace(self, enabled=self.enabled - {factor}, preferred=preferred)


@dataclass(frozen=True, slots=True)
class User:
    """A stored user.

    Attributes:
        id: the store's row; 0 for a user not stored yet.
        username: as stored, folded when the pool is not case-sensitive.
        attributes: name -> value as text, without `sub`, in the order in which they were set.
        credentials: None for a user without a password.
        temporary_until: when a temporary password ends; None for a permanent one.
        signed_out_at: tokens issued up to then are revoked (global sign-out).
    """

    pool_id: str
    username: str
    sub: str
    status: UserStatus
    created_at: datetime
    updated_at: datetime
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)
    enabled: bool = True
    credentials: Credentials | None = field(default=None, repr=False)
    temporary_until: datetime | None = None
    signed_out_at: datetime | None = None
    mfa: MfaPreference = MfaPreference()
    id: int = 0
    version: int = 1

    def is_verified(self, attribute: str) -> bool:
        """Say whether `email` or `phone_number` is there and verified."""
        return attribute in self.attributes and self.attributes.get(f"{attribute}_verified") == "true"
