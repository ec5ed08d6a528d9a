"""Setting a new password by a code, for who forgot the old one.  Source: spec USER_POOLS sections 2.8, 2.9 and 2.12."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain.errors import CodeExpired, DomainError, InvalidParameter, NotAuthorized, UserDisabled
from idp.domain.mfa import ADDRESS_OF, PoolMfa
from idp.domain.user import User, UserStatus
from idp.flows.auth_events import record_action
from idp.flows.challenges.password import ATTEMPTS as FAILED_PASSWORDS
from idp.flows.codes import RESET_LIFETIME, RESET_PASSWORD, check_code, count_ask, issue_code, refuse_code
from idp.flows.compromised_passwords import refuse_compromised
from idp.flows.messages import CodeDelivery, send_code, simulated_delivery
from idp.flows.named_users import NamedUser, NameUnknown
from idp.flows.passwords import remember_password, renew_credentials
from idp.flows.triggers import post_confirmation
from idp.flows.user_migration import has_migration, migrate_at_reset

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Services

ADMIN_ONLY = "admin_only"

# What is tried, in order, in a pool without AccountRecoverySetting.
LEGACY_MECHANISMS = ("verified_phone_number", "verified_email")

NOT_RESETTABLE = "User password cannot be reset in the current state."
NO_ADDRESS = "Cannot reset password for the user as there is no registered/verified email or phone_number"


def forgot_password(
    services: Services, named: NamedUser, *, client_metadata: Mapping[str, str] | None = None
) -> CodeDelivery:
    """Send a code that sets a new password; or say so, where the client hides who exists and could be sent one.

    Raises:
        NotAuthorized: only administrators may, or the user's status does not allow it; NameUnknown, UserDisabled,
        InvalidParameter (nothing verified to send to), AttemptLimitExceeded, CodeDeliveryFailed.
    """
    user_pool = named.user_pool
    if user_pool.recovery_mechanisms == (ADMIN_ONLY,):
        raise NotAuthorized("Contact administrator to reset password.")
    attributes = _recovery_attributes(user_pool)
    try:
        user = _require_enabled(named.user or _migrated(services, named, client_metadata))
        attribute = _require_address(user_pool, user)
    except DomainError:
        if not named.client.hides_unknown_users:
            raise
        count_ask(services, user_pool.id, named.subject, RESET_PASSWORD)
        return simulated_delivery(services, user_pool, named.name, attributes)
    count_ask(services, user_pool.id, named.subject, RESET_PASSWORD)
    record_action(services, user_pool, user, "ForgotPassword", client_id=named.client.id, origin=named.origin)
    return _send(services, user_pool, user, attribute, client_id=named.client.id, client_metadata=client_metadata)


def confirm_forgot_password(
    services: Services,
    named: NamedUser,
    *,
    code: str,
    password: str,
    client_metadata: Mapping[str, str] | None = None,
) -> None:
    """Set a new password by the code that ForgotPassword sent; a lock after failed sign-ins ends.

    Raises:
        InvalidPassword, CodeMismatch, CodeExpired, AttemptLimitExceeded, NameUnknown, UserDisabled; PasswordReused, when
            the code is right: it stays good.
    """
    user_pool = named.user_pool
    user_pool.password_policy.check(password)
    refuse_compromised(services, user_pool, named.client.id, password, "PASSWORD_CHANGE")
    user = _require_user_with_code(services, named)
    stored = check_code(services, user, purpose=RESET_PASSWORD, code=code)
    changed = replace(
        user,
        status=UserStatus.CONFIRMED,
        credentials=renew_credentials(services, user_pool, user, password),
        temporary_until=None,
        updated_at=services.clock.now(),
    )
    with services.unit_of_work() as work:
        if not work.confirmation_codes.spend(stored):
            raise CodeExpired
        remember_password(work, user_pool, user)
        changed = work.users.save(changed)
        work.attempts.clear(user_pool.id, user.username, FAILED_PASSWORDS)
        work.commit()
    record_action(services, user_pool, user, "PasswordChange", client_id=named.client.id, origin=named.origin)
    post_confirmation(
        services,
        user_pool,
        "ConfirmForgotPassword",
        client_id=named.client.id,
        user=changed,
        client_metadata=client_metadata,
    )


def admin_reset_user_password(
    services: Services, user_pool: UserPool, user: User, *, client_metadata: Mapping[str, str] | None = None
) -> None:
    """End a user's password and sessions, and send them a code; that only administrators may do so is no obstacle.

    Raises:
        NotAuthorized: their status does not allow it; InvalidParameter: nothing verified to send to;
        CodeDeliveryFailed.

    Source: spec USER_POOLS section 1.11, where such a reset makes a refresh token one that has been revoked.
    """
    attribute, now = _require_address(user_pool, user), services.clock.now()
    with services.unit_of_work() as work:
        user = work.users.save(replace(user, status=UserStatus.RESET_REQUIRED, updated_at=now))
        work.users.sign_out(user.id, now)
        work.user_sessions.revoke_of_user(user.id, now)
        work.commit()
    _send(services, user_pool, user, attribute, client_id=None, client_metadata=client_metadata)


def _migrated(services: Services, named: NamedUser, client_metadata: Mapping[str, str] | None) -> User | None:
    """Ask another directory for whom we do not know, if the pool has one; raises MigrationFailed."""
    if not has_migration(named.user_pool):
        return None
    return migrate_at_reset(services, named.user_pool, named.client, named.name, client_metadata=client_metadata)


def _require_enabled(user: User | None) -> User:
    if user is None:
        raise NameUnknown
    if not user.enabled:
        raise UserDisabled
    return user


def _require_address(user_pool: UserPool, user: User) -> str:
    """Return the attribute whose address gets the code: the first that is verified and no second factor besides."""
    if user.status in {UserStatus.FORCE_CHANGE_PASSWORD, UserStatus.EXTERNAL_PROVIDER}:
        raise NotAuthorized(NOT_RESETTABLE)
    excluded = _second_factors(user_pool, user)
    usable = (attribute for attribute in _recovery_attributes(user_pool) if attribute not in excluded)
    verified = next((attribute for attribute in usable if user.is_verified(attribute)), None)
    if verified is None:
        raise InvalidParameter(NO_ADDRESS)
    return verified


def _second_factors(user_pool: UserPool, user: User) -> set[str]:
    """Return the addresses that a user's second factors go to: these recover no password, or one phone would be both.

    A pool that has set no AccountRecoverySetting lets them.  Source: AWS API_CreateUserPool, AccountRecoverySetting; spec
    USER_POOLS section 2.8.
    """
    pool = PoolMfa.parse(user_pool)
    if user_pool.recovery_mechanisms in {None, (ADMIN_ONLY,)} or pool.mode == "OFF":
        return set()
    return {ADDRESS_OF[factor] for factor in pool.factors if factor in ADDRESS_OF and factor in user.mfa.enabled}


def _require_user_with_code(services: Services, named: NamedUser) -> User:
    """Return the user; where the client hides who exists, those who were told of a code and sent none are refused so."""
    if not named.client.hides_unknown_users:
        return _require_enabled(named.user)
    try:
        user = _require_enabled(named.user)
        _require_address(named.user_pool, user)
    except DomainError:
        refuse_code(services, named.user_pool.id, named.subject, purpose=RESET_PASSWORD, lifetime=RESET_LIFETIME)
    return user


def _recovery_attributes(user_pool: UserPool) -> tuple[str, ...]:
    """Return the attributes that a code may go to, in the pool's order; any when only administrators reset."""
    mechanisms = user_pool.recovery_mechanisms
    if mechanisms is None or mechanisms == (ADMIN_ONLY,):
        mechanisms = LEGACY_MECHANISMS
    return tuple(name.removeprefix("verified_") for name in mechanisms if name != ADMIN_ONLY)


def _send(
    services: Services,
    user_pool: UserPool,
    user: User,
    attribute: str,
    *,
    client_id: str | None,
    client_metadata: Mapping[str, str] | None,
) -> CodeDelivery:
    code = issue_code(services, user, purpose=RESET_PASSWORD, attribute=attribute, lifetime=RESET_LIFETIME)
    return send_code(
        services,
        user_pool,
        user,
        kind="ForgotPassword",
        attribute=attribute,
        code=code,
        client_id=client_id,
        client_metadata=client_metadata,
    )
