"""Users that another directory knows: the UserMigration trigger brings them when they first sign in or forget a password.

Source: AWS "Migrate user Lambda trigger"; spec USER_POOLS sections 2.8, 8.2 and 8.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from idp.domain.auth_flow import HOSTED
from idp.domain.challenge import SMS_MFA
from idp.domain.errors import (
    AliasTaken,
    InvalidParameter,
    TriggerAnswerInvalid,
    TriggerFailed,
    TriggerRefused,
    UsernameTaken,
    UserNotFound,
)
from idp.domain.message import Medium
from idp.domain.schema import check_verified_flags
from idp.domain.trigger import read_choice, read_flag
from idp.domain.user import MfaPreference, User, UserStatus
from idp.domain.usernames import new_sub, resolve_new_username
from idp.flows.invitations import DEFAULT_MEDIUMS
from idp.flows.lookups import find_user
from idp.flows.messages import send_invitation
from idp.flows.naming import claim_aliases
from idp.flows.passwords import make_credentials, verify_password
from idp.flows.triggers import find_function, run_trigger, with_metadata

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.domain.user_pool import UserPool
    from idp.services import Services

TRIGGER = "UserMigration"
PLAIN_PASSWORD_FLOWS = frozenset({"USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", HOSTED})
STATUSES = ("CONFIRMED", "RESET_REQUIRED")
MEDIUMS: tuple[Medium, ...] = ("SMS", "EMAIL")
USERNAME = "username"
"""The attribute by which the function names a user that signs in by an alias."""

MEMBERS = (
    "userAttributes",
    "forceAliasCreation",
    "enableSMSMFA",
    "finalUserStatus",
    "messageAction",
    "desiredDeliveryMediums",
)
REFUSALS = (TriggerRefused, TriggerFailed, TriggerAnswerInvalid, InvalidParameter, AliasTaken)


class MigrationFailed(UserNotFound):
    """The function refused, failed, or brought a user that the pool cannot take (told where existence may be told)."""

    sentence = "Exception migrating user in app client"


@dataclass(frozen=True, slots=True)
class Migration:
    """What the function says of a user.

    Attributes:
        username: None for the name as typed.
        mediums: how they are welcomed; None when they are not.
        forces_alias: take a verified address from its owner.
    """

    attributes: Mapping[str, str]
    username: str | None
    status: UserStatus
    mediums: tuple[Medium, ...] | None
    forces_alias: bool
    with_sms_mfa: bool


def has_migration(user_pool: UserPool) -> bool:
    """Say whether the pool asks another directory for users it does not know."""
    return find_function(user_pool, TRIGGER)[0] is not None


def brings_users(user_pool: UserPool, flow: str) -> bool:
    """Say whether a sign-in may bring somebody: only a plain password can be shown to another directory."""
    return flow in PLAIN_PASSWORD_FLOWS and has_migration(user_pool)


def migrate_at_sign_in(
    services: Services,
    user_pool: UserPool,
    client: Client,
    username: str,
    password: str,
    *,
    validation_data: Mapping[str, str] | None,
) -> User:
    """Bring somebody whose password the function accepted; it becomes theirs here, whatever the pool's policy.

    Raises:
        MigrationFailed.
    """
    request = {"password": password, "validationData": validation_data, "userAttributes": None}
    return _migrate(services, user_pool, client, username, "Authentication", request=request, password=password)


def migrate_at_reset(
    services: Services, user_pool: UserPool, client: Client, username: str, *, client_metadata: Mapping[str, str] | None
) -> User:
    """Bring somebody who forgot their password: they have none here until they set one.

    Raises:
        MigrationFailed.
    """
    request = with_metadata({"validationData": None, "userAttributes": None}, client_metadata)
    return _migrate(services, user_pool, client, username, "ForgotPassword", request=request, password=None)


def _failed(client: Client) -> MigrationFailed:
    return MigrationFailed(f"{MigrationFailed.sentence} {client.id}")


def _migrate(
    services: Services,
    user_pool: UserPool,
    client: Client,
    username: str,
    source: str,
    *,
    request: Mapping[str, Any],
    password: str | None,
) -> User:
    answered = _answer(services, user_pool, client, username, source, request)
    try:
        migration = read_migration(answered)
        user = _store(services, user_pool, username, migration, password)
    except REFUSALS as error:
        raise _failed(client) from error
    except UsernameTaken as error:
        return _brought_meanwhile(services, user_pool, client, username, password, error)
    if migration.mediums is not None:
        send_invitation(services, user_pool, user, temporary_password=None, mediums=migration.mediums)
    return user


def _answer(
    services: Services, user_pool: UserPool, client: Client, username: str, source: str, request: Mapping[str, Any]
) -> Mapping[str, Any]:
    try:
        return run_trigger(
            services,
            user_pool,
            TRIGGER,
            f"{TRIGGER}_{source}",
            client_id=client.id,
            username=username,
            request=request,
            response=dict.fromkeys(MEMBERS),
        )
    except REFUSALS as error:
        raise _failed(client) from error


def _store(services: Services, user_pool: UserPool, username: str, migration: Migration, password: str | None) -> User:
    """Store the user that the function told of; a password stays theirs only if they need set no other."""
    user = _draft(services, user_pool, username, migration)
    if password is not None and migration.status is UserStatus.CONFIRMED:
        user = replace(user, credentials=make_credentials(services, user_pool, user.username, password))
    with services.unit_of_work() as work:
        stored = work.users.add(user)
        claim_aliases(work, user_pool, stored, force=migration.forces_alias)
        work.commit()
    return stored


def _draft(services: Services, user_pool: UserPool, username: str, migration: Migration) -> User:
    name, attributes = resolve_new_username(
        user_pool, migration.username or username, migration.attributes, services.random
    )
    user_pool.schema.check_new(attributes)
    check_verified_flags(attributes, attributes)
    if migration.with_sms_mfa and "phone_number" not in attributes:
        raise InvalidParameter("A user needs a phone number for SMS MFA.")
    now = services.clock.now()
    return User(
        pool_id=user_pool.id,
        username=name,
        sub=new_sub(user_pool, name, services.random),
        status=migration.status,
        attributes=user_pool.schema.normalized(attributes),
        mfa=MfaPreference(frozenset({SMS_MFA}), SMS_MFA) if migration.with_sms_mfa else MfaPreference(),
        created_at=now,
        updated_at=now,
    )


def _brought_meanwhile(
    services: Services,
    user_pool: UserPool,
    client: Client,
    username: str,
    password: str | None,
    taken: UsernameTaken,
) -> User:
    """Return the user that another request brought first.

    What the function said is of its own user: somebody else may have taken the name, so the stored password decides.
    """
    with services.reading() as work:
        user = find_user(work, user_pool, username)
    if user is None:
        raise _failed(client) from taken
    has_no_password = user.credentials is None and user.status is UserStatus.RESET_REQUIRED
    if password is None or has_no_password or verify_password(services, user_pool, user, password):
        return user
    raise _failed(client) from taken


def read_migration(answer: Mapping[str, Any]) -> Migration:
    """Read the `response` member of the trigger's answer.

    Raises:
        TriggerAnswerInvalid: `userAttributes` is missing, or a member has the wrong form.
    """
    attributes = answer.get("userAttributes")
    if not isinstance(attributes, Mapping) or not attributes:
        raise TriggerAnswerInvalid
    if not all(isinstance(value, str) for value in attributes.values()):
        raise TriggerAnswerInvalid
    status = read_choice(answer, "finalUserStatus", STATUSES) or UserStatus.RESET_REQUIRED
    mediums = _mediums(answer)
    is_silent = read_choice(answer, "messageAction", ("SUPPRESS",)) is not None
    return Migration(
        attributes={name: value for name, value in attributes.items() if name != USERNAME},
        username=attributes.get(USERNAME) or None,
        status=UserStatus(status),
        mediums=None if is_silent else mediums,
        forces_alias=read_flag(answer, "forceAliasCreation"),
        with_sms_mfa=read_flag(answer, "enableSMSMFA"),
    )


def _mediums(answer: Mapping[str, Any]) -> tuple[Medium, ...]:
    wanted = answer.get("desiredDeliveryMediums") or DEFAULT_MEDIUMS
    if not isinstance(wanted, list | tuple) or not set(map(str, wanted)) <= set(MEDIUMS):
        raise TriggerAnswerInvalid
    return tuple(medium for medium in MEDIUMS if medium in wanted)
