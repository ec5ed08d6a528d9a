"""Clients' styles of managed login.  Source: spec USER_POOLS sections 11.6 and 13.1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from idp.domain.errors import InvalidParameter, LimitExceeded, ResourceNotFound
from idp.domain.managed_login import (
    Asset,
    ManagedLoginBranding,
    check_assets,
    check_settings,
    merged_assets,
    merged_settings,
)
from idp.flows.clients import describe_client

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork

MAX_STYLES = 20


@dataclass(frozen=True, slots=True)
class SentAsset:
    """An image as a request holds it: without bytes, it is one that the style has, by its resource id."""

    category: str
    color_mode: str
    extension: str
    resource_id: str | None = None
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class StyleChange:
    """What a request says of a style; what is None stays."""

    uses_provided_values: bool | None = None
    settings: Mapping[str, Any] | None = None
    assets: Sequence[SentAsset] | None = None


def create_managed_login_branding(
    services: Services, user_pool: UserPool, client_id: str, given: StyleChange
) -> ManagedLoginBranding:
    """Give a client a style.

    Raises:
        ResourceNotFound, InvalidParameter, BrandingTaken, LimitExceeded.
    """
    client = describe_client(services, user_pool, client_id)
    now = services.clock.now()
    blank = ManagedLoginBranding(
        services.random.uuid(), user_pool.id, client.id, False, {}, (), created_at=now, updated_at=now
    )
    branding = _changed(services, blank, given)
    with services.unit_of_work() as work:
        if work.managed_login_brandings.count(user_pool.id) >= MAX_STYLES:
            raise LimitExceeded(f"A user pool has at most {MAX_STYLES} managed login branding styles.")
        work.managed_login_brandings.add(branding)
        work.commit()
    return branding


def get_managed_login_branding(services: Services, user_pool: UserPool, branding_id: str) -> ManagedLoginBranding:
    """Return a style; raises ResourceNotFound."""
    with services.reading() as work:
        return _stored(work, user_pool, branding_id)


def get_managed_login_branding_by_client(
    services: Services, user_pool: UserPool, client_id: str
) -> ManagedLoginBranding:
    """Return the style of a client; raises ResourceNotFound."""
    client = describe_client(services, user_pool, client_id)
    with services.reading() as work:
        branding = work.managed_login_brandings.find_of_client(client.id)
    if branding is None:
        raise _not_found()
    return branding


def update_managed_login_branding(
    services: Services, user_pool: UserPool, branding_id: str, change: StyleChange
) -> ManagedLoginBranding:
    """Change a style: settings are merged, images take the places they name, and the rest stays.

    Raises:
        ResourceNotFound, InvalidParameter, ConcurrentModification.
    """
    stored = get_managed_login_branding(services, user_pool, branding_id)
    changed = replace(_changed(services, stored, change), updated_at=services.clock.now())
    with services.unit_of_work() as work:
        saved = work.managed_login_brandings.save(changed)
        work.commit()
    return saved


def delete_managed_login_branding(services: Services, user_pool: UserPool, branding_id: str) -> None:
    """Delete a style; raises ResourceNotFound."""
    with services.unit_of_work() as work:
        if not work.managed_login_brandings.delete(user_pool.id, branding_id):
            raise _not_found()
        work.commit()


def _changed(services: Services, branding: ManagedLoginBranding, change: StyleChange) -> ManagedLoginBranding:
    """Return a style with a change, checked.  Unknown: the sentence."""
    is_styled = change.settings is not None or change.assets is not None
    if change.uses_provided_values:
        if is_styled:
            raise InvalidParameter("Settings and Assets cannot be given when UseCognitoProvidedValues is true.")
        return replace(branding, uses_provided_values=True, settings={}, assets=())
    sent = tuple(_asset(services, branding, each) for each in change.assets or ())
    settings: Mapping[str, Any] = {} if change.settings is None else change.settings
    check_settings(settings)
    check_assets(sent)
    changed = replace(
        branding,
        uses_provided_values=branding.uses_provided_values and not is_styled and change.uses_provided_values is None,
        settings=merged_settings(branding.settings, settings),
        assets=merged_assets(branding.assets, sent),
    )
    check_settings(changed.settings)
    check_assets(changed.assets)
    return changed


def _asset(services: Services, branding: ManagedLoginBranding, sent: SentAsset) -> Asset:
    """Return an image as it is kept, with an id of ours unless it is one that the style has.  Unknown: the sentence."""
    if sent.content is not None:
        resource_id = sent.resource_id or services.random.uuid()
        return Asset(sent.category, sent.color_mode, sent.extension, resource_id, sent.content)
    held = next((each for each in branding.assets if each.resource_id == sent.resource_id), None)
    if held is None:
        raise InvalidParameter(f"The asset {sent.category} needs Bytes, or the ResourceId of an asset of this style.")
    return replace(held, category=sent.category, color_mode=sent.color_mode, extension=sent.extension)


def _stored(work: UnitOfWork, user_pool: UserPool, branding_id: str) -> ManagedLoginBranding:
    branding = work.managed_login_brandings.find(user_pool.id, branding_id)
    if branding is None:
        raise _not_found()
    return branding


def _not_found() -> ResourceNotFound:
    """Return the refusal.  Unknown: the sentence."""
    return ResourceNotFound("Managed login branding does not exist.")
