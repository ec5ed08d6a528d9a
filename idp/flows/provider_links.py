"""Linking identities at upstream providers to users, and taking the links or a user's own password away.

Source: AWS API_AdminLinkProviderForUser, API_AdminDisableProviderForUser; spec USER_POOLS sections 3.4 and 10.4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from idp.domain.errors import AliasTaken, InvalidParameter, LimitExceeded, ResourceConflict, UserNotFound
from idp.domain.linked_identity import (
    ATTRIBUTE,
    MAX_IDENTITIES,
    MAX_LINKED_ATTRIBUTES,
    SUBJECT,
    LinkedIdentity,
    identities_attribute,
)
from idp.domain.provider_kinds import SOCIAL
from idp.domain.user import UserStatus
from idp.flows.identity_providers import stored_provider

if TYPE_CHECKING:
    from datetime import datetime

    from idp.domain.identity_provider import IdentityProvider
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork

LOCAL = "Cognito"
HAS_SIGNED_IN = "Merging is not currently supported, provide a SourceUser that has not been signed up in order to link"
IS_LINKED = "SourceUser is already linked to DestinationUser"


@dataclass(frozen=True, slots=True)
class ProviderUser:
    """A user as the API names them by a provider: which one, by what, and its value."""

    provider_name: str
    attribute: str
    value: str


def link_provider(services: Services, user_pool: UserPool, destination: ProviderUser, source: ProviderUser) -> None:
    """Let whoever signs in at the source's provider as the source be the destination's user.

    Raises:
        UserNotFound: there is no destination. ResourceNotFound: no such provider. AliasTaken: the source is another
            user's. LimitExceeded; InvalidParameter; ConcurrentModification.
    """
    now = services.clock.now()
    with services.unit_of_work() as work:
        user = _destination(work, user_pool, destination)
        provider = _source_provider(work, user_pool, source)
        _require_unknown(work, user_pool, source, user)
        _require_room(work, provider, source, user)
        identity = LinkedIdentity(
            pool_id=user_pool.id,
            provider_name=provider.name,
            provider_type=provider.type,
            attribute=source.attribute,
            value=source.value,
            issuer=provider.issuer,
            created_at=now,
            user_id=user.id,
        )
        try:
            work.linked_identities.add(identity)
        except ResourceConflict as error:
            raise AliasTaken(IS_LINKED) from error
        _tell(work, user, now)
        work.commit()


def disable_provider(services: Services, user_pool: UserPool, named: ProviderUser) -> None:
    """Take a link from its user; or, for a user of the pool's own, the password, so that links alone sign them in.

    Raises:
        UserNotFound, InvalidParameter, ConcurrentModification.
    """
    now = services.clock.now()
    with services.unit_of_work() as work:
        if named.provider_name == LOCAL:
            _forget_password(work, user_pool, named, now)
        else:
            _unlink(work, user_pool, named, now)
        work.commit()


def _destination(work: UnitOfWork, user_pool: UserPool, named: ProviderUser) -> User:
    """Return the user who gets the link: by username, or by the identity that made them.

    A local user's attribute is ignored.  Source: AWS API_AdminLinkProviderForUser, DestinationUser.
    """
    if named.provider_name == LOCAL:
        user = work.users.find_by_username(user_pool.id, user_pool.fold(named.value))
    else:
        user = work.linked_identities.find_user(user_pool.id, named.provider_name, SUBJECT, named.value)
    if user is None:
        raise UserNotFound
    return user


def _source_provider(work: UnitOfWork, user_pool: UserPool, source: ProviderUser) -> IdentityProvider:
    """Return the source's provider, if users can be told by that attribute there.  Unknown: the sentences."""
    if source.provider_name == LOCAL:
        raise InvalidParameter("SourceUser must be a user of an external identity provider.")
    provider = stored_provider(work, user_pool, source.provider_name)
    if source.attribute == SUBJECT:
        return provider
    if provider.type in SOCIAL:
        raise InvalidParameter(f"ProviderAttributeName must be {SUBJECT} for {provider.type}.")
    if source.attribute not in provider.attribute_mapping:
        raise InvalidParameter(f"The attribute {source.attribute} is not mapped by the provider {provider.name}.")
    return provider


def _require_unknown(work: UnitOfWork, user_pool: UserPool, source: ProviderUser, user: User) -> None:
    """Refuse a source that has signed in on its own, or is linked already."""
    own_name = user_pool.fold(f"{source.provider_name}_{source.value}")
    if source.attribute == SUBJECT and work.users.find_by_username(user_pool.id, own_name) is not None:
        raise InvalidParameter(HAS_SIGNED_IN)
    held = work.linked_identities.find(user_pool.id, source.provider_name, source.attribute, source.value)
    if held is None:
        return
    if held.is_primary:
        raise InvalidParameter(HAS_SIGNED_IN)
    if held.user_id != user.id:
        raise AliasTaken(IS_LINKED)
    raise InvalidParameter(IS_LINKED)


def _require_room(work: UnitOfWork, provider: IdentityProvider, source: ProviderUser, user: User) -> None:
    """Refuse a sixth identity of a user, and a sixth attribute that users of a provider are told by."""
    if len(work.linked_identities.of_user(user.id)) >= MAX_IDENTITIES:
        raise LimitExceeded(f"A user can have at most {MAX_IDENTITIES} linked identities.")
    attributes = work.linked_identities.attributes_of(provider.pool_id, provider.name) | {source.attribute}
    if len(attributes - {SUBJECT}) > MAX_LINKED_ATTRIBUTES:
        raise LimitExceeded(f"Users of a provider can be linked by at most {MAX_LINKED_ATTRIBUTES} attributes.")


def _unlink(work: UnitOfWork, user_pool: UserPool, named: ProviderUser, now: datetime) -> None:
    """Take a link away.  Unknown: what AWS does about the identity that made its user; it stays, and so does the user."""
    key = (user_pool.id, named.provider_name, named.attribute, named.value)
    identity, user = work.linked_identities.find(*key), work.linked_identities.find_user(*key)
    if identity is None or user is None:
        raise UserNotFound
    if identity.is_primary:
        raise InvalidParameter("The identity that a user was made by cannot be unlinked.")
    work.linked_identities.delete(identity)
    _tell(work, user, now)


def _forget_password(work: UnitOfWork, user_pool: UserPool, named: ProviderUser, now: datetime) -> None:
    """Leave a local user their links alone: neither password nor recovery.  Source: spec sections 10.3 and 10.4."""
    if named.attribute != SUBJECT:
        raise InvalidParameter(f"ProviderAttributeName must be {SUBJECT} for {LOCAL}.")
    user = work.users.find_by_username(user_pool.id, user_pool.fold(named.value))
    if user is None:
        raise UserNotFound
    disabled = replace(
        user, credentials=None, temporary_until=None, status=UserStatus.EXTERNAL_PROVIDER, updated_at=now
    )
    work.users.save(disabled)


def _tell(work: UnitOfWork, user: User, now: datetime) -> None:
    """Let a user's attribute `identities` say what is stored; the version that was read must be the stored one."""
    identities = work.linked_identities.of_user(user.id)
    attributes = {name: value for name, value in user.attributes.items() if name != ATTRIBUTE}
    told = {**attributes, ATTRIBUTE: identities_attribute(identities)} if identities else attributes
    work.users.save(replace(user, attributes=told, updated_at=now))
