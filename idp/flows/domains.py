"""The domains of a user pool's pages.  Source: spec USER_POOLS sections 3.1 and 11.3."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain.domain import CLASSIC, PoolDomain, check_host_name, check_managed_login_version, check_prefix
from idp.domain.errors import InvalidParameter, ResourceConflict, ResourceNotFound
from idp.domain.feature_plan import check_plan_of_domain

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Services


def create_domain(
    services: Services,
    user_pool: UserPool,
    name: str,
    *,
    managed_login_version: int | None,
    certificate_arn: str | None,
    security_policy: str | None = None,
) -> PoolDomain:
    """Give a pool a domain: a prefix, or with a certificate one of its owner's.

    Raises:
        InvalidParameter: the name is reserved or taken (by whatever account), or the pool has such a domain.
        FeatureUnavailable: the pool's tier does not have those pages.
    """
    check = check_prefix if certificate_arn is None else check_host_name
    check(name)
    version = CLASSIC if managed_login_version is None else managed_login_version
    _check_pages(user_pool, version)
    domain = PoolDomain(name, user_pool.id, services.clock.now(), version, certificate_arn, security_policy)
    with services.unit_of_work() as work:
        if any(each.is_custom == domain.is_custom for each in work.domains.of_pool(user_pool.id)):
            raise InvalidParameter("User pool already has a domain configured.")
        try:
            work.domains.add(domain)
        except ResourceConflict as error:
            raise InvalidParameter("Domain already associated with another user pool") from error
        work.commit()
    services.catalog.domains.forget(name)
    return domain


def find_domain(services: Services, name: str) -> tuple[PoolDomain, UserPool] | None:
    """Return a domain and its pool, whatever the account; None when there is none."""
    with services.reading() as work:
        domain = work.domains.find(name)
    user_pool = services.catalog.user_pools.find(domain.pool_id) if domain else None
    return (domain, user_pool) if domain and user_pool else None


def update_domain(
    services: Services,
    user_pool: UserPool,
    name: str,
    *,
    managed_login_version: int | None,
    certificate_arn: str | None,
    security_policy: str | None = None,
) -> PoolDomain:
    """Change the certificate of a custom domain, or which pages a domain shows; what is None stays.

    Raises:
        ResourceNotFound, FeatureUnavailable; InvalidParameter, also for a prefix with a certificate.
    """
    if managed_login_version is not None:
        _check_pages(user_pool, managed_login_version)
    with services.unit_of_work() as work:
        stored = work.domains.find(name)
        if stored is None or stored.pool_id != user_pool.id:
            raise _not_found()
        if certificate_arn is not None and not stored.is_custom:
            raise InvalidParameter("A prefix domain has no certificate.")
        changed = replace(
            stored,
            managed_login_version=managed_login_version or stored.managed_login_version,
            certificate_arn=certificate_arn or stored.certificate_arn,
            security_policy=security_policy or stored.security_policy,
        )
        work.domains.save(changed)
        work.commit()
    services.catalog.domains.forget(name)
    return changed


def delete_domain(services: Services, user_pool: UserPool, name: str) -> None:
    """Take a domain from a pool; raises ResourceNotFound."""
    with services.unit_of_work() as work:
        if not work.domains.delete(name, user_pool.id):
            raise _not_found()
        work.commit()
    services.catalog.domains.forget(name)


def _check_pages(user_pool: UserPool, version: int) -> None:
    check_managed_login_version(version)
    check_plan_of_domain(user_pool.settings, version)


def _not_found() -> ResourceNotFound:
    return ResourceNotFound("No such domain or user pool exists.")
