"""Reading the metadata of SAML providers again when it is due, so that they may renew their keys without us."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from idp.domain.errors import InvalidParameter
from idp.flows.saml_metadata import refreshed, retry_at
from idp.jobs.lease import held

if TYPE_CHECKING:
    from idp.domain.identity_provider import IdentityProvider
    from idp.jobs.lease import Lease
    from idp.services import Services

NAME = "saml metadata"
AT_ONCE = 20

log = logging.getLogger(__name__)


def refresh_saml_metadata(services: Services, holder: str, *, is_stopping: Callable[[], bool]) -> None:
    """Read what is due, up to `AT_ONCE` documents; what cannot be read stays as it is, and is tried again later.

    Raises:
        LeaseLost.
    """
    if not _due(services):
        return
    with held(services, NAME, holder) as lease:
        if lease is None:
            return
        for provider in _due(services):
            if is_stopping():
                return
            _refresh(services, lease, provider)


def _due(services: Services) -> list[IdentityProvider]:
    with services.reading() as work:
        return work.identity_providers.list_due(services.clock.now(), limit=AT_ONCE)


def _refresh(services: Services, lease: Lease, provider: IdentityProvider) -> None:
    """Store what a provider says of itself now, unless somebody has changed the provider meanwhile."""
    try:
        metadata, due_at = refreshed(services, provider)
    except InvalidParameter as refusal:
        log.warning("provider %s of %s keeps its metadata: %s", provider.name, provider.pool_id, refusal.message)
        metadata, due_at = provider.metadata, retry_at(services)
    with services.unit_of_work() as work:
        lease.renew(work)
        work.identity_providers.refresh(provider, metadata=metadata, due_at=due_at)
        work.commit()
