"""Which challenge follows a correct first factor.  Source: spec USER_POOLS section 5.3."""

from __future__ import annotations

from typing import Any

import pytest

from idp.domain.errors import InvalidParameter
from idp.domain.mfa import PoolMfa, factors_to_set_up, has_passed_mfa, required_challenge
from idp.domain.user import MfaPreference, User, UserStatus
from idp.domain.user_pool import UserPool
from tests.fakes import START

SMS, TOTP, EMAIL = "SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"
BOTH_ADDRESSES = {"email": "ann@example.com", "phone_number": "+15550100"}
ONLY_EMAIL = {"email": "ann@example.com"}
ONLY_PHONE = {"phone_number": "+15550100"}
SETTINGS: dict[str, Any] = {
    SMS: {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}},
    TOTP: {"SoftwareTokenMfaConfiguration": {"Enabled": True}},
    EMAIL: {"EmailMfaConfiguration": {}},
}


def a_pool(mode: str, *factors: str, recovery: str | None = None, **settings: Any) -> PoolMfa:
    given: dict[str, Any] = {"MfaConfiguration": mode, **settings}
    for factor in factors:
        given |= SETTINGS[factor]
    if recovery is not None:
        given["AccountRecoverySetting"] = {"RecoveryMechanisms": [{"Priority": 1, "Name": recovery}]}
    return PoolMfa.parse(UserPool("us-east-1_pool", "0" * 12, "us-east-1", "people", given, START, START))


def a_user(attributes: dict[str, str], *enabled: str, preferred: str | None = None) -> User:
    preference = MfaPreference(frozenset(enabled), preferred)
    return User("us-east-1_pool", "ann", "sub", UserStatus.CONFIRMED, START, START, attributes, mfa=preference)


def test_a_pool_without_mfa_asks_nothing() -> None:
    user = a_user(BOTH_ADDRESSES, SMS, TOTP, EMAIL, preferred=TOTP)

    assert required_challenge(a_pool("OFF", SMS, TOTP, EMAIL), user, has_token=True) is None


@pytest.mark.parametrize(
    ("enabled", "preferred", "asked"),
    [
        ((), None, None),
        ((SMS,), None, SMS),
        ((TOTP,), None, TOTP),
        ((EMAIL,), None, EMAIL),
        ((SMS, TOTP), None, "SELECT_MFA_TYPE"),
        ((SMS, TOTP, EMAIL), EMAIL, EMAIL),
        ((SMS, TOTP), TOTP, TOTP),
    ],
)
def test_an_optional_factor_is_asked_of_who_has_switched_it_on(
    enabled: tuple[str, ...], preferred: str | None, asked: str | None
) -> None:
    user = a_user(BOTH_ADDRESSES, *enabled, preferred=preferred)

    assert required_challenge(a_pool("OPTIONAL", SMS, TOTP, EMAIL), user, has_token=True) == asked


@pytest.mark.parametrize(
    ("attributes", "factors", "asked"),
    [
        (ONLY_EMAIL, (SMS, TOTP), None),
        (ONLY_PHONE, (TOTP, EMAIL), None),
        (BOTH_ADDRESSES, (TOTP, EMAIL), EMAIL),
    ],
    ids=["nothing to reach them by", "the pool has no SMS any more", "another is left"],
)
def test_what_is_no_longer_possible_is_not_asked(
    attributes: dict[str, str], factors: tuple[str, ...], asked: str | None
) -> None:
    user = a_user(attributes, SMS, EMAIL if asked else SMS, preferred=SMS)

    assert required_challenge(a_pool("OPTIONAL", *factors), user, has_token=False) == asked


def test_a_registered_app_stays_good_when_the_pool_no_longer_takes_apps() -> None:
    assert required_challenge(a_pool("OPTIONAL", SMS), a_user({}, TOTP), has_token=True) == TOTP


