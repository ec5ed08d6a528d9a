"""Tags of user pools: CreateUserPool, UpdateUserPool and the operations here change the same set.

Source: AWS API_TagResource, API_UntagResource; spec USER_POOLS section 11.10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain.errors import InvalidParameter, ResourceNotFound
from idp.domain.tags import find_fault_of_tags
from idp.flows.user_pools import stored_user_pool

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork

MEMBER = "UserPoolTags"


def tag_resource(services: Services, arn: str, *, account: str, tags: Mapping[str, str]) -> None:
    """Add tags to a pool; a key that it has gets the new value.

    Raises:
        ResourceNotFound, InvalidParameter, ConcurrentModification.
    """
    with services.unit_of_work() as work:
        user_pool = _tagged(work, arn, account)
        merged = {**tags_of(user_pool), **tags}
        fault = find_fault_of_tags(merged)
        if fault is not None:
            raise InvalidParameter(fault)
        _save(services, work, user_pool, merged)
        work.commit()
    services.catalog.user_pools.forget(user_pool.id)


def untag_resource(services: Services, arn: str, *, account: str, keys: Iterable[str]) -> None:
    """Take tags from a pool; a key that it has not is passed over.  Raises ResourceNotFound, ConcurrentModification."""
    gone = set(keys)
    with services.unit_of_work() as work:
        user_pool = _tagged(work, arn, account)
        _save(services, work, user_pool, {key: value for key, value in tags_of(user_pool).items() if key not in gone})
        work.commit()
    services.catalog.user_pools.forget(user_pool.id)


def list_tags(services: Services, arn: str, *, account: str) -> Mapping[str, str]:
    """Return a pool's tags; raises ResourceNotFound."""
    with services.reading() as work:
        return tags_of(_tagged(work, arn, account))


def tags_of(user_pool: UserPool) -> Mapping[str, str]:
    """Return the tags of a pool."""
    tags: Mapping[str, str] = user_pool.settings.get(MEMBER, {})
    return tags


def _save(services: Services, work: UnitOfWork, user_pool: UserPool, tags: Mapping[str, str]) -> None:
    settings = {**user_pool.settings, MEMBER: dict(tags)}
    work.user_pools.save(replace(user_pool, settings=settings, updated_at=services.clock.now()))


def _tagged(work: UnitOfWork, arn: str, account: str) -> UserPool:
    """Return the pool whose very ARN it is: IAM decided on this text, so nothing else may be reached by it."""
    user_pool = stored_user_pool(work, arn.rpartition("/")[2], account=account)
    if user_pool.arn != arn:
        raise ResourceNotFound(f"Resource {arn} does not exist.")
    return user_pool
