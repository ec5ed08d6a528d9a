"""First factors of choice-based sign-in: which a pool allows, which a user has, and which may be chosen.

Source: AWS API_SignInPolicyType; spec USER_POOLS section 1.9.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from idp.domain.challenge import EMAIL_OTP, PASSWORD, PASSWORD_SRP, SMS_OTP, WEB_AUTHN
from idp.domain.errors import InvalidParameter
from idp.domain.user import UserStatus

if TYPE_CHECKING:
    from idp.domain.user import User

ONE_TIME: Mapping[str, str] = {EMAIL_OTP: "email", SMS_OTP: "phone_number"}
"""The factors that are a code by message -> the attribute that holds where to."""

CHOICES = (PASSWORD_SRP, PASSWORD, EMAIL_OTP, SMS_OTP, WEB_AUTHN)
"""The challenges that may be chosen, in the order in which they are told."""


def check_sign_in_policy(settings: Mapping[str, Any]) -> None:
    """Check AllowedFirstAuthFactors of a pool's settings.

    Raises:
        InvalidParameter.

    Unknown: the sentences.
    """
    factors = settings.get("Policies", {}).get("SignInPolicy", {}).get("AllowedFirstAuthFactors", ())
    if set(factors) == {WEB_AUTHN}:
        raise InvalidParameter("WEB_AUTHN cannot be the only allowed first auth factor.")
    if "SOFTWARE_TOKEN" in factors:
        raise InvalidParameter("SOFTWARE_TOKEN is not supported as a first auth factor.")


def one_time_factors(allowed: Collection[str], attributes: Mapping[str, str]) -> list[str]:
    """Return the factors by message that a pool allows and that somebody with these attributes can be reached by."""
    return [factor for factor, attribute in ONE_TIME.items() if factor in allowed and attributes.get(attribute)]


def available_challenges(
    user: User, *, allowed: Collection[str], has_passkey: bool, needs_mfa: bool, is_passkey_mfa: bool
) -> tuple[str, ...]:
    """Return the challenges that a user may choose: none for one whom an upstream provider signs in.

    Args:
        allowed: the pool's AllowedFirstAuthFactors.
        needs_mfa: a second factor will be asked.
        is_passkey_mfa: a passkey counts as both.
    """
    if user.status is UserStatus.EXTERNAL_PROVIDER:
        return ()
    has_password = user.credentials is not None and PASSWORD in allowed
    passwords = {PASSWORD_SRP, PASSWORD} if has_password else set()
    if user.status is UserStatus.FORCE_CHANGE_PASSWORD:
        return in_order(passwords)
    one_time = set() if needs_mfa else set(one_time_factors(allowed, user.attributes))
    may_use_passkey = has_passkey and WEB_AUTHN in allowed and (is_passkey_mfa or not needs_mfa)
    return in_order(passwords | one_time | ({WEB_AUTHN} if may_use_passkey else set()))


def in_order(challenges: Collection[str]) -> tuple[str, ...]:
    """Return challenges in the order in which they are told."""
    return tuple(challenge for challenge in CHOICES if challenge in challenges)
