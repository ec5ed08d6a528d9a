"""What an operator configures of threat protection, for a pool or one of its clients.  Source: spec USER_POOLS 11.7."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from idp.domain.errors import ThreatProtectionOff
from idp.domain.threat_protection import RiskConfiguration, mode_of
from idp.flows.clients import stored_client

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from idp.domain.user_pool import UserPool
    from idp.services import Services


@dataclass(frozen=True, slots=True)
class RiskSettings:
    """What counts for a client or a pool.

    Attributes:
        document: SetRiskConfiguration's members without the ids.
        client_id: whose it is; None for the pool's.
        updated_at: None when nothing was ever set.
    """

    document: Mapping[str, Any]
    client_id: str | None = None
    updated_at: datetime | None = None


def describe_risk_configuration(services: Services, user_pool: UserPool, client_id: str | None) -> RiskSettings:
    """Return what counts for a client, its own or the pool's; None asks for the pool's.

    Raises:
        ThreatProtectionOff; ResourceNotFound: no such client.
    """
    require_threat_protection(user_pool)
    with services.reading() as work:
        if client_id is not None:
            stored_client(work, user_pool, client_id)
        found = work.risk_configurations.find(user_pool.id, client_id)
    return RiskSettings({}) if found is None else RiskSettings(*found)


def set_risk_configuration(
    services: Services, user_pool: UserPool, client_id: str | None, document: Mapping[str, Any]
) -> RiskSettings:
    """Replace what counts for a client or the pool; an empty document returns it to what it had before any.

    Raises:
        ThreatProtectionOff, InvalidParameter, ResourceNotFound.
    """
    require_threat_protection(user_pool)
    RiskConfiguration.parse(document)
    now = services.clock.now()
    with services.unit_of_work() as work:
        if client_id is not None:
            stored_client(work, user_pool, client_id)
        if document:
            work.risk_configurations.put(user_pool.id, client_id, document, now)
        else:
            work.risk_configurations.delete(user_pool.id, client_id)
        work.commit()
    return RiskSettings(document, client_id, now)


def load_configuration(services: Services, user_pool: UserPool, client_id: str | None) -> RiskConfiguration:
    """Return what counts for requests of a client."""
    with services.reading() as work:
        found = work.risk_configurations.find(user_pool.id, client_id)
    return RiskConfiguration() if found is None else RiskConfiguration.parse(found[0])


def require_threat_protection(user_pool: UserPool) -> None:
    """Raise ThreatProtectionOff for a pool that neither judges nor records."""
    if mode_of(user_pool.settings) == "OFF":
        raise ThreatProtectionOff
