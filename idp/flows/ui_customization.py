"""What classic hosted pages look like, for one client or for all that have nothing of their own.

Source: AWS API_SetUICustomization, API_GetUICustomization; spec USER_POOLS section 11.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.domain.errors import InvalidParameter
from idp.domain.ui_customization import ALL_CLIENTS, UiCustomization, check_css, check_logo
from idp.flows.clients import describe_client

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Services


def set_ui_customization(
    services: Services, user_pool: UserPool, client_id: str, *, css: str | None, image: bytes | None
) -> UiCustomization:
    """Let pages look like this and nothing else; with neither style sheet nor image, like ours.

    Args:
        client_id: or `ALL`.

    Raises:
        ResourceNotFound; InvalidParameter, also when the pool has no domain.

    Unknown: the sentence about the domain.
    """
    _require_client(services, user_pool, client_id)
    if css:
        check_css(css)
    if image:
        check_logo(image)
    now = services.clock.now()
    with services.unit_of_work() as work:
        if not work.domains.of_pool(user_pool.id):
            raise InvalidParameter("There has to be an existing domain associated with this user pool.")
        stored = work.ui_customizations.find(user_pool.id, client_id)
        created_at = now if stored is None else stored.created_at
        customization = UiCustomization(user_pool.id, client_id, css or None, image or None, created_at, now)
        if css or image:
            work.ui_customizations.put(customization)
        else:
            work.ui_customizations.delete(user_pool.id, client_id)
        work.commit()
    return customization


def find_ui_customization(services: Services, user_pool: UserPool, client_id: str) -> UiCustomization | None:
    """Return what pages of a client look like: its own, else what all have; None for ours.  Raises ResourceNotFound."""
    _require_client(services, user_pool, client_id)
    with services.reading() as work:
        return work.ui_customizations.find(user_pool.id, client_id) or work.ui_customizations.find(
            user_pool.id, ALL_CLIENTS
        )


def find_logo(services: Services, pool_id: str, client_id: str) -> bytes | None:
    """Return the image of a customization, which anybody may see."""
    with services.reading() as work:
        customization = work.ui_customizations.find(pool_id, client_id)
    return None if customization is None else customization.image


def _require_client(services: Services, user_pool: UserPool, client_id: str) -> None:
    if client_id != ALL_CLIENTS:
        describe_client(services, user_pool, client_id)
