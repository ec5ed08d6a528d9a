"""Switching a user's second factors on and off, and choosing the one that is asked first.

Source: AWS API_SetUserMFAPreference, API_SetUserSettings, API_GetUserAuthFactors; spec USER_POOLS sections 3.5 and 5.2.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain.challenge import EMAIL_OTP, SMS_MFA, SMS_OTP
from idp.domain.errors import FeatureUnavailable
from idp.domain.mfa import FactorChange, PoolMfa, changed_preference
from idp.flows.first_factors import configured_factors
from idp.flows.second_factors import has_software_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from idp.domain.user import MfaPreference, User
    from idp.domain.user_pool import UserPool
    from idp.services import Services

SOFTWARE_TOKEN = "SOFTWARE_TOKEN"  # noqa: S105 - a factor's name
AS_AUTH_FACTOR = {SMS_MFA: SMS_OTP, EMAIL_OTP: EMAIL_OTP}
"""Second factor -> what ConfiguredUserAuthFactors calls it."""


def set_mfa_preference(
    services: Services,
    user_pool: UserPool,
    user: User,
    changes: Mapping[str, FactorChange],
    *,
    with_passkeys: bool | None = None,
) -> None:
    """Change a user's preference; what is not mentioned stays.

    Args:
        changes: by factor.
        with_passkeys: a passkey counts as a second factor; None leaves it.

    Raises:
        InvalidParameter: the user lacks what a factor needs, or the marks contradict one another.
        FeatureUnavailable: the pool's tier has no such factor. ConcurrentModification.
    """
    if user_pool.settings.get("UserPoolTier") == "LITE" and (EMAIL_OTP in changes or with_passkeys):
        raise FeatureUnavailable
    has_token = has_software_token(services, user)
    changed = changed_preference(
        PoolMfa.parse(user_pool), user, changes, with_passkeys=with_passkeys, has_token=has_token
    )
    _save(services, user, changed)


def set_sms_mfa(services: Services, user_pool: UserPool, user: User, *, is_on: bool) -> None:
    """Switch SMS on or off by the older operations; as `set_mfa_preference`."""
    set_mfa_preference(services, user_pool, user, {SMS_MFA: FactorChange(enabled=is_on, preferred=None)})


def auth_factors(services: Services, user_pool: UserPool, user: User) -> list[str]:
    """Return ConfiguredUserAuthFactors: what a user can sign in with, first factors before second ones."""
    second = [name for factor, name in AS_AUTH_FACTOR.items() if factor in user.mfa.enabled]
    if has_software_token(services, user):
        second.append(SOFTWARE_TOKEN)
    return list(dict.fromkeys([*configured_factors(services, user_pool, user), *second]))


def _save(services: Services, user: User, preference: MfaPreference) -> None:
    if preference == user.mfa:
        return
    with services.unit_of_work() as work:
        work.users.save(replace(user, mfa=preference, updated_at=services.clock.now()))
        work.commit()
