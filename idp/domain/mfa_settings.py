"""A pool's settings of MFA, as SetUserPoolMfaConfig sets and GetUserPoolMfaConfig shows them.

They are kept among the pool's settings under the API's names. Whether SMS is a factor follows from SmsConfiguration, which
verifies phone numbers too: `SmsMfaDisabled` is ours, and says that beside another factor it does no more than that.
Source: AWS API_SetUserPoolMfaConfig; spec USER_POOLS sections 3.5, 5.1 and 11.12.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from idp.domain.errors import FeatureUnavailable, InvalidParameter

SMS_DISABLED = "SmsMfaDisabled"
SOFTWARE_TOKEN = "SoftwareTokenMfaConfiguration"  # noqa: S105 - a setting's name
EMAIL = "EmailMfaConfiguration"
PASSKEYS = "WebAuthnConfiguration"

KEPT_BY_UPDATES = (SMS_DISABLED, SOFTWARE_TOKEN, EMAIL, PASSKEYS)
"""Members that UpdateUserPool does not have."""

NO_METHOD = "At least one of [SmsMfaConfiguration] or [SoftwareTokenMfaConfiguration] must be provided."
NO_SMS = "[SmsConfiguration] is a required member of [SoftwareTokenMfaConfiguration]."


def with_mfa(settings: Mapping[str, Any], request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pool's settings after SetUserPoolMfaConfig: factors that it leaves out are switched off.

    Unknown: what leaving out MfaConfiguration does; the pool's mode stays, so that passkeys can be set alone without
    opening the pool. WebAuthnConfiguration stays when it is left out.

    Args:
        request: the operation's members without UserPoolId.

    Raises:
        InvalidParameter; FeatureUnavailable: the pool's tier has no e-mail factor or passkeys.
    """
    changed = {name: value for name, value in settings.items() if name not in {SMS_DISABLED, SOFTWARE_TOKEN, EMAIL}}
    for name in ("MfaConfiguration", SOFTWARE_TOKEN, EMAIL, PASSKEYS):
        if name in request:
            changed[name] = request[name]
    changed |= _sms_settings(settings, request.get("SmsMfaConfiguration"))
    if is_mfa_asked(changed) and not (offers_sms(changed) or offers_other_factors(changed)):
        raise InvalidParameter(NO_METHOD)
    check_email_factor(changed)
    _check_tier(changed, request)
    return changed


def mfa_configuration(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what GetUserPoolMfaConfig shows of a pool's settings."""
    shown = {"MfaConfiguration": settings.get("MfaConfiguration", "OFF")}
    shown |= {name: settings[name] for name in (SOFTWARE_TOKEN, EMAIL, PASSKEYS) if name in settings}
    if offers_sms(settings):
        names = ("SmsAuthenticationMessage", "SmsConfiguration")
        shown["SmsMfaConfiguration"] = {name: settings[name] for name in names if name in settings}
    return shown


def is_mfa_asked(settings: Mapping[str, Any]) -> bool:
    """Say whether MFA is required, or optional."""
    return bool(settings.get("MfaConfiguration", "OFF") != "OFF")


def offers_sms(settings: Mapping[str, Any]) -> bool:
    """Say whether SMS is a factor of a pool."""
    return "SmsConfiguration" in settings and not (SMS_DISABLED in settings and offers_other_factors(settings))


def needs_phone_numbers(settings: Mapping[str, Any]) -> bool:
    """Say whether nobody could sign in without a phone number: MFA is required, and SMS is its only factor."""
    return settings.get("MfaConfiguration") == "ON" and offers_sms(settings) and not offers_other_factors(settings)


def offers_other_factors(settings: Mapping[str, Any]) -> bool:
    """Say whether authenticator apps or e-mail are factors of a pool."""
    return offers_software_tokens(settings) or offers_email(settings)


def offers_software_tokens(settings: Mapping[str, Any]) -> bool:
    """Say whether authenticator apps are a factor of a pool."""
    return bool(settings.get(SOFTWARE_TOKEN, {}).get("Enabled", False))


def offers_email(settings: Mapping[str, Any]) -> bool:
    """Say whether e-mail is a factor of a pool."""
    return EMAIL in settings


def check_email_factor(settings: Mapping[str, Any]) -> None:
    """Check what e-mail needs to be a factor.  Unknown: the sentences.

    Raises:
        InvalidParameter.
    """
    if not (is_mfa_asked(settings) and offers_email(settings)):
        return
    if settings.get("EmailConfiguration", {}).get("EmailSendingAccount") != "DEVELOPER":
        raise InvalidParameter("Email MFA requires an EmailConfiguration with EmailSendingAccount DEVELOPER.")
    recovery = settings.get("AccountRecoverySetting", {}).get("RecoveryMechanisms", ())
    if [each["Name"] for each in recovery] == ["verified_email"]:
        raise InvalidParameter("Email MFA cannot be used when email is the only account recovery mechanism.")


def _sms_settings(settings: Mapping[str, Any], given: Mapping[str, Any] | None) -> dict[str, Any]:
    if given is None:
        return {SMS_DISABLED: True} if "SmsConfiguration" in settings else {}
    if "SmsConfiguration" not in given and "SmsConfiguration" not in settings:
        raise InvalidParameter(NO_SMS)
    return dict(given)


def _check_tier(settings: Mapping[str, Any], request: Mapping[str, Any]) -> None:
    is_lite = settings.get("UserPoolTier") == "LITE"
    if is_lite and (EMAIL in request or PASSKEYS in request):
        raise FeatureUnavailable
