"""The upstream identity providers of a user pool.  Source: spec USER_POOLS sections 3.1, 10.1 and 10.2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from idp.domain.errors import InvalidParameter, LimitExceeded, ProviderTaken, ResourceConflict, ResourceNotFound
from idp.domain.group import Group
from idp.domain.identity_provider import (
    IdentityProvider,
    check_acr_mapping,
    check_name,
    checked_details,
    completed_mapping,
)
from idp.flows.saml_metadata import read_metadata

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork

MAX_PROVIDERS = 1000


@dataclass(frozen=True, slots=True)
class ProviderChange:
    """What UpdateIdentityProvider brings; what is None stays."""

    details: Mapping[str, str] | None = field(default=None, repr=False)
    attribute_mapping: Mapping[str, str] | None = None
    acr_mapping: Mapping[str, str] | None = None
    identifiers: Sequence[str] | None = None


def create_identity_provider(
    services: Services, user_pool: UserPool, *, name: str, kind: str, given: ProviderChange
) -> IdentityProvider:
    """Let a pool's users come from a provider, and make the group they will be in.

    Args:
        kind: ProviderType.

    Raises:
        InvalidParameter, ProviderTaken, LimitExceeded.
    """
    check_name(name, kind)
    now = services.clock.now()
    blank = IdentityProvider(user_pool.id, name, kind, {}, {}, {}, (), created_at=now, updated_at=now)
    provider = _changed(services, user_pool, blank, replace(given, attribute_mapping=given.attribute_mapping or {}))
    with services.unit_of_work() as work:
        _require_free_name(work, user_pool, name)
        with _identifiers_refused():
            work.identity_providers.add(provider)
        _make_group(work, provider)
        work.commit()
    return provider


def get_identity_provider(services: Services, user_pool: UserPool, name: str) -> IdentityProvider:
    """Return a provider; raises ResourceNotFound."""
    with services.reading() as work:
        return stored_provider(work, user_pool, name)


def get_identity_provider_by_identifier(services: Services, user_pool: UserPool, identifier: str) -> IdentityProvider:
    """Return the provider that has an identifier; raises ResourceNotFound."""
    with services.reading() as work:
        provider = work.identity_providers.find_by_identifier(user_pool.id, identifier)
    if provider is None:
        raise _not_found(identifier)
    return provider


def update_identity_provider(
    services: Services, user_pool: UserPool, name: str, change: ProviderChange
) -> IdentityProvider:
    """Change a provider: whatever is given replaces what it had.

    Raises:
        ResourceNotFound, InvalidParameter, ConcurrentModification.
    """
    stored = get_identity_provider(services, user_pool, name)
    changed = replace(_changed(services, user_pool, stored, change), updated_at=services.clock.now())
    with services.unit_of_work() as work:
        with _identifiers_refused():
            saved = work.identity_providers.save(changed)
        work.commit()
    return saved


def delete_identity_provider(services: Services, user_pool: UserPool, name: str) -> None:
    """Delete a provider; clients that offered it do so no more, its users and their group stay.

    Unknown: what becomes of clients that offer it; they would otherwise be refused at their next update.

    Raises:
        ResourceNotFound.
    """
    with services.unit_of_work() as work:
        if not work.identity_providers.delete(user_pool.id, name):
            raise _not_found(name)
        changed = work.clients.drop_identity_provider(user_pool.id, name)
        work.commit()
    for client_id in changed:
        services.catalog.clients.forget(client_id)


def list_identity_providers(
    services: Services, user_pool: UserPool, *, after: str, limit: int
) -> list[IdentityProvider]:
    """Return up to `limit` providers of a pool without their identifiers, by name, after the name given."""
    with services.reading() as work:
        return work.identity_providers.list_page(user_pool.id, after=after, limit=limit)


def stored_provider(work: UnitOfWork, user_pool: UserPool, name: str) -> IdentityProvider:
    """Return a provider as it is stored now; raises ResourceNotFound."""
    provider = work.identity_providers.find(user_pool.id, name)
    if provider is None:
        raise _not_found(name)
    return provider


def _changed(
    services: Services, user_pool: UserPool, provider: IdentityProvider, change: ProviderChange
) -> IdentityProvider:
    """Return a provider with a change, checked; its metadata is read anew.  No transaction may be open."""
    changes: dict[str, Any] = {}
    if change.details is not None:
        changes["details"] = checked_details(provider.type, change.details)
        changes["metadata"], changes["metadata_due_at"] = read_metadata(services, changes["details"])
    if change.attribute_mapping is not None:
        changes["attribute_mapping"] = completed_mapping(user_pool.schema, provider.type, change.attribute_mapping)
    if change.acr_mapping is not None:
        check_acr_mapping(provider.type, change.acr_mapping)
        changes["acr_mapping"] = change.acr_mapping
    if change.identifiers is not None:
        changes["identifiers"] = tuple(change.identifiers)
        if len(set(change.identifiers)) < len(change.identifiers):
            raise InvalidParameter("The identifiers of a provider must differ.")
    return replace(provider, **changes)


def _require_free_name(work: UnitOfWork, user_pool: UserPool, name: str) -> None:
    """Refuse a name that differs from another's by its case alone: their users' names could be the same."""
    taken = {each.casefold() for each in work.identity_providers.names(user_pool.id)}
    if name.casefold() in taken:
        raise ProviderTaken
    if len(taken) >= MAX_PROVIDERS:
        raise LimitExceeded("The maximum number of identity providers has been reached.")


@contextmanager
def _identifiers_refused() -> Iterator[None]:
    """Turn a conflict of identifiers into its refusal.  Unknown: the sentence."""
    try:
        yield
    except ProviderTaken:
        raise
    except ResourceConflict as error:
        raise InvalidParameter("An IdpIdentifier is already in use by another provider.") from error


def _make_group(work: UnitOfWork, provider: IdentityProvider) -> None:
    """Make the group of those who sign in by a provider, unless it is there.  Source: spec section 4.4."""
    name = provider.group_name
    if work.groups.find(provider.pool_id, name) is not None:
        return
    description = f"Autogenerated group for users who sign in using {provider.name}"
    now = provider.created_at
    work.groups.add(Group(provider.pool_id, name, created_at=now, updated_at=now, description=description))


def _not_found(name: str) -> ResourceNotFound:
    return ResourceNotFound(f"Identity provider {name} does not exist.")
