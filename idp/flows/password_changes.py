"""Setting a password: by the user who knows the old one, or by an administrator.  Source: spec USER_POOLS 2.9 and 2.10."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain.errors import NotAuthorized
from idp.domain.origin import UNKNOWN_ORIGIN, Origin
from idp.domain.user import User, UserStatus
from idp.flows.auth_events import record_action
from idp.flows.codes import count_within
from idp.flows.compromised_passwords import refuse_compromised
from idp.flows.passwords import remember_password, renew_credentials, verify_password

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Services

CHANGES_PER_HOUR = 5


def change_password(
    services: Services,
    user_pool: UserPool,
    user: User,
    *,
    previous: str | None,
    proposed: str,
    client_id: str | None = None,
    origin: Origin = UNKNOWN_ORIGIN,
) -> None:
    """Let a user who is signed in change their password.

    Args:
        previous: None for a user who has no password yet.
        client_id: where the user signed in.

    Raises:
        InvalidPassword, PasswordReused; NotAuthorized: the previous password is wrong or missing; AttemptLimitExceeded.
    """
    user_pool.password_policy.check(proposed)
    refuse_compromised(services, user_pool, client_id, proposed, "PASSWORD_CHANGE")
    count_within(services, user_pool.id, user.sub, "change_password", CHANGES_PER_HOUR)
    if previous is None:
        _require_passwordless(user)
    elif not verify_password(services, user_pool, user, previous):
        raise NotAuthorized
    _save(services, user_pool, user, proposed)
    record_action(services, user_pool, user, "PasswordChange", client_id=client_id, origin=origin)


def admin_set_user_password(
    services: Services, user_pool: UserPool, user: User, *, password: str, is_permanent: bool
) -> None:
    """Give a user a password, whatever their status: a permanent one confirms them, a temporary one must be changed.

    Raises:
        InvalidPassword, PasswordReused.
    """
    user_pool.password_policy.check(password)
    if is_permanent:
        changed = replace(user, status=UserStatus.CONFIRMED, temporary_until=None)
    else:
        temporary_until = services.clock.now() + user_pool.temporary_password_lifetime
        changed = replace(user, status=UserStatus.FORCE_CHANGE_PASSWORD, temporary_until=temporary_until)
    _save(services, user_pool, changed, password)


def _save(services: Services, user_pool: UserPool, user: User, password: str) -> None:
    credentials = renew_credentials(services, user_pool, user, password)
    with services.unit_of_work() as work:
        remember_password(work, user_pool, user)
        work.users.save(replace(user, credentials=credentials, updated_at=services.clock.now()))
        work.commit()


def _require_passwordless(user: User) -> None:
    if user.credentials is not None or user.status is not UserStatus.CONFIRMED:
        raise NotAuthorized
