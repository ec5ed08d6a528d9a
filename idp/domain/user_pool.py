"""A user pool: its settings as the API speaks them, and what the rules read from them.

`settings` holds CreateUserPool's members (without those that identify the pool); the properties below parse them once
per loaded pool, which the process keeps.  Source: AWS API_UserPoolType; spec USER_POOLS sections 2 and 12.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from idp.domain.device import DeviceTracking
from idp.domain.mfa_settings import needs_phone_numbers
from idp.domain.password import PasswordPolicy
from idp.domain.schema import Schema
from idp.domain.session_configuration import SessionTracking

DEFAULT_TEMPORARY_PASSWORD_DAYS = 7
DEFAULT_FIRST_FACTORS = ("PASSWORD",)


@dataclass(frozen=True)
class UserPool:
    """A stored pool.

    Attributes:
        version: grows with every save; a save of an older one is refused.
        session_configuration: as SetUserPoolSessionConfiguration brought it; None before it did.
    """

    id: str
    account: str
    region: str
    name: str
    settings: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    version: int = 1
    session_configuration: Mapping[str, Any] | None = None

    @property
    def arn(self) -> str:
        """Return the pool's ARN."""
        return f"arn:aws:cognito-idp:{self.region}:{self.account}:userpool/{self.id}"

    @property
    def srp_name(self) -> str:
        """Return the pool name of SRP: what follows the underscore of the id.  Source: spec section 1.4."""
        return self.id.partition("_")[2]

    @property
    def saml_owner(self) -> str:
        """Return whom the key ring knows by the key that signs SAML requests of the pool."""
        return f"saml:{self.id}"

    @cached_property
    def schema(self) -> Schema:
        """Return the attributes users of the pool may have."""
        return Schema.parse(self.settings.get("Schema", ()))

    @property
    def required_attributes(self) -> list[str]:
        """Return the attributes that nobody signs up without: the schema's, and the address of the only second factor.

        Source: spec sections 2.3 and 5.3.
        """
        required = self.schema.required()
        needs_more = needs_phone_numbers(self.settings) and "phone_number" not in required
        return [*required, "phone_number"] if needs_more else required

    @cached_property
    def password_policy(self) -> PasswordPolicy:
        """Return what a password must satisfy."""
        return PasswordPolicy.parse(self.settings.get("Policies", {}).get("PasswordPolicy"))

    @cached_property
    def alias_attributes(self) -> tuple[str, ...]:
        """Return the attributes whose verified value signs in beside the username."""
        return tuple(self.settings.get("AliasAttributes", ()))

    @cached_property
    def username_attributes(self) -> tuple[str, ...]:
        """Return the attributes whose value is given as the username (which is then a generated UUID)."""
        return tuple(self.settings.get("UsernameAttributes", ()))

    @cached_property
    def auto_verified_attributes(self) -> tuple[str, ...]:
        """Return the attributes that get a code when they are set."""
        return tuple(self.settings.get("AutoVerifiedAttributes", ()))

    @cached_property
    def first_factors(self) -> tuple[str, ...]:
        """Return AllowedFirstAuthFactors: what choice-based sign-in may begin with."""
        policy = self.settings.get("Policies", {}).get("SignInPolicy") or {}
        return tuple(policy.get("AllowedFirstAuthFactors") or DEFAULT_FIRST_FACTORS)

    @property
    def attributes_verified_first(self) -> tuple[str, ...]:
        """Return the attributes whose new value waits for its code (AttributesRequireVerificationBeforeUpdate)."""
        setting = self.settings.get("UserAttributeUpdateSettings", {})
        return tuple(setting.get("AttributesRequireVerificationBeforeUpdate", ()))

    @property
    def is_case_sensitive(self) -> bool:
        """Say whether names are compared as typed; the API's default when UsernameConfiguration is unset."""
        return bool(self.settings.get("UsernameConfiguration", {}).get("CaseSensitive", True))

    @property
    def only_admins_create_users(self) -> bool:
        """Say whether SignUp is closed."""
        return bool(self.settings.get("AdminCreateUserConfig", {}).get("AllowAdminCreateUserOnly", False))

    @property
    def is_deletion_protected(self) -> bool:
        """Say whether DeleteUserPool is refused."""
        return self.settings.get("DeletionProtection") == "ACTIVE"

    @property
    def temporary_password_lifetime(self) -> timedelta:
        """Return how long a temporary password may be used.  Source: spec section 2.9, row expiry."""
        legacy = self.settings.get("AdminCreateUserConfig", {}).get("UnusedAccountValidityDays")
        days = self.password_policy.temporary_password_validity_days or legacy or DEFAULT_TEMPORARY_PASSWORD_DAYS
        return timedelta(days=days)

    @cached_property
    def recovery_mechanisms(self) -> tuple[str, ...] | None:
        """Return AccountRecoverySetting's names by priority; None when unset (legacy: phone, then e-mail)."""
        setting = self.settings.get("AccountRecoverySetting")
        if not setting or not setting.get("RecoveryMechanisms"):
            return None
        return tuple(each["Name"] for each in sorted(setting["RecoveryMechanisms"], key=lambda each: each["Priority"]))

    @cached_property
    def device_tracking(self) -> DeviceTracking | None:
        """Return what the pool does with devices; None when it does not track them."""
        return DeviceTracking.parse(self.settings.get("DeviceConfiguration"))

    @cached_property
    def session_tracking(self) -> SessionTracking:
        """Return whether users' sessions are listed, and how many a user may have."""
        return SessionTracking.parse(self.session_configuration)

    @property
    def lambda_config(self) -> Mapping[str, Any]:
        """Return the triggers."""
        config: Mapping[str, Any] = self.settings.get("LambdaConfig", {})
        return config

    def fold(self, name: str) -> str:
        """Return the form in which a username or alias is compared and stored.  Source: spec section 2.2, CaseSensitive."""
        return name if self.is_case_sensitive else name.lower()
