"""What a pool offers of multi-factor authentication, and what users prefer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.mfa_users import (
    EMAIL,
    MAILBOX,
    PHONE,
    SENDER,
    SMS,
    TOTP,
    a_pool_with_mfa,
    an_app_of_ann,
    prefer,
)
from tests.aws.cognito_idp.people import Pool, a_pool
from tests.aws.cognito_idp.pools import a_user_pool
from tests.sdk import refused

if TYPE_CHECKING:
    from tests.fakes import FakeClock

NO_METHOD = "At least one of [SmsMfaConfiguration] or [SoftwareTokenMfaConfiguration] must be provided."
NO_DELIVERY = "User does not have delivery config set to turn on {}"
NOT_ENABLED = "An MFA method cannot be preferred if it is not enabled."
ON = {"Enabled": True}
PREFERRED = {"Enabled": True, "PreferredMfa": True}


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool with all factors, and Ann with both addresses."""
    made = a_pool_with_mfa(idp, "OPTIONAL", SMS, TOTP, EMAIL)
    made.sign_up(email=MAILBOX, phone_number=PHONE)
    return made


def shown(pool: Pool) -> tuple[Any, Any, Any]:
    """Return what AdminGetUser shows of Ann's factors: the list, the preferred one, the older options."""
    user = pool.idp.admin_get_user(UserPoolId=pool.pool_id, Username="ann")
    return user.get("UserMFASettingList"), user.get("PreferredMfaSetting"), user.get("MFAOptions")


# The pool


def test_a_new_pool_has_no_mfa(idp: Any) -> None:
    answer = idp.get_user_pool_mfa_config(UserPoolId=a_user_pool(idp))

    assert {name: value for name, value in answer.items() if name != "ResponseMetadata"} == {"MfaConfiguration": "OFF"}


def test_the_configuration_is_answered_and_kept(idp: Any) -> None:
    pool_id = a_user_pool(idp, EmailConfiguration=SENDER)
    message = {**SMS["SmsMfaConfiguration"], "SmsAuthenticationMessage": "Your code: {####}"}
    given = {"MfaConfiguration": "ON", "SmsMfaConfiguration": message, **TOTP, **EMAIL}

    answer = idp.set_user_pool_mfa_config(UserPoolId=pool_id, **given)

    assert {name: answer[name] for name in given} == given
    kept = idp.get_user_pool_mfa_config(UserPoolId=pool_id)
    assert {name: kept[name] for name in given} == given
    assert idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]["MfaConfiguration"] == "ON"


def test_a_factor_that_is_left_out_is_switched_off_and_passkeys_stay(idp: Any) -> None:
    pool = a_pool_with_mfa(idp, "ON", SMS, TOTP, EMAIL, {"WebAuthnConfiguration": {"RelyingPartyId": "localhost"}})

    idp.set_user_pool_mfa_config(UserPoolId=pool.pool_id, MfaConfiguration="ON", **TOTP)

    kept = idp.get_user_pool_mfa_config(UserPoolId=pool.pool_id)
    assert kept["SoftwareTokenMfaConfiguration"] == {"Enabled": True}
    assert kept["WebAuthnConfiguration"] == {"RelyingPartyId": "localhost"}
    assert "SmsMfaConfiguration" not in kept
    assert "EmailMfaConfiguration" not in kept


def test_setting_passkeys_alone_does_not_open_a_pool_that_requires_mfa(idp: Any) -> None:
    pool = a_pool_with_mfa(idp, "ON", TOTP)

    with refused("InvalidParameterException", NO_METHOD):
        idp.set_user_pool_mfa_config(UserPoolId=pool.pool_id, WebAuthnConfiguration={"RelyingPartyId": "localhost"})

    assert idp.get_user_pool_mfa_config(UserPoolId=pool.pool_id)["MfaConfiguration"] == "ON"


@pytest.mark.parametrize("mode", ["ON", "OPTIONAL"])
def test_mfa_needs_a_factor(idp: Any, mode: str) -> None:
    with refused("InvalidParameterException", NO_METHOD):
        idp.set_user_pool_mfa_config(UserPoolId=a_user_pool(idp), MfaConfiguration=mode)


def test_sms_needs_its_configuration(idp: Any) -> None:
    sentence = "[SmsConfiguration] is a required member of [SoftwareTokenMfaConfiguration]."
    with refused("InvalidParameterException", sentence):
        idp.set_user_pool_mfa_config(UserPoolId=a_user_pool(idp), MfaConfiguration="ON", SmsMfaConfiguration={})


