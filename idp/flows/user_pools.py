"""Making, changing and deleting user pools.  Source: spec USER_POOLS sections 3.1, 12.1 and 12.3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from idp.domain.errors import InvalidParameter, LimitExceeded, ResourceNotFound, UserImportInProgress
from idp.domain.feature_plan import check_tier_change, tier_of
from idp.domain.identifiers import new_user_pool_id
from idp.domain.log_delivery import ACTIVITY
from idp.domain.mfa_settings import with_mfa
from idp.domain.trigger_functions import check_triggers
from idp.domain.user_pool import UserPool
from idp.domain.user_pool_settings import check_new_settings, check_settings, replaced_settings

if TYPE_CHECKING:
    from idp.domain.domain import PoolDomain
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork

MAX_USER_POOLS = 10_000


@dataclass(frozen=True, slots=True)
class UserPoolState:
    """A pool with what DescribeUserPool tells beside its settings."""

    user_pool: UserPool
    user_count: int = 0
    domains: tuple[PoolDomain, ...] = ()


def create_user_pool(
    services: Services,
    *,
    account: str,
    region: str,
    name: str,
    settings: Mapping[str, Any],
    pool_id: str | None = None,
) -> UserPool:
    """Make a pool.

    Args:
        settings: CreateUserPool's members without PoolName.
        pool_id: a chosen one (seeds); a new one when None.

    Raises:
        InvalidParameter, FeatureUnavailable, LimitExceeded.
    """
    check_new_settings(settings)
    settings = {**settings, "UserPoolTier": tier_of(settings)}
    _check_triggers(services, settings)
    now = services.clock.now()
    chosen_id = pool_id or new_user_pool_id(region, services.random)
    user_pool = UserPool(chosen_id, account, region, name, settings, created_at=now, updated_at=now)
    with services.unit_of_work() as work:
        if work.user_pools.count(account, region) >= MAX_USER_POOLS:
            raise LimitExceeded("The maximum number of user pools has been reached.")
        work.user_pools.add(user_pool)
        work.commit()
    return user_pool


def describe_user_pool(services: Services, pool_id: str, *, account: str) -> UserPoolState:
    """Return a pool as it is stored now; raises ResourceNotFound."""
    with services.reading() as work:
        user_pool = stored_user_pool(work, pool_id, account=account)
        return UserPoolState(user_pool, work.user_pools.count_users(pool_id), tuple(work.domains.of_pool(pool_id)))


def update_user_pool(
    services: Services, pool_id: str, *, account: str, name: str | None, settings: Mapping[str, Any]
) -> UserPool:
    """Replace a pool's settings.

    Args:
        name: None keeps the name.
        settings: UpdateUserPool's members without UserPoolId and PoolName; what is left out returns to its default.

    Raises:
        ResourceNotFound, InvalidParameter, FeatureUnavailable, TierChangeRefused, ConcurrentModification,
        UserImportInProgress.
    """
    with services.unit_of_work() as work:
        stored = stored_user_pool(work, pool_id, account=account)
        _require_no_import(work, pool_id)
        replaced = replaced_settings(stored.settings, settings)
        check_settings(replaced)
        check_tier_change(replaced, logs_activity=ACTIVITY in work.log_deliveries.sources_of(pool_id))
        _check_triggers(services, replaced)
        changed = replace(
            stored,
            name=name or stored.name,
            settings=replaced,
            updated_at=services.clock.now(),
        )
        saved = work.user_pools.save(changed)
        work.commit()
    services.catalog.user_pools.forget(pool_id)
    return saved


def set_user_pool_mfa_config(services: Services, pool_id: str, *, account: str, request: Mapping[str, Any]) -> UserPool:
    """Change what a pool offers of MFA, and its passkeys.

    Args:
        request: SetUserPoolMfaConfig's members without UserPoolId; factors that it leaves out are switched off.

    Raises:
        ResourceNotFound, InvalidParameter, FeatureUnavailable, ConcurrentModification.
    """
    with services.unit_of_work() as work:
        stored = stored_user_pool(work, pool_id, account=account)
        changed = replace(stored, settings=with_mfa(stored.settings, request), updated_at=services.clock.now())
        saved = work.user_pools.save(changed)
        work.commit()
    services.catalog.user_pools.forget(pool_id)
    return saved


def add_custom_attributes(
    services: Services, pool_id: str, *, account: str, documents: tuple[Mapping[str, Any], ...]
) -> None:
    """Add attributes to a pool's schema, for good.

    Raises:
        ResourceNotFound, InvalidParameter, LimitExceeded, ConcurrentModification; UserImportInProgress.
    """
    with services.unit_of_work() as work:
        stored = stored_user_pool(work, pool_id, account=account)
        _require_no_import(work, pool_id)
        stored.schema.check_additions(documents)
        schema = [*stored.settings.get("Schema", ()), *documents]
        work.user_pools.save(
            replace(stored, settings={**stored.settings, "Schema": schema}, updated_at=services.clock.now())
        )
        work.commit()
    services.catalog.user_pools.forget(pool_id)


def delete_user_pool(services: Services, pool_id: str, *, account: str) -> None:
    """Delete a pool with everything in it.

    Raises:
        ResourceNotFound; InvalidParameter when it is protected or has a domain; UserImportInProgress.
    """
    with services.unit_of_work() as work:
        user_pool = stored_user_pool(work, pool_id, account=account)
        _require_no_import(work, pool_id)
        if user_pool.is_deletion_protected:
            raise InvalidParameter(
                "The user pool cannot be deleted because deletion protection is activated. "
                "Deletion protection must be inactivated first."
            )
        if work.domains.of_pool(pool_id):
            raise InvalidParameter(
                "User pool cannot be deleted. It has a domain configured that should be deleted first."
            )
        work.user_pools.delete(pool_id)
        work.commit()
    services.catalog.user_pools.forget(pool_id)
    services.catalog.clients.clear()


def list_user_pools(services: Services, *, account: str, region: str, after: str, limit: int) -> list[UserPool]:
    """Return up to `limit` pools of an account and region, by id, after the id given."""
    with services.reading() as work:
        return work.user_pools.list_page(account, region, after=after, limit=limit)


def _check_triggers(services: Services, settings: Mapping[str, Any]) -> None:
    check_triggers(
        settings.get("LambdaConfig", {}),
        is_development=services.settings.mode == "dev",
        takes_callables=services.settings.python_triggers,
    )


def stored_user_pool(work: UnitOfWork, pool_id: str, *, account: str) -> UserPool:
    """Return a pool as it is stored now; raises ResourceNotFound, also for another account's."""
    user_pool = work.user_pools.find(pool_id)
    if user_pool is None or user_pool.account != account:
        raise ResourceNotFound(f"User pool {pool_id} does not exist.")
    return user_pool


def _require_no_import(work: UnitOfWork, pool_id: str) -> None:
    if work.user_imports.has_running(pool_id):
        raise UserImportInProgress
