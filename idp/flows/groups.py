"""Groups of a user pool and who is in them.  Source: spec USER_POOLS sections 3.1, 4.4 and 11.1."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain.errors import LimitExceeded, ResourceNotFound
from idp.flows.lookups import get_user

if TYPE_CHECKING:
    from idp.domain.group import Group
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork

MAX_GROUPS = 10_000
MAX_GROUPS_OF_USER = 100


def create_group(services: Services, group: Group) -> Group:
    """Make a group; raises GroupTaken, LimitExceeded."""
    with services.unit_of_work() as work:
        if work.groups.count(group.pool_id) >= MAX_GROUPS:
            raise LimitExceeded("The maximum number of groups has been reached.")
        work.groups.add(group)
        work.commit()
    return group


def get_group(services: Services, user_pool: UserPool, name: str) -> Group:
    """Return a group; raises ResourceNotFound."""
    with services.reading() as work:
        return _stored_group(work, user_pool, name)


def update_group(
    services: Services,
    user_pool: UserPool,
    name: str,
    *,
    description: str | None,
    role_arn: str | None,
    precedence: int | None,
) -> Group:
    """Change a group; what is None stays.  Raises ResourceNotFound."""
    with services.unit_of_work() as work:
        stored = _stored_group(work, user_pool, name)
        changed = replace(
            stored,
            description=stored.description if description is None else description,
            role_arn=stored.role_arn if role_arn is None else role_arn,
            precedence=stored.precedence if precedence is None else precedence,
            updated_at=services.clock.now(),
        )
        work.groups.save(changed)
        work.commit()
    return changed


def delete_group(services: Services, user_pool: UserPool, name: str) -> None:
    """Delete a group; its users stay.  Raises ResourceNotFound."""
    with services.unit_of_work() as work:
        _stored_group(work, user_pool, name)
        work.groups.delete(user_pool.id, name)
        work.commit()


def list_groups(services: Services, user_pool: UserPool, *, after: str, limit: int) -> list[Group]:
    """Return up to `limit` groups of a pool, by name, after the name given."""
    with services.reading() as work:
        return work.groups.list_page(user_pool.id, after=after, limit=limit)


def add_user_to_group(services: Services, user_pool: UserPool, username: str, group_name: str) -> None:
    """Put a user into a group; twice is once.

    Raises:
        ResourceNotFound, UserNotFound; LimitExceeded when the user is in 100 groups.
    """
    with services.unit_of_work() as work:
        group = _stored_group(work, user_pool, group_name)
        user = get_user(work, user_pool, username)
        held = work.groups.of_user(user, limit=MAX_GROUPS_OF_USER)
        if len(held) == MAX_GROUPS_OF_USER and group_name not in {each.name for each in held}:
            raise LimitExceeded("The maximum number of groups of a user has been reached.")
        work.groups.add_member(group, user)
        work.commit()


def remove_user_from_group(services: Services, user_pool: UserPool, username: str, group_name: str) -> None:
    """Take a user out of a group; out already is fine.  Raises ResourceNotFound, UserNotFound."""
    with services.unit_of_work() as work:
        group = _stored_group(work, user_pool, group_name)
        work.groups.remove_member(group, get_user(work, user_pool, username))
        work.commit()


def list_groups_of_user(
    services: Services, user_pool: UserPool, username: str, *, after: str, limit: int
) -> list[Group]:
    """Return up to `limit` groups of a user, by name, after the name given; raises UserNotFound."""
    with services.reading() as work:
        user = get_user(work, user_pool, username)
        return work.groups.of_user(user, after=after, limit=limit)


def list_users_in_group(
    services: Services, user_pool: UserPool, group_name: str, *, after: int, limit: int
) -> list[User]:
    """Return up to `limit` users of a group, by row id, after the row id given; raises ResourceNotFound."""
    with services.reading() as work:
        _stored_group(work, user_pool, group_name)
        return work.groups.list_members(user_pool.id, group_name, after=after, limit=limit)


def _stored_group(work: UnitOfWork, user_pool: UserPool, name: str) -> Group:
    group = work.groups.find(user_pool.id, name)
    if group is None:
        raise ResourceNotFound("Group not found.")
    return group
