"""What the settings of a user pool must agree on, beyond what the API's model says.

Source: AWS API_CreateUserPool, API_UpdateUserPool; spec USER_POOLS sections 2.2, 2.7-2.9, 3.1 and 12.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from idp.domain import mfa_settings
from idp.domain.errors import InvalidParameter
from idp.domain.feature_plan import PLUS, check_plan, is_protected
from idp.domain.first_factor import check_sign_in_policy
from idp.domain.schema import Schema

FIXED_AT_CREATION = ("Schema", "AliasAttributes", "UsernameAttributes", "UsernameConfiguration")
"""Members that UpdateUserPool does not have; AddCustomAttributes alone adds to the first."""

KEPT_BY_UPDATES = (*FIXED_AT_CREATION, "UserPoolTier", *mfa_settings.KEPT_BY_UPDATES)
"""What UpdateUserPool leaves as it is when it does not bring it."""


def check_new_settings(settings: Mapping[str, Any]) -> None:
    """Check CreateUserPool's members.

    Raises:
        InvalidParameter, FeatureUnavailable.
    """
    schema = Schema.define(settings.get("Schema", ()))
    aliases = settings.get("AliasAttributes", ())
    if aliases and settings.get("UsernameAttributes"):
        raise InvalidParameter("Only one of the aliasAttributes or usernameAttributes can be set in a user pool.")
    if "preferred_username" in aliases and "preferred_username" in schema.required():
        raise InvalidParameter("The preferred_username attribute cannot be both required and an alias.")
    check_settings(settings)


def check_settings(settings: Mapping[str, Any]) -> None:
    """Check what CreateUserPool and UpdateUserPool have in common.

    Raises:
        InvalidParameter; FeatureUnavailable: the tier does not have what they use.
    """
    check_plan(settings)
    _check_temporary_passwords(settings)
    _check_sms(settings)
    mfa_settings.check_email_factor(settings)
    _check_updates_that_wait(settings)
    _check_recovery(settings)
    _check_invitation(settings)
    check_sign_in_policy(settings)


def replaced_settings(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pool's settings after UpdateUserPool: what it leaves out returns to its default, the tier alone stays.

    Threat protection brings its own tier, unless another is given.  Source: spec sections 11.7 and 12.3.
    """
    if is_protected(new):
        new = {"UserPoolTier": PLUS, **new}
    kept = {name: old[name] for name in KEPT_BY_UPDATES if name in old}
    return {**kept, **new}


def _check_temporary_passwords(settings: Mapping[str, Any]) -> None:
    policy = settings.get("Policies", {}).get("PasswordPolicy", {})
    invitation = settings.get("AdminCreateUserConfig", {})
    if "TemporaryPasswordValidityDays" in policy and "UnusedAccountValidityDays" in invitation:
        raise InvalidParameter(
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays"
        )


def _check_sms(settings: Mapping[str, Any]) -> None:
    is_only_factor = mfa_settings.is_mfa_asked(settings) and not mfa_settings.offers_other_factors(settings)
    needs_sms = "phone_number" in settings.get("AutoVerifiedAttributes", ()) or is_only_factor
    if needs_sms and "SmsConfiguration" not in settings:
        raise InvalidParameter(
            "SMS configuration and Auto verification for phone_number are required when MFA is required/optional"
        )


def _check_updates_that_wait(settings: Mapping[str, Any]) -> None:
    waiting = settings.get("UserAttributeUpdateSettings", {}).get("AttributesRequireVerificationBeforeUpdate", ())
    if not set(waiting) <= set(settings.get("AutoVerifiedAttributes", ())):
        raise InvalidParameter("AttributesRequireVerificationBeforeUpdate can only contain auto verified attributes.")


def _check_recovery(settings: Mapping[str, Any]) -> None:
    """Check AccountRecoverySetting.  Unknown: the sentences.  Source of the rules: spec section 2.8."""
    mechanisms = settings.get("AccountRecoverySetting", {}).get("RecoveryMechanisms", ())
    names = [each["Name"] for each in mechanisms]
    if "admin_only" in names and len(names) > 1:
        raise InvalidParameter("The recovery mechanism admin_only cannot be combined with other recovery mechanisms.")
    if len(set(names)) < len(names) or len({each["Priority"] for each in mechanisms}) < len(names):
        raise InvalidParameter("Recovery mechanisms must have different names and priorities.")


def _check_invitation(settings: Mapping[str, Any]) -> None:
    """Check that invitations name the user; the model asks for the password's place.  Unknown: the sentence."""
    template = settings.get("AdminCreateUserConfig", {}).get("InviteMessageTemplate", {})
    for member in ("EmailMessage", "SMSMessage"):
        if member in template and "{username}" not in template[member]:
            raise InvalidParameter(f"The {member} of InviteMessageTemplate must contain {{username}} and {{####}}.")
