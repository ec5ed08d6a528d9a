"""Multi-factor authentication: what a pool offers, what users prefer, and their authenticator apps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from idp.aws.cognito_idp.resources import user_of, user_pool_arn, user_pool_of
from idp.aws.cognito_idp.user_shapes import mfa_settings
from idp.aws.registry import operation
from idp.domain.challenge import EMAIL_OTP, SMS_MFA, SOFTWARE_TOKEN_MFA
from idp.domain.errors import InvalidParameter
from idp.domain.mfa import FactorChange
from idp.domain.mfa_settings import mfa_configuration
from idp.flows import mfa_preferences, software_tokens, user_pools
from idp.flows.access import authenticate_access_token

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        AdminDeleteSoftwareTokenRequest,
        AdminDeleteSoftwareTokenResponse,
        AdminGetUserAuthFactorsRequest,
        AdminGetUserAuthFactorsResponse,
        AdminSetUserMFAPreferenceRequest,
        AdminSetUserMFAPreferenceResponse,
        AdminSetUserSettingsRequest,
        AdminSetUserSettingsResponse,
        AssociateSoftwareTokenRequest,
        AssociateSoftwareTokenResponse,
        GetUserAuthFactorsRequest,
        GetUserAuthFactorsResponse,
        GetUserPoolMfaConfigRequest,
        GetUserPoolMfaConfigResponse,
        MFAOptionType,
        SetUserMFAPreferenceRequest,
        SetUserMFAPreferenceResponse,
        SetUserPoolMfaConfigRequest,
        SetUserPoolMfaConfigResponse,
        SetUserSettingsRequest,
        SetUserSettingsResponse,
        VerifySoftwareTokenRequest,
        VerifySoftwareTokenResponse,
    )
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool

SETTINGS_OF = {
    SMS_MFA: "SMSMfaSettings",
    SOFTWARE_TOKEN_MFA: "SoftwareTokenMfaSettings",
    EMAIL_OTP: "EmailMfaSettings",
}
"""Factor -> the member that switches it."""

ONE_PROOF = "Exactly one of AccessToken and Session must be given."


@operation("cognito-idp")
def associate_software_token(
    context: Context, request: AssociateSoftwareTokenRequest
) -> AssociateSoftwareTokenResponse:
    session = _session_of(request)
    if session is not None:
        secret, session = software_tokens.associate_in_sign_in(context.services, session)
        return {"SecretCode": secret, "Session": session}
    grant = authenticate_access_token(context.services, request["AccessToken"])
    return {"SecretCode": software_tokens.associate_software_token(context.services, grant.user_pool, grant.user)}


@operation("cognito-idp")
def verify_software_token(context: Context, request: VerifySoftwareTokenRequest) -> VerifySoftwareTokenResponse:
    services, code, name = context.services, request["UserCode"], request.get("FriendlyDeviceName")
    session = _session_of(request)
    if session is not None:
        session = software_tokens.verify_in_sign_in(services, session, code, friendly_name=name)
        return {"Status": "SUCCESS", "Session": session}
    grant = authenticate_access_token(services, request["AccessToken"])
    software_tokens.verify_software_token(services, grant.user_pool, grant.user, code, friendly_name=name)
    return {"Status": "SUCCESS"}


@operation("cognito-idp", resource=user_pool_arn)
def admin_delete_software_token(
    context: Context, request: AdminDeleteSoftwareTokenRequest
) -> AdminDeleteSoftwareTokenResponse:
    software_tokens.admin_delete_software_token(context.services, user_pool_of(context, request), request["Username"])
    return {}


@operation("cognito-idp")
def set_user_mfa_preference(context: Context, request: SetUserMFAPreferenceRequest) -> SetUserMFAPreferenceResponse:
    grant = authenticate_access_token(context.services, request["AccessToken"])
    _set_preference(context, grant.user_pool, grant.user, request)
    return {}


@operation("cognito-idp", resource=user_pool_arn)
def admin_set_user_mfa_preference(
    context: Context, request: AdminSetUserMFAPreferenceRequest
) -> AdminSetUserMFAPreferenceResponse:
    user_pool = user_pool_of(context, request)
    _set_preference(context, user_pool, user_of(context, user_pool, request), request)
    return {}


@operation("cognito-idp")
def set_user_settings(context: Context, request: SetUserSettingsRequest) -> SetUserSettingsResponse:
    grant = authenticate_access_token(context.services, request["AccessToken"])
    is_on = _is_sms_on(request["MFAOptions"])
    mfa_preferences.set_sms_mfa(context.services, grant.user_pool, grant.user, is_on=is_on)
    return {}


@operation("cognito-idp", resource=user_pool_arn)
def admin_set_user_settings(context: Context, request: AdminSetUserSettingsRequest) -> AdminSetUserSettingsResponse:
    user_pool = user_pool_of(context, request)
    user = user_of(context, user_pool, request)
    mfa_preferences.set_sms_mfa(context.services, user_pool, user, is_on=_is_sms_on(request["MFAOptions"]))
    return {}


@operation("cognito-idp")
def get_user_auth_factors(context: Context, request: GetUserAuthFactorsRequest) -> GetUserAuthFactorsResponse:
    grant = authenticate_access_token(context.services, request["AccessToken"])
    return _auth_factors(context, grant.user_pool, grant.user)


@operation("cognito-idp", resource=user_pool_arn)
def admin_get_user_auth_factors(
    context: Context, request: AdminGetUserAuthFactorsRequest
) -> AdminGetUserAuthFactorsResponse:
    user_pool = user_pool_of(context, request)
    return _auth_factors(context, user_pool, user_of(context, user_pool, request))


@operation("cognito-idp", resource=user_pool_arn)
def get_user_pool_mfa_config(context: Context, request: GetUserPoolMfaConfigRequest) -> GetUserPoolMfaConfigResponse:
    state = user_pools.describe_user_pool(context.services, request["UserPoolId"], account=context.account)
    # The settings hold the API's own members.
    return cast("GetUserPoolMfaConfigResponse", mfa_configuration(state.user_pool.settings))


@operation("cognito-idp", resource=user_pool_arn)
def set_user_pool_mfa_config(context: Context, request: SetUserPoolMfaConfigRequest) -> SetUserPoolMfaConfigResponse:
    given = {name: value for name, value in request.items() if name != "UserPoolId"}
    saved = user_pools.set_user_pool_mfa_config(
        context.services, request["UserPoolId"], account=context.account, request=given
    )
    return cast("SetUserPoolMfaConfigResponse", mfa_configuration(saved.settings))


def _session_of(request: AssociateSoftwareTokenRequest | VerifySoftwareTokenRequest) -> str | None:
    """Return the Session that stands in for an access token; raises InvalidParameter when there are both, or neither."""
    if ("AccessToken" in request) == ("Session" in request):
        raise InvalidParameter(ONE_PROOF)
    return request.get("Session")


def _set_preference(context: Context, user_pool: UserPool, user: User, request: Mapping[str, Any]) -> None:
    changes = {
        factor: FactorChange(request[member].get("Enabled"), request[member].get("PreferredMfa"))
        for factor, member in SETTINGS_OF.items()
        if member in request
    }
    passkeys = request.get("WebAuthnMfaSettings", {}).get("Enabled")
    mfa_preferences.set_mfa_preference(context.services, user_pool, user, changes, with_passkeys=passkeys)


def _is_sms_on(options: Sequence[MFAOptionType]) -> bool:
    """Say what MFAOptions wants: SMS to the phone number, the only value there is, or nothing.

    Raises:
        InvalidParameter.
    """
    for option in options:
        if option.get("DeliveryMedium") != "SMS" or option.get("AttributeName") != "phone_number":
            raise InvalidParameter("MFAOptions take only DeliveryMedium SMS with AttributeName phone_number.")
    return bool(options)


def _auth_factors(context: Context, user_pool: UserPool, user: User) -> GetUserAuthFactorsResponse:
    factors = mfa_preferences.auth_factors(context.services, user_pool, user)
    # Names of the model's enum.
    shown = {"Username": user.username, "ConfiguredUserAuthFactors": factors, **mfa_settings(user)}
    return cast("GetUserAuthFactorsResponse", shown)
