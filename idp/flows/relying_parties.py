"""Which WebAuthn relying party a pool is.  Source: spec USER_POOLS section 7, row "RP id"."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from idp.domain.relying_party import RelyingParty, relying_party_of

if TYPE_CHECKING:
    from idp.domain.domain import PoolDomain
    from idp.domain.user_pool import UserPool
    from idp.services import Services

LOCAL = "localhost"


def find_relying_party(services: Services, user_pool: UserPool) -> RelyingParty | None:
    """Return the relying party that a pool names, else the one of its domain; None when it has neither."""
    configured = relying_party_of(user_pool, None)
    return configured or relying_party_of(user_pool, _host_of_pages(services, user_pool))


def _host_of_pages(services: Services, user_pool: UserPool) -> str | None:
    """Return the host name of the pool's pages: its own domain before a prefix; None when it has no pages.

    Pages of a prefix are on a host of their own on this machine, and else below a path of the server's.
    """
    with services.reading() as work:
        domains = work.domains.of_pool(user_pool.id)
    if not domains:
        return None
    domain = min(domains, key=_custom_first)
    host = urlsplit(services.settings.base_url).hostname or LOCAL
    if domain.is_custom or host != LOCAL:
        return domain.name if domain.is_custom else host
    return f"{domain.name}.auth.{LOCAL}"


def _custom_first(domain: PoolDomain) -> bool:
    return not domain.is_custom