def test_a_mode_is_one_of_three(idp: Any) -> None:
    with refused("InvalidParameterException"):
        idp.set_user_pool_mfa_config(UserPoolId=a_user_pool(idp), MfaConfiguration="MAYBE", **TOTP)


@pytest.mark.parametrize(
    "made_with",
    [
        {},
        {
            "EmailConfiguration": SENDER,
            "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
        },
    ],
    ids=["without a sender of one's own", "with recovery by e-mail alone"],
)
def test_email_is_no_factor(idp: Any, made_with: dict[str, Any]) -> None:
    with refused("InvalidParameterException"):
        idp.set_user_pool_mfa_config(UserPoolId=a_user_pool(idp, **made_with), MfaConfiguration="ON", **EMAIL)


def test_the_lite_tier_has_no_email_factor(idp: Any) -> None:
    pool_id = a_user_pool(idp, EmailConfiguration=SENDER, UserPoolTier="LITE")
    with refused("FeatureUnavailableInTierException"):
        idp.set_user_pool_mfa_config(UserPoolId=pool_id, MfaConfiguration="ON", **EMAIL)


def test_an_update_of_the_pool_keeps_the_factors_and_sets_the_mode(idp: Any) -> None:
    pool = a_pool_with_mfa(idp, "OPTIONAL", TOTP)

    idp.update_user_pool(UserPoolId=pool.pool_id, MfaConfiguration="ON")

    kept = idp.get_user_pool_mfa_config(UserPoolId=pool.pool_id)
    assert (kept["MfaConfiguration"], kept["SoftwareTokenMfaConfiguration"]) == ("ON", {"Enabled": True})


def test_a_pool_that_is_made_with_mfa_needs_sms(idp: Any) -> None:
    with refused("InvalidParameterException"):
        idp.create_user_pool(PoolName="people", MfaConfiguration="ON")


def test_a_pool_of_another_account_is_not_found(idp: Any, aws: Any) -> None:
    stranger = aws("cognito-idp", key="210987654321")
    with refused("ResourceNotFoundException"):
        stranger.set_user_pool_mfa_config(UserPoolId=a_user_pool(idp), MfaConfiguration="OFF")


# Preferences


def test_a_new_user_has_switched_on_nothing(pool: Pool) -> None:
    assert shown(pool) == (None, None, None)


def test_switched_on_factors_are_shown_in_one_order(pool: Pool, clock: FakeClock) -> None:
    an_app_of_ann(pool, clock)

    prefer(pool, EMAIL=ON, TOTP=PREFERRED, SMS=ON)

    options = [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]
    assert shown(pool) == (["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"], "SOFTWARE_TOKEN_MFA", options)
    assert pool.idp.list_users(UserPoolId=pool.pool_id)["Users"][0]["MFAOptions"] == options


def test_users_see_and_change_their_own_preference(pool: Pool) -> None:
    token = pool.tokens()["AccessToken"]

    pool.idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=PREFERRED)

    user = pool.idp.get_user(AccessToken=token)
    assert (user["UserMFASettingList"], user["PreferredMfaSetting"]) == (["SMS_MFA"], "SMS_MFA")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"EMAIL": ON}, (["SMS_MFA", "EMAIL_OTP"], "SMS_MFA")),
        ({"EMAIL": PREFERRED}, (["SMS_MFA", "EMAIL_OTP"], "EMAIL_OTP")),
        ({"SMS": {"Enabled": False}}, (None, None)),
        ({"SMS": {"PreferredMfa": False}}, (["SMS_MFA"], None)),
        ({"SMS": {}}, (["SMS_MFA"], "SMS_MFA")),
    ],
    ids=["another factor", "another preferred", "off", "not preferred", "nothing said"],
)
def test_a_change_leaves_what_it_does_not_mention(pool: Pool, change: Any, expected: Any) -> None:
    prefer(pool, SMS=PREFERRED)

    prefer(pool, **change)

    assert shown(pool)[:2] == expected


def test_where_mfa_is_required_a_factor_cannot_be_switched_off(pool: Pool) -> None:
    prefer(pool, SMS=PREFERRED)
    pool.idp.set_user_pool_mfa_config(UserPoolId=pool.pool_id, MfaConfiguration="ON", **SMS, **TOTP)

    prefer(pool, SMS={"Enabled": False})

    assert shown(pool)[:2] == (["SMS_MFA"], None)


@pytest.mark.parametrize(
    ("change", "factor"),
    [({"SMS": ON}, "SMS_MFA"), ({"TOTP": ON}, "SOFTWARE_TOKEN_MFA"), ({"EMAIL": ON}, "EMAIL_OTP")],
)
def test_a_factor_needs_what_it_is_delivered_to(idp: Any, change: Any, factor: str) -> None:
    pool = a_pool_with_mfa(idp, "OPTIONAL", SMS, TOTP, EMAIL)
    pool.sign_up()

    with refused("InvalidParameterException", NO_DELIVERY.format(factor)):
        prefer(pool, **change)


