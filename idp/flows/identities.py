"""Identities of identity pools: found or made by the logins that somebody shows, and linked to them.

Source: spec IDENTITY_POOLS sections 4 and 6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from idp.domain.errors import ConcurrentModification, NotAuthorized, ResourceConflict, ResourceNotFound
from idp.domain.identity import Identity, Login, forbidden_identity, join, link
from idp.domain.identity_pool import IdentityPool, VerifiedLogin, methods_of
from idp.domain.web_identity import WebIdentity
from idp.flows.identity_pools import get_identity_pool
from idp.flows.logins import verify_logins

if TYPE_CHECKING:
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork

NO_GUESTS = "Unauthenticated access is not supported for this identity pool."
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class ProvenIdentity:
    """An identity whose bearer has proved to be it: by logins, or as a guest by its id alone."""

    pool: IdentityPool
    identity: Identity
    logins: Sequence[VerifiedLogin] = field(repr=False)

    @property
    def web_identity(self) -> WebIdentity:
        """Return the identity as roles' trust policies see it."""
        return WebIdentity(self.pool.id, self.pool.account, self.identity.id, methods_of(self.logins))


def get_id(services: Services, pool_id: str, logins: Mapping[str, str]) -> Identity:
    """Return the identity of somebody who shows logins, made now if there is none; without logins always a new guest.

    Raises:
        ResourceNotFound: no such pool.
        NotAuthorized, InvalidParameter: a login proves nothing, or the pool takes no guests.
        ResourceConflict: the logins belong to identities that cannot be one.
    """
    pool = get_identity_pool(services, pool_id)
    if logins:
        return _settled(services, pool, verify_logins(services, pool, logins), named=None)
    _require_guests(pool)
    guest = _new_identity(services, pool, ())
    with services.unit_of_work() as work:
        work.identities.add(guest)
        work.commit()
    return guest


def prove_identity(services: Services, identity_id: str, logins: Mapping[str, str]) -> ProvenIdentity:
    """Return the identity that a request names, or the one it was merged into, with what proves it.

    Raises:
        ResourceNotFound: no such identity.
        NotAuthorized, InvalidParameter: the logins do not prove it.
        ResourceConflict: the logins cannot all be one identity's.
    """
    identity = get_identity(services, identity_id)
    pool = get_identity_pool(services, identity.pool_id)
    if logins:
        verified = verify_logins(services, pool, logins)
        return ProvenIdentity(pool, _settled(services, pool, verified, named=identity), verified)
    if identity.disabled or not identity.is_guest:
        raise NotAuthorized(forbidden_identity(identity_id))
    _require_guests(pool)
    return ProvenIdentity(pool, identity, ())


def get_identity(services: Services, identity_id: str, *, account: str | None = None) -> Identity:
    """Return an identity.

    Args:
        account: of the principal; an identity of another account's pool does not exist for it.

    Raises:
        ResourceNotFound.
    """
    with services.reading() as work:
        identity = work.identities.find(identity_id)
    pool = None if identity is None else services.catalog.identity_pools.find(identity.pool_id)
    if identity is None or pool is None or account not in {None, pool.account}:
        raise ResourceNotFound(f"Identity '{identity_id}' not found.")
    return identity


def list_identities(
    services: Services, account: str, pool_id: str, *, with_disabled: bool, after: str, limit: int
) -> list[Identity]:
    """Return up to `limit` identities of a pool, by id, after the id given; raises ResourceNotFound."""
    get_identity_pool(services, pool_id, account=account)
    with services.reading() as work:
        return work.identities.list_page(pool_id, with_disabled=with_disabled, after=after, limit=limit)


def _require_guests(pool: IdentityPool) -> None:
    if not pool.allows_guests:
        raise NotAuthorized(NO_GUESTS)


def _settled(
    services: Services, pool: IdentityPool, verified: Sequence[VerifiedLogin], *, named: Identity | None
) -> Identity:
    """Return the identity that has all the logins; nothing is written when it has them already."""
    shown = [Login(login.provider, login.subject) for login in verified]
    if named is None:
        with services.reading() as work:
            owners = work.identities.owners_of(pool.id, shown)
        known = owners[0] if len(owners) == 1 else None
    else:
        known = None if named.disabled else named
    if known is not None and known.logins.issuperset(shown):
        return known
    for _ in range(ATTEMPTS):
        try:
            return _settle(services, pool, shown, named_id=named.id if named else None)
        except ConcurrentModification:
            continue  # somebody linked one of the logins at the same moment: look again
    raise ResourceConflict


def _settle(services: Services, pool: IdentityPool, shown: Sequence[Login], *, named_id: str | None) -> Identity:
    """Make, link or merge identities in one transaction; raises ConcurrentModification when somebody was faster."""
    fresh = _new_identity(services, pool, shown)
    with services.unit_of_work() as work:
        owners, named = _locked(work, pool, shown, named_id)
        if named is None and not owners:
            work.identities.add(fresh)
            work.commit()
            return fresh
        linking = join(owners, shown) if named is None else link(named, shown, owners)
        work.identities.apply(linking, services.clock.now())
        work.commit()
    return linking.parent


def _locked(
    work: UnitOfWork, pool: IdentityPool, shown: Sequence[Login], named_id: str | None
) -> tuple[list[Identity], Identity | None]:
    """Return the logins' owners and the named identity, as they stay until the transaction ends."""
    concerned = {owner.id for owner in work.identities.owners_of(pool.id, shown)}
    if named_id is not None:
        concerned.add(named_id)
    work.identities.lock(concerned)
    owners = work.identities.owners_of(pool.id, shown)
    named = None if named_id is None else work.identities.find(named_id)
    if not concerned.issuperset(owner.id for owner in owners) or (named is None and named_id is not None):
        raise ConcurrentModification
    return owners, named


def _new_identity(services: Services, pool: IdentityPool, logins: Sequence[Login]) -> Identity:
    now = services.clock.now()
    return Identity(f"{pool.region}:{services.random.uuid()}", pool.id, now, now, logins=frozenset(logins))
