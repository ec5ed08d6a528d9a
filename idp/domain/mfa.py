"""Multi-factor authentication: what a pool offers, what a user prefers, and which challenge follows the first factor.

Source: AWS "Adding MFA to a user pool", API_SetUserPoolMfaConfig, API_SetUserMFAPreference; spec USER_POOLS section 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from idp.domain import mfa_settings
from idp.domain.challenge import (
    EMAIL_OTP,
    FIRST_FACTORS,
    MFA_SETUP,
    SELECT_MFA_TYPE,
    SMS_MFA,
    SOFTWARE_TOKEN_MFA,
    WEB_AUTHN,
)
from idp.domain.errors import InvalidParameter

if TYPE_CHECKING:
    from idp.domain.user import MfaPreference, User
    from idp.domain.user_pool import UserPool

Mode = Literal["OFF", "OPTIONAL", "ON"]

FACTORS = (SMS_MFA, SOFTWARE_TOKEN_MFA, EMAIL_OTP)
"""In the order in which answers list them."""

ADDRESS_OF = {SMS_MFA: "phone_number", EMAIL_OTP: "email"}
"""Factor -> the attribute that holds the address it needs."""

NO_DELIVERY = "User does not have delivery config set to turn on {factor}"


@dataclass(frozen=True, slots=True)
class PoolMfa:
    """What a pool offers.

    Attributes:
        factors: of FACTORS, in their order.
        primary_recovery: the address that recovers accounts first, which must not be the second factor on its own;
            None when the pool has not set an order, or leaves recovery to administrators.
        has_passkeys: a passkey with user verification is a factor of both kinds at once.
    """

    mode: Mode
    factors: tuple[str, ...]
    primary_recovery: str | None
    has_passkeys: bool

    @classmethod
    def parse(cls, user_pool: UserPool) -> PoolMfa:
        """Return what a pool's settings say."""
        settings = user_pool.settings
        offered = {
            SMS_MFA: mfa_settings.offers_sms(settings),
            SOFTWARE_TOKEN_MFA: mfa_settings.offers_software_tokens(settings),
            EMAIL_OTP: mfa_settings.offers_email(settings),
        }
        first = (user_pool.recovery_mechanisms or ("",))[0]
        passkeys = settings.get(mfa_settings.PASSKEYS, {}).get("FactorConfiguration")
        return cls(
            settings.get("MfaConfiguration", "OFF"),
            tuple(factor for factor in FACTORS if offered[factor]),
            first.removeprefix("verified_") if first.startswith("verified_") else None,
            passkeys == "MULTI_FACTOR_WITH_USER_VERIFICATION",
        )


@dataclass(frozen=True, slots=True)
class FactorChange:
    """What SetUserMFAPreference says of one factor; None says nothing."""

    enabled: bool | None
    preferred: bool | None


def has_passed_mfa(pool: PoolMfa, passed: Sequence[str]) -> bool:
    """Say whether a second factor was proved after a first one, or a passkey that is both.

    An e-mail code may be either, so its place counts.
    """
    if pool.has_passkeys and WEB_AUTHN in passed:
        return True
    first = next((place for place, name in enumerate(passed) if name in FIRST_FACTORS), len(passed))
    return any(name in FACTORS or name == MFA_SETUP for name in passed[first + 1 :])


def needs_software_token(pool: PoolMfa, user: User, *, is_demanded: bool = False) -> bool:
    """Say whether the decision depends on whether the user has registered an authenticator app."""
    return pool.mode == "ON" or (pool.mode == "OPTIONAL" and (is_demanded or bool(user.mfa.enabled)))


def required_challenge(pool: PoolMfa, user: User, *, has_token: bool, is_demanded: bool = False) -> str | None:
    """Return the challenge that follows a correct first factor; None when none does.

    Args:
        has_token: the user has registered an authenticator app.
        is_demanded: the sign-in is a risk, so that an optional second factor is asked for if the user can give one.

    Raises:
        InvalidParameter: MFA is required and the user has none and can set up none.

    Source: spec section 5.3, in its order; its rules on devices and passkeys are the callers'.
    """
    if pool.mode == "OFF":
        return None
    chosen = _chosen(pool, user, has_token=has_token)
    if user.mfa.preferred in chosen:
        return user.mfa.preferred
    usable = chosen or (usable_factors(pool, user, has_token=has_token) if pool.mode == "ON" or is_demanded else ())
    if usable:
        return usable[0] if len(usable) == 1 else SELECT_MFA_TYPE
    if pool.mode == "OPTIONAL":
        return None
    if not factors_to_set_up(pool, user):
        raise InvalidParameter(NO_DELIVERY.format(factor=pool.factors[0] if pool.factors else SMS_MFA))
    return MFA_SETUP