@pytest.mark.parametrize(
    ("attributes", "has_token", "factors", "recovery", "asked"),
    [
        ({}, True, (TOTP,), None, TOTP),
        (BOTH_ADDRESSES, True, (TOTP,), None, TOTP),
        (ONLY_EMAIL, True, (TOTP, EMAIL), "verified_email", TOTP),
        (ONLY_PHONE, True, (TOTP, SMS), None, "SELECT_MFA_TYPE"),
        (ONLY_EMAIL, True, (TOTP, EMAIL), "verified_phone_number", "SELECT_MFA_TYPE"),
        (ONLY_PHONE, False, (TOTP, SMS), None, SMS),
        (ONLY_EMAIL, False, (TOTP, EMAIL), "verified_phone_number", EMAIL),
        (ONLY_PHONE, False, (TOTP, SMS), "verified_phone_number", "MFA_SETUP"),
        (ONLY_EMAIL, False, (TOTP, EMAIL), "verified_email", "MFA_SETUP"),
        (BOTH_ADDRESSES, False, (SMS, EMAIL), None, "SELECT_MFA_TYPE"),
        (BOTH_ADDRESSES, False, (SMS, EMAIL), "admin_only", "SELECT_MFA_TYPE"),
        (BOTH_ADDRESSES, False, (SMS, EMAIL), "verified_email", SMS),
        (BOTH_ADDRESSES, False, (SMS, EMAIL), "verified_phone_number", EMAIL),
        ({}, False, (TOTP,), None, "MFA_SETUP"),
        ({}, False, (SMS, EMAIL), None, "MFA_SETUP"),
    ],
)
def test_where_mfa_is_required_without_a_preference_what_the_user_has_decides(
    attributes: dict[str, str], has_token: bool, factors: tuple[str, ...], recovery: str | None, asked: str
) -> None:
    pool = a_pool("ON", *factors, recovery=recovery)

    assert required_challenge(pool, a_user(attributes), has_token=has_token) == asked


@pytest.mark.parametrize("factor", [SMS, TOTP])
def test_where_mfa_is_required_the_preferred_factor_is_asked(factor: str) -> None:
    user = a_user(BOTH_ADDRESSES, SMS, TOTP, preferred=factor)

    assert required_challenge(a_pool("ON", SMS, TOTP), user, has_token=True) == factor


@pytest.mark.parametrize(
    ("pool", "attributes"),
    [
        (a_pool("ON", SMS), {}),
        (a_pool("ON", SMS, recovery="verified_phone_number"), ONLY_PHONE),
        (a_pool("ON", EMAIL, recovery="verified_email"), {}),
    ],
    ids=["no phone number", "recovery goes to the phone", "recovery goes to the mailbox"],
)
def test_who_can_neither_give_nor_set_up_a_required_factor_is_refused(
    pool: PoolMfa, attributes: dict[str, str]
) -> None:
    with pytest.raises(InvalidParameter):
        required_challenge(pool, a_user(attributes), has_token=False)


@pytest.mark.parametrize(
    ("attributes", "asked"),
    [({}, None), (ONLY_EMAIL, EMAIL), (BOTH_ADDRESSES, "SELECT_MFA_TYPE")],
    ids=["has none", "has one", "has two"],
)
def test_a_risky_sign_in_demands_an_optional_factor_of_who_has_one(
    attributes: dict[str, str], asked: str | None
) -> None:
    pool = a_pool("OPTIONAL", SMS, TOTP, EMAIL)

    assert required_challenge(pool, a_user(attributes), has_token=False, is_demanded=True) == asked


@pytest.mark.parametrize(
    ("attributes", "recovery", "offered"),
    [
        ({}, None, (TOTP, EMAIL)),
        (ONLY_EMAIL, None, (TOTP,)),
        ({}, "verified_email", (TOTP,)),
        (ONLY_PHONE, None, (TOTP, EMAIL)),
    ],
)
def test_a_phone_number_cannot_be_set_up_during_a_sign_in(
    attributes: dict[str, str], recovery: str | None, offered: tuple[str, ...]
) -> None:
    pool = a_pool("ON", SMS, TOTP, EMAIL, recovery=recovery)

    assert factors_to_set_up(pool, a_user(attributes)) == offered


@pytest.mark.parametrize(
    ("passed", "is_enough"),
    [
        ((), False),
        (("PASSWORD",), False),
        (("PASSWORD", "NEW_PASSWORD_REQUIRED"), False),
        (("PASSWORD", "SOFTWARE_TOKEN_MFA"), True),
        (("PASSWORD_VERIFIER", "NEW_PASSWORD_REQUIRED", "SMS_MFA"), True),
        (("PASSWORD", "MFA_SETUP"), True),
        (("EMAIL_OTP",), False),
        (("EMAIL_OTP", "EMAIL_OTP"), True),
        (("PASSWORD", "EMAIL_OTP"), True),
        (("SMS_MFA",), False),
        (("WEB_AUTHN",), False),
    ],
)
def test_a_second_factor_comes_after_a_first_one(passed: tuple[str, ...], is_enough: bool) -> None:
    assert has_passed_mfa(a_pool("ON", TOTP), passed) is is_enough


def test_a_passkey_with_user_verification_may_be_both_factors() -> None:
    passkeys = {"FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"}

    assert has_passed_mfa(a_pool("ON", TOTP, WebAuthnConfiguration=passkeys), ("WEB_AUTHN",))
