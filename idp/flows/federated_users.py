"""Whom an identity at an upstream provider stands for: found by its links, stored at the first sign-in, kept up to date.

Source: AWS "Linking federated users to an existing user profile"; spec USER_POOLS sections 2.2, 4.4, 10.2-10.4.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from idp.domain.errors import ConcurrentModification, InvalidParameter, ResourceConflict, UserNotFound
from idp.domain.linked_identity import ATTRIBUTE, SUBJECT, LinkedIdentity, identities_attribute
from idp.domain.mapped_attributes import later_attributes
from idp.domain.user import User, UserStatus
from idp.flows.naming import AT_CHANGE, claim_aliases

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from idp.domain.identity_provider import IdentityProvider
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork

MAX_USERNAME_LENGTH = 128


@dataclass(frozen=True, slots=True)
class FederatedIdentity:
    """Somebody whom a provider has vouched for, as this pool takes it.

    Attributes:
        subject: who they are there, for good.
        attributes: those that came, mapped and as texts; empty ones came empty.
    """

    user_pool: UserPool
    provider: IdentityProvider
    subject: str
    attributes: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Linked:
    """A user, and what an identity of theirs is linked by: `Cognito_Subject` or an attribute, and its value."""

    user: User
    attribute: str
    value: str = field(repr=False)


def federated_username(user_pool: UserPool, provider: IdentityProvider, subject: str) -> str:
    """Return the username of somebody whom the provider's word makes a user.

    Raises:
        InvalidParameter: the API could not name such a user.  Unknown: the sentence.
    """
    name = f"{provider.name}_{subject}"
    if not subject or len(name) > MAX_USERNAME_LENGTH or " " in name or not name.isprintable():
        raise InvalidParameter("The subject that the identity provider gave cannot be part of a username.")
    return user_pool.fold(name)


def find_federated(services: Services, identity: FederatedIdentity) -> User | None:
    """Return the user whom an identity is linked to: by its subject, else by an attribute that it is told by."""
    with services.reading() as work:
        linked = _find_linked(work, identity)
    return None if linked is None else linked.user


def add_federated(services: Services, identity: FederatedIdentity, draft: User, *, force: bool) -> User:
    """Store a new user with the identity that makes them, and put them into the provider's group.

    Args:
        force: take verified addresses from their owners.

    Raises:
        UsernameTaken, ResourceConflict: somebody has the name or the identity; perhaps the same sign-in came twice.
        AliasTaken, InvalidParameter: another user signs in by one of the attributes.
    """
    link = _link(identity, draft.created_at)
    told = {**draft.attributes, ATTRIBUTE: identities_attribute([link])}
    with services.unit_of_work() as work:
        user = work.users.add(replace(draft, attributes=told))
        work.linked_identities.add(replace(link, user_id=user.id))
        claim_aliases(work, identity.user_pool, user, force=force, sentence=AT_CHANGE)
        group = work.groups.find(user.pool_id, identity.provider.group_name)
        if group is not None:
            work.groups.add_member(group, user)
        work.commit()
    return user


def update_federated(services: Services, identity: FederatedIdentity) -> User:
    """Write what a provider says now of a user who is linked; nothing when that is what is stored.

    AttributesRequireVerificationBeforeUpdate holds back nothing here: the provider's word takes the place of the code.
    Unknown: whether AWS sees it so.

    Raises:
        UserNotFound: the link or the user is gone; InvalidParameter, AliasTaken, ConcurrentModification.
    """
    try:
        return _update(services, identity)
    except (ConcurrentModification, ResourceConflict):  # somebody saved the user or settled the link: look again
        return _update(services, identity)


def draft_user(services: Services, identity: FederatedIdentity, username: str, attributes: Mapping[str, str]) -> User:
    """Return the user that would be stored."""
    now = services.clock.now()
    return User(
        pool_id=identity.user_pool.id,
        username=username,
        sub=services.random.uuid(),
        status=UserStatus.EXTERNAL_PROVIDER,
        attributes=attributes,
        created_at=now,
        updated_at=now,
    )


def _update(services: Services, identity: FederatedIdentity) -> User:
    user_pool, now = identity.user_pool, services.clock.now()
    with services.unit_of_work() as work:
        linked = _find_linked(work, identity)
        if linked is None:
            raise UserNotFound
        user = linked.user
        after = later_attributes(identity.provider, user_pool.schema, user.attributes, identity.attributes)
        if linked.attribute != SUBJECT:
            after = {**after, ATTRIBUTE: _settle(work, identity, linked)}
        if after == user.attributes:
            return user
        saved = work.users.save(replace(user, attributes=after, updated_at=now))
        claim_aliases(work, user_pool, saved, sentence=AT_CHANGE)
        work.commit()
    return saved


def _find_linked(work: UnitOfWork, identity: FederatedIdentity) -> _Linked | None:
    """Return whom an identity is linked to.

    A link by an attribute may become one by the subject while we look: where there is none, the subject is looked for again.
    Unknown: which link counts when attributes of one identity are linked to several users.
    """
    pool_id, provider = identity.user_pool.id, identity.provider.name
    user = work.linked_identities.find_user(pool_id, provider, SUBJECT, identity.subject)
    if user is not None:
        return _Linked(user, SUBJECT, identity.subject)
    told_by = sorted(work.linked_identities.attributes_of(pool_id, provider))
    values = {name: identity.attributes[name] for name in told_by if identity.attributes.get(name)}
    for attribute, value in (*values.items(), (SUBJECT, identity.subject)):
        user = work.linked_identities.find_user(pool_id, provider, attribute, value)
        if user is not None:
            return _Linked(user, attribute, value)
    return None


def _settle(work: UnitOfWork, identity: FederatedIdentity, linked: _Linked) -> str:
    """Let an identity that was linked by an attribute be known by its subject; return the user's `identities`.

    Raises:
        ConcurrentModification, ResourceConflict: it was settled meanwhile.

    Source: spec section 10.4: after the first sign-in it is unlinked by `Cognito_Subject`.
    """
    pool_id, provider = identity.user_pool.id, identity.provider.name
    link = work.linked_identities.find(pool_id, provider, linked.attribute, linked.value)
    if link is None or not work.linked_identities.delete(link):
        raise ConcurrentModification
    work.linked_identities.add(replace(link, attribute=SUBJECT, value=identity.subject))
    return identities_attribute(work.linked_identities.of_user(link.user_id))


def _link(identity: FederatedIdentity, now: datetime) -> LinkedIdentity:
    """Return the identity that makes a user, who has no row yet."""
    provider = identity.provider
    return LinkedIdentity(
        pool_id=identity.user_pool.id,
        provider_name=provider.name,
        provider_type=provider.type,
        attribute=SUBJECT,
        value=identity.subject,
        issuer=provider.issuer,
        created_at=now,
        user_id=0,
        is_primary=True,
    )
