"""How a pool keeps track of sessions, and how long its clients let a browser's sign-in count.

Source: AWS API_SetUserPoolSessionConfiguration, API_SetUserPoolClientSessionConfiguration (botocore 1.44).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain.errors import FeatureUnavailable, OperationNotEnabled
from idp.flows.clients import stored_client
from idp.flows.user_pools import stored_user_pool

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.domain.session_configuration import SessionTracking
    from idp.domain.user_pool import UserPool
    from idp.services import Services

UNAVAILABLE = "User session configuration is not available in the user pool's tier."


def set_session_tracking(services: Services, pool_id: str, tracking: SessionTracking, *, account: str) -> UserPool:
    """Replace a pool's setting.  Sessions beyond a lower limit end when their user signs in next.

    Unknown: the sentence about the tier.

    Raises:
        ResourceNotFound, FeatureUnavailable, ConcurrentModification.
    """
    with services.unit_of_work() as work:
        stored = stored_user_pool(work, pool_id, account=account)
        _require_tier(stored)
        saved = work.user_pools.save(replace(stored, session_configuration=tracking.document()))
        work.commit()
    services.catalog.user_pools.forget(pool_id)
    return saved


def set_sso_minutes(services: Services, user_pool: UserPool, client_id: str, minutes: int) -> Client:
    """Say how long a browser's sign-in counts for a client; 0 lets it ask the user each time.

    Raises:
        ResourceNotFound, FeatureUnavailable, ConcurrentModification; OperationNotEnabled: the pool does not track
            sessions.
    """
    _require_tier(user_pool)
    if not user_pool.session_tracking.is_enabled:
        raise OperationNotEnabled("User session tracking is not enabled for the user pool.")
    with services.unit_of_work() as work:
        saved = work.clients.save(replace(stored_client(work, user_pool, client_id), sso_minutes=minutes))
        work.commit()
    services.catalog.clients.forget(client_id)
    return saved


def _require_tier(user_pool: UserPool) -> None:
    if user_pool.settings.get("UserPoolTier") == "LITE":
        raise FeatureUnavailable(UNAVAILABLE)
