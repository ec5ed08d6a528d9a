"""Users that an administrator creates: a name, a temporary password, and the message that brings it.

Source: AWS API_AdminCreateUser; spec USER_POOLS section 2.9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from idp.domain.errors import AliasTaken, InvalidParameter, UnsupportedUserState, UsernameTaken
from idp.domain.first_factor import one_time_factors
from idp.domain.message import Medium
from idp.domain.schema import check_verified_flags
from idp.domain.user import User, UserStatus
from idp.domain.usernames import new_sub, resolve_new_username
from idp.flows.lookups import get_user
from idp.flows.messages import ATTRIBUTE_OF, send_invitation
from idp.flows.naming import claim_aliases, taken_alias
from idp.flows.passwords import make_credentials, remember_password, renew_credentials
from idp.flows.triggers import pre_sign_up

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Services

TAKEN = "User account already exists"
DEFAULT_MEDIUMS: tuple[Medium, ...] = ("SMS",)
_MISSING: Mapping[Medium, str] = {"EMAIL": "User does not have an email", "SMS": "User does not have a phone number"}


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an administrator gives a new user, and how to tell them.

    Attributes:
        username: as typed.
        temporary_password: None to have one made.
        mediums: how the message goes; None for the default, which needs no address.
        is_silent: send nothing (MessageAction SUPPRESS).
        forces_alias: take a verified address from its owner.
    """

    username: str
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)
    temporary_password: str | None = field(default=None, repr=False)
    mediums: tuple[Medium, ...] | None = None
    is_silent: bool = False
    forces_alias: bool = False
    validation_data: Mapping[str, str] | None = field(default=None, repr=False)
    client_metadata: Mapping[str, str] | None = field(default=None, repr=False)


def admin_create_user(services: Services, user_pool: UserPool, invitation: Invitation) -> User:
    """Create a user who must change a temporary password, or needs none; the PreSignUp trigger may refuse.

    A user whom no password is given needs none where the pool lets them sign in by a code to their address.

    Raises:
        InvalidParameter, InvalidPassword, UsernameTaken, AliasTaken; TriggerRefused and its like; CodeDeliveryFailed,
        when the user exists already.
    """
    user = _draft(services, user_pool, invitation)
    _check_mediums(invitation, user)
    password = _temporary_password(services, user_pool, invitation, user)
    pre_sign_up(
        services,
        user_pool,
        "AdminCreateUser",
        client_id=None,
        username=user.username,
        attributes=user.attributes,
        validation_data=invitation.validation_data,
        client_metadata=invitation.client_metadata,
    )
    _refuse_taken(services, user_pool, user)
    if password is not None:
        user = replace(user, credentials=make_credentials(services, user_pool, user.username, password))
    else:
        user = replace(user, status=UserStatus.CONFIRMED, temporary_until=None)
    user = _store(services, user_pool, user, forces_alias=invitation.forces_alias)
    _send(services, user_pool, user, invitation, password)
    return user


def resend_invitation(services: Services, user_pool: UserPool, invitation: Invitation) -> User:
    """Send an invited user a new temporary password, which lives anew.

    Raises:
        UserNotFound; UnsupportedUserState: they do not have a temporary password; InvalidPassword, PasswordReused,
        InvalidParameter.
    """
    with services.reading() as work:
        user = get_user(work, user_pool, invitation.username)
    if user.status is not UserStatus.FORCE_CHANGE_PASSWORD:
        raise UnsupportedUserState(
            f"Resend not possible. {invitation.username} status is not {UserStatus.FORCE_CHANGE_PASSWORD}"
        )
    _check_mediums(invitation, user)
    password = _given_password(services, user_pool, invitation)
    now = services.clock.now()
    invited = replace(
        user,
        credentials=renew_credentials(services, user_pool, user, password),
        temporary_until=now + user_pool.temporary_password_lifetime,
        updated_at=now,
    )
    with services.unit_of_work() as work:
        remember_password(work, user_pool, user)
        invited = work.users.save(invited)
        work.commit()
    _send(services, user_pool, invited, invitation, password)
    return invited


def _draft(services: Services, user_pool: UserPool, invitation: Invitation) -> User:
    """Return the user that would be stored, unless the pool's rules refuse them; required attributes may be missing."""
    username, attributes = resolve_new_username(user_pool, invitation.username, invitation.attributes, services.random)
    user_pool.schema.check_new(attributes)
    check_verified_flags(attributes, attributes)
    now = services.clock.now()
    return User(
        pool_id=user_pool.id,
        username=username,
        sub=new_sub(user_pool, username, services.random),
        status=UserStatus.FORCE_CHANGE_PASSWORD,
        attributes=user_pool.schema.normalized(attributes),
        temporary_until=now + user_pool.temporary_password_lifetime,
        created_at=now,
        updated_at=now,
    )


def _check_mediums(invitation: Invitation, user: User) -> None:
    """Check that there is an address for each way in which the user is to be told."""
    if invitation.is_silent:
        return
    for medium in invitation.mediums or ():
        if ATTRIBUTE_OF[medium] not in user.attributes:
            raise InvalidParameter(_MISSING[medium])


def _temporary_password(services: Services, user_pool: UserPool, invitation: Invitation, user: User) -> str | None:
    """Return the password to give to a new user; None for one who can do without.  Source: spec sections 1.9 and 2.9."""
    if invitation.temporary_password is None and one_time_factors(user_pool.first_factors, user.attributes):
        return None
    return _given_password(services, user_pool, invitation)


def _given_password(services: Services, user_pool: UserPool, invitation: Invitation) -> str:
    if invitation.temporary_password is None:
        return user_pool.password_policy.generate(services.random)
    user_pool.password_policy.check(invitation.temporary_password)
    return invitation.temporary_password


def _refuse_taken(services: Services, user_pool: UserPool, user: User) -> None:
    """Refuse a taken name before a hash is spent on it; the store's constraints hold when two come at once."""
    with services.reading() as work:
        if user_pool.username_attributes:
            is_taken = taken_alias(work, user_pool, user.attributes) is not None
        else:
            is_taken = work.users.find(user_pool.id, user.username) is not None
    if is_taken:
        raise UsernameTaken(TAKEN)


def _store(services: Services, user_pool: UserPool, user: User, *, forces_alias: bool) -> User:
    """Store the user; where addresses are usernames, a taken one is a taken name."""
    taken = (UsernameTaken, AliasTaken) if user_pool.username_attributes else UsernameTaken
    with services.unit_of_work() as work:
        try:
            stored = work.users.add(user)
            claim_aliases(work, user_pool, stored, force=forces_alias)
        except taken as error:
            raise UsernameTaken(TAKEN) from error
        work.commit()
    return stored


def _send(services: Services, user_pool: UserPool, user: User, invitation: Invitation, password: str | None) -> None:
    if invitation.is_silent:
        return
    send_invitation(
        services,
        user_pool,
        user,
        temporary_password=password,
        mediums=invitation.mediums or DEFAULT_MEDIUMS,
        client_metadata=invitation.client_metadata,
    )
