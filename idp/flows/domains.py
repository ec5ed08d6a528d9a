"""The domains of a user pool's pages.  Source: spec USER_POOLS sections 3.1 and 11.3."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain.domain import CLASSIC, PoolDomain, check_host_name, check_prefix
from idp.domain.errors import InvalidParameter, ResourceConflict, ResourceNotFound

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
) -> PoolDomain:
    """Give a pool a domain: a prefix, or with a certificate one of its owner's.

    Raises:
        InvalidParameter: the name is reserved or taken (by whatever account), or the pool has such a domain.
    """
    check = check_prefix if certificate_arn is None else check_host_name
    check(name)
    domain = PoolDomain(name, user_pool.id, services.clock.now(), managed_login_version or CLASSIC, certificate_arn)
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
) -> PoolDomain:
    """Change the certificate of a custom domain, or which pages a domain shows; what is None stays.

    Raises:
        ResourceNotFound; InvalidParameter for a prefix with a certificate.
    """
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


def _not_found() -> ResourceNotFound:
    return ResourceNotFound("No such domain or user pool exists.")