def selectable_factors(pool: PoolMfa, user: User, *, has_token: bool) -> tuple[str, ...]:
    """Return what SELECT_MFA_TYPE lets a user choose from."""
    return _chosen(pool, user, has_token=has_token) or usable_factors(pool, user, has_token=has_token)


def usable_factors(pool: PoolMfa, user: User, *, has_token: bool) -> tuple[str, ...]:
    """Return the factors of a user who has switched none on: what they have, less the primary recovery address."""
    return tuple(
        factor
        for factor in _possible(pool, user, has_token=has_token)
        if factor == SOFTWARE_TOKEN_MFA or ADDRESS_OF[factor] != pool.primary_recovery
    )


def factors_to_set_up(pool: PoolMfa, user: User) -> tuple[str, ...]:
    """Return what MFA_SETUP offers: an app, and an e-mail address for a user without; never a phone number."""
    is_offered = {
        SOFTWARE_TOKEN_MFA: True,
        EMAIL_OTP: pool.primary_recovery != "email" and not user.attributes.get("email"),
    }
    return tuple(factor for factor in pool.factors if is_offered.get(factor, False))


def changed_preference(
    pool: PoolMfa,
    user: User,
    changes: Mapping[str, FactorChange],
    *,
    with_passkeys: bool | None,
    has_token: bool,
) -> MfaPreference:
    """Return a user's preference after SetUserMFAPreference; what it does not mention stays.

    Where MFA is required no factor can be switched off, so that there only the mark of preference goes.

    Args:
        changes: by factor.
        with_passkeys: a passkey counts as a second factor; None leaves it.

    Raises:
        InvalidParameter: with the sentences of spec section 3.5.
    """
    if sum(change.preferred is True for change in changes.values()) > 1:
        raise InvalidParameter("Only one MFA method can be set as the preferred MFA method.")
    preference = user.mfa
    for factor, change in changes.items():
        preference = _changed(pool, user, preference, factor, change, has_token=has_token)
    return preference if with_passkeys is None else _with_passkeys(pool, preference, is_on=with_passkeys)


def require_deliverable(user: User, factor: str, *, has_token: bool) -> None:
    """Check that a user has what a factor needs: a verified app, a phone number, an e-mail address.

    Raises:
        InvalidParameter.
    """
    if not _has(user, factor, has_token=has_token):
        raise InvalidParameter(NO_DELIVERY.format(factor=factor))


def _changed(
    pool: PoolMfa, user: User, preference: MfaPreference, factor: str, change: FactorChange, *, has_token: bool
) -> MfaPreference:
    if change.enabled:
        require_deliverable(user, factor, has_token=has_token)
        preference = preference.with_factor(factor)
    if change.enabled is False and change.preferred:
        raise InvalidParameter("An MFA method cannot be preferred if it is not enabled.")
    if change.enabled is False and pool.mode != "ON":
        return preference.without_factor(factor)
    if change.preferred and factor not in preference.enabled:
        raise InvalidParameter("An MFA method cannot be preferred if it is not enabled.")
    if change.preferred:
        return replace(preference, preferred=factor)
    is_unmarked = change.enabled is False or change.preferred is False
    return replace(preference, preferred=None) if is_unmarked and preference.preferred == factor else preference


def _with_passkeys(pool: PoolMfa, preference: MfaPreference, *, is_on: bool) -> MfaPreference:
    """Return the preference with passkeys as a second factor, which needs the pool's leave and another factor beside."""
    if is_on and not pool.has_passkeys:
        raise InvalidParameter("The user pool does not take passkeys for MFA.")
    if is_on and not preference.enabled:
        raise InvalidParameter("Passkey MFA needs another MFA method that is enabled.")
    return replace(preference, with_passkeys=is_on)


def _chosen(pool: PoolMfa, user: User, *, has_token: bool) -> tuple[str, ...]:
    """Return the factors that the user has switched on and can still be asked for."""
    return tuple(factor for factor in _possible(pool, user, has_token=has_token) if factor in user.mfa.enabled)


def _possible(pool: PoolMfa, user: User, *, has_token: bool) -> tuple[str, ...]:
    """Return what a user can be asked for; an app that is registered stays good when the pool no longer offers apps."""
    offered = {*pool.factors, SOFTWARE_TOKEN_MFA}
    return tuple(factor for factor in FACTORS if factor in offered and _has(user, factor, has_token=has_token))


def _has(user: User, factor: str, *, has_token: bool) -> bool:
    return has_token if factor == SOFTWARE_TOKEN_MFA else bool(user.attributes.get(ADDRESS_OF[factor]))