@pytest.mark.parametrize("change", [{"SMS": {"PreferredMfa": True}}, {"SMS": {"Enabled": False, "PreferredMfa": True}}])
def test_a_factor_that_is_off_cannot_be_preferred(pool: Pool, change: Any) -> None:
    with refused("InvalidParameterException", NOT_ENABLED):
        prefer(pool, **change)


def test_one_factor_at_most_is_preferred(pool: Pool) -> None:
    with refused("InvalidParameterException", "Only one MFA method can be set as the preferred MFA method."):
        prefer(pool, SMS=PREFERRED, EMAIL=PREFERRED)

    assert shown(pool) == (None, None, None)


def test_passkeys_count_only_where_the_pool_says_so(pool: Pool) -> None:
    token = pool.tokens()["AccessToken"]
    with refused("InvalidParameterException", "The user pool does not take passkeys for MFA."):
        pool.idp.set_user_mfa_preference(AccessToken=token, WebAuthnMfaSettings=ON)


def test_passkeys_count_only_beside_another_factor(pool: Pool) -> None:
    configuration = {"RelyingPartyId": "localhost", "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"}
    pool.idp.set_user_pool_mfa_config(
        UserPoolId=pool.pool_id, MfaConfiguration="OPTIONAL", WebAuthnConfiguration=configuration, **TOTP
    )
    with refused("InvalidParameterException", "Passkey MFA needs another MFA method that is enabled."):
        pool.idp.set_user_mfa_preference(AccessToken=pool.tokens()["AccessToken"], WebAuthnMfaSettings=ON)


def test_the_older_operation_switches_sms(pool: Pool) -> None:
    token = pool.tokens()["AccessToken"]
    options = [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]

    pool.idp.set_user_settings(AccessToken=token, MFAOptions=options)
    assert pool.idp.get_user(AccessToken=token)["MFAOptions"] == options

    pool.idp.admin_set_user_settings(UserPoolId=pool.pool_id, Username="ann", MFAOptions=[])
    assert "MFAOptions" not in pool.idp.get_user(AccessToken=token)


@pytest.mark.parametrize(
    "option",
    [{"DeliveryMedium": "EMAIL", "AttributeName": "email"}, {"DeliveryMedium": "SMS", "AttributeName": "email"}, {}],
)
def test_the_older_operation_knows_sms_alone(pool: Pool, option: Any) -> None:
    with refused("InvalidParameterException"):
        pool.idp.admin_set_user_settings(UserPoolId=pool.pool_id, Username="ann", MFAOptions=[option])


def test_the_ways_to_sign_in_are_told_to_users_and_administrators(pool: Pool, clock: FakeClock) -> None:
    an_app_of_ann(pool, clock)
    token = pool.tokens()["AccessToken"]
    prefer(pool, SMS=PREFERRED, TOTP=ON)

    own = pool.idp.get_user_auth_factors(AccessToken=token)

    assert own["Username"] == "ann"
    assert own["ConfiguredUserAuthFactors"] == ["PASSWORD", "SMS_OTP", "SOFTWARE_TOKEN"]
    assert (own["UserMFASettingList"], own["PreferredMfaSetting"]) == (["SMS_MFA", "SOFTWARE_TOKEN_MFA"], "SMS_MFA")
    told = pool.idp.admin_get_user_auth_factors(UserPoolId=pool.pool_id, Username="ann")
    assert told["ConfiguredUserAuthFactors"] == own["ConfiguredUserAuthFactors"]


@pytest.mark.parametrize(
    "call",
    [
        lambda idp, token: idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=ON),
        lambda idp, token: idp.set_user_settings(AccessToken=token, MFAOptions=[]),
        lambda idp, token: idp.get_user_auth_factors(AccessToken=token),
        lambda idp, token: idp.associate_software_token(AccessToken=token),
        lambda idp, token: idp.verify_software_token(AccessToken=token, UserCode="123456"),
    ],
    ids=["preference", "settings", "factors", "associate", "verify"],
)
def test_who_has_signed_out_changes_nothing(pool: Pool, call: Any) -> None:
    token = pool.tokens()["AccessToken"]
    pool.idp.global_sign_out(AccessToken=token)
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        call(pool.idp, token)


def test_nobody_has_a_preference(idp: Any) -> None:
    pool = a_pool(idp)
    with refused("UserNotFoundException", "User does not exist."):
        prefer(pool, SMS=ON)
