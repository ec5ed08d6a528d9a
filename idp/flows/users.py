"""Reading, listing, disabling and deleting users.  Source: spec USER_POOLS sections 2.1, 2.14 and 3.3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.flows.lookups import get_user
from idp.store.users import UserFilter, folded, search_value

if TYPE_CHECKING:
    from idp.domain.filtering import Condition
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services

STATUS_WORDS = {"Enabled": True, "Disabled": False}
COLUMNS = {"cognito:user_status": "status"}


def admin_disable_user(services: Services, user_pool: UserPool, username: str) -> None:
    """Keep a user from signing in, and end all their sessions; raises UserNotFound."""
    now = services.clock.now()
    with services.unit_of_work() as work:
        user = get_user(work, user_pool, username)
        work.users.set_enabled(user.id, is_enabled=False, moment=now)
        work.users.sign_out(user.id, now)
        work.user_sessions.revoke_of_user(user.id, now)
        work.commit()


def admin_enable_user(services: Services, user_pool: UserPool, username: str) -> None:
    """Let a user sign in again; raises UserNotFound."""
    with services.unit_of_work() as work:
        user = get_user(work, user_pool, username)
        work.users.set_enabled(user.id, is_enabled=True, moment=services.clock.now())
        work.commit()


def admin_delete_user(services: Services, user_pool: UserPool, username: str) -> None:
    """Delete a user with all that is theirs; raises UserNotFound."""
    with services.unit_of_work() as work:
        work.users.delete(get_user(work, user_pool, username))
        work.commit()


def delete_user(services: Services, user: User) -> None:
    """Delete the user who asks for it, with all that is theirs."""
    with services.unit_of_work() as work:
        work.users.delete(user)
        work.commit()


def list_users(
    services: Services,
    user_pool: UserPool,
    condition: Condition | None,
    *,
    after: tuple[str, int] | None,
    limit: int,
) -> list[User]:
    """Return up to `limit` users, in the order of the index that the condition uses: one query, whatever the pool's size.

    Args:
        after: `place_of` the last user of the page before.
    """
    if condition is None:
        filtered = None
    elif condition.attribute == "status":
        states = _states(condition)
        if not states:
            return []
        filtered = UserFilter("enabled", prefix=False, value=states.pop()) if len(states) == 1 else None
    else:
        filtered = UserFilter(_column(condition), condition.is_prefix, _compared(user_pool, condition))
    with services.reading() as work:
        return work.users.list_page(user_pool.id, filtered=filtered, after=after, limit=limit)


def place_of(user: User, condition: Condition | None) -> tuple[str, int]:
    """Return where a listing goes on after a user: what the condition looks at, and the row."""
    if condition is None or not condition.is_prefix or condition.attribute == "status":
        return "", user.id
    return search_value(user, _column(condition)), user.id


def _column(condition: Condition) -> str:
    return COLUMNS.get(condition.attribute, condition.attribute)


def _compared(user_pool: UserPool, condition: Condition) -> str:
    """Return the value as the store compares it: names as the pool folds them, all else whatever the case.

    `sub` is compared as typed.
    """
    if condition.attribute == "username":
        return user_pool.fold(condition.value)
    if condition.attribute == "sub":
        return condition.value
    if condition.attribute == "cognito:user_status":
        return condition.value.upper()
    return folded(condition.value) or ""


def _states(condition: Condition) -> set[bool]:
    """Return which of enabled and disabled users a condition on `status` means."""
    return {
        is_enabled
        for word, is_enabled in STATUS_WORDS.items()
        if word == condition.value or (condition.is_prefix and word.startswith(condition.value))
    }
