"""Identity pools: making, changing and deleting them, and the roles they give.

Source: AWS Cognito Identity API Reference; spec IDENTITY_POOLS sections 2 and 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from idp.domain.errors import InvalidParameter, NotAuthorized, ResourceNotFound
from idp.domain.identity_pool import COGNITO_IDENTITY, IdentityPool, check_role_mappings, forbidden_role
from idp.flows.authorize import decide

if TYPE_CHECKING:
    from idp.domain.principal import Principal
    from idp.services import Services

DEVELOPER_PROVIDER_IS_FINAL = "The DeveloperProviderName of an identity pool cannot be changed."


def create_identity_pool(
    services: Services, account: str, region: str, *, name: str, settings: Mapping[str, Any], pool_id: str | None = None
) -> IdentityPool:
    """Store a new pool.

    Args:
        settings: CreateIdentityPool's members but the name.
        pool_id: a chosen one (seeds); a new one when None.
    """
    pool = IdentityPool(
        pool_id or f"{region}:{services.random.uuid()}", account, region, name, settings, services.clock.now()
    )
    with services.unit_of_work() as work:
        work.identity_pools.add(pool)
        work.commit()
    return pool


def get_identity_pool(services: Services, pool_id: str, *, account: str | None = None) -> IdentityPool:
    """Return a pool.

    Args:
        account: of the principal; another account's pool does not exist for it. None for unsigned requests.

    Raises:
        ResourceNotFound.
    """
    pool = services.catalog.identity_pools.find(pool_id)
    if pool is None or account not in {None, pool.account}:
        raise ResourceNotFound(f"IdentityPool '{pool_id}' not found.")
    return pool


def list_identity_pools(services: Services, account: str, region: str, *, after: str, limit: int) -> list[IdentityPool]:
    """Return up to `limit` pools of an account and region, by id, after the id given."""
    with services.reading() as work:
        return work.identity_pools.list_page(account, region, after=after, limit=limit)


def update_identity_pool(
    services: Services, account: str, pool_id: str, *, name: str, settings: Mapping[str, Any]
) -> IdentityPool:
    """Replace a pool's settings whole; but the developer provider's name stays, once given.

    Raises:
        ResourceNotFound.
        InvalidParameter: the developer provider's name is another one.
        ConcurrentModification.
    """
    pool = get_identity_pool(services, pool_id, account=account)
    held = pool.developer_provider
    if held is not None and settings.get("DeveloperProviderName", held) != held:
        raise InvalidParameter(DEVELOPER_PROVIDER_IS_FINAL)
    kept = {} if held is None else {"DeveloperProviderName": held}
    return _saved(services, replace(pool, name=name, settings={**settings, **kept}))


def delete_identity_pool(services: Services, account: str, pool_id: str) -> None:
    """Delete a pool with its identities; raises ResourceNotFound."""
    get_identity_pool(services, pool_id, account=account)
    with services.unit_of_work() as work:
        work.identity_pools.delete(pool_id)
        work.commit()
    services.catalog.identity_pools.forget(pool_id)


def set_identity_pool_roles(
    services: Services,
    principal: Principal,
    pool_id: str,
    *,
    roles: Mapping[str, str],
    role_mappings: Mapping[str, Mapping[str, Any]],
) -> None:
    """Replace all roles and role mappings of a pool.

    Raises:
        ResourceNotFound.
        InvalidParameter: a mapping could not decide.
        NotAuthorized: the principal may not pass one of the roles.
        ConcurrentModification.
    """
    pool = get_identity_pool(services, pool_id, account=principal.account)
    check_role_mappings(role_mappings)
    for arn in sorted({*roles.values(), *_roles_in(role_mappings)}):
        _require_passable(services, principal, arn)
    _saved(services, replace(pool, roles=roles, role_mappings=role_mappings))


def _roles_in(role_mappings: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [
        rule["RoleARN"]
        for mapping in role_mappings.values()
        for rule in mapping.get("RulesConfiguration", {}).get("Rules", ())
    ]


def _require_passable(services: Services, principal: Principal, arn: str) -> None:
    decision = decide(services, principal, "iam:PassRole", arn, {"iam:PassedToService": COGNITO_IDENTITY})
    if not decision.allowed:
        raise NotAuthorized(forbidden_role(arn))


def _saved(services: Services, changed: IdentityPool) -> IdentityPool:
    with services.unit_of_work() as work:
        saved = work.identity_pools.save(changed)
        work.commit()
    services.catalog.identity_pools.forget(saved.id)
    return saved
