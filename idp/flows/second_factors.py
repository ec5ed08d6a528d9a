"""Which second factor a sign-in asks for, from what the pool offers and what the user has.

A user's authenticator app is looked up only where it matters, so that a pool without MFA pays nothing.
Source: spec USER_POOLS section 5.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.domain.mfa import PoolMfa, has_passed_mfa, needs_software_token, required_challenge, selectable_factors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services


def second_factor(
    services: Services, user_pool: UserPool, user: User, passed: Sequence[str], *, is_demanded: bool = False
) -> str | None:
    """Return the challenge of MFA that a user must pass after those they have passed; None when none is left.

    Args:
        is_demanded: the sign-in is a risk, so that an optional second factor is asked for if the user can give one.

    Raises:
        InvalidParameter: MFA is required, and the user can neither give nor set up a second factor.
    """
    pool = PoolMfa.parse(user_pool)
    if pool.mode == "OFF" or has_passed_mfa(pool, passed):
        return None
    depends_on_app = needs_software_token(pool, user, is_demanded=is_demanded)
    has_token = depends_on_app and has_software_token(services, user)
    return required_challenge(pool, user, has_token=has_token, is_demanded=is_demanded)


def may_give_second_factor(services: Services, user_pool: UserPool, user: User, passed: Sequence[str]) -> bool:
    """Say whether a user who is asked for a second factor because of a risk can give, set up, or has given one."""
    pool = PoolMfa.parse(user_pool)
    if pool.mode == "OFF":
        return False
    if has_passed_mfa(pool, passed) or pool.mode == "ON":
        return True
    has_token = has_software_token(services, user)
    return required_challenge(pool, user, has_token=has_token, is_demanded=True) is not None


def choices_of(services: Services, user_pool: UserPool, user: User) -> tuple[str, ...]:
    """Return the factors that a user may choose from."""
    return selectable_factors(PoolMfa.parse(user_pool), user, has_token=has_software_token(services, user))


def has_software_token(services: Services, user: User) -> bool:
    """Say whether a user has registered an authenticator app."""
    with services.reading() as work:
        return work.software_tokens.has(user.id)
