"""Who is signing in, and how often they failed before: one connection for both."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from idp.domain.challenge import PASSWORD_FACTORS
from idp.domain.errors import InvalidSession, SessionSpent
from idp.domain.usernames import is_email, is_phone_number

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.flows.challenges.challenge import Challenge
    from idp.flows.sign_in_sessions import SignInSession
    from idp.services import Services
    from idp.store.attempts import AttemptCount
    from idp.store.unit_of_work import UnitOfWork


def find_signer_in(
    services: Services, user_pool: UserPool, challenge: Challenge, username: str, *, evenly: bool
) -> tuple[User | None, AttemptCount | None]:
    """Return who goes by a name as typed, and their failures at a challenge so far.

    Args:
        evenly: look in every place whoever is found first, so that the time tells nobody from somebody.
    """
    name = user_pool.fold(username)
    with services.reading() as work:
        found = work.signers_in.find_by_username(user_pool.id, name, challenge.attempts)
        if found is not None and not evenly:
            return found.user, found.failures
        by_alias, by_sub = work.users.find_by_alias(user_pool.id, name), work.users.find_by_sub(user_pool.id, name)
        user = (found.user if found is not None else None) or by_alias or by_sub
        return user, _failures(work, user_pool, challenge, lockout_subject(user_pool, user, username))


def load_signer_in(
    services: Services, user_pool: UserPool, challenge: Challenge, session: SignInSession
) -> tuple[User | None, AttemptCount | None]:
    """Return whom a session is of, and their failures at a challenge so far.

    Raises:
        SessionSpent: it was answered before.
        InvalidSession: the user was deleted meanwhile, or has another password than the one that was proved.
    """
    with services.reading() as work:
        if session.sub is None:
            if work.spent_tickets.is_spent(session.id):
                raise SessionSpent
            subject = lockout_subject(user_pool, None, session.username)
            return None, _failures(work, user_pool, challenge, subject)
        found = work.signers_in.find_by_sub(user_pool.id, session.sub, challenge.attempts, ticket_id=session.id)
    if found is None:
        raise InvalidSession
    if found.is_spent:
        raise SessionSpent
    require_proved_password(session, found.user)
    return found.user, found.failures


def proved_salt(user: User | None, passed: tuple[str, ...]) -> str | None:
    """Return what tells the password that was proved from any later one: its SRP salt, which each new password renews.

    Args:
        passed: names of the challenges passed so far.
    """
    if user is None or user.credentials is None or not PASSWORD_FACTORS & set(passed):
        return None
    return user.credentials.srp_salt


def require_proved_password(session: SignInSession, user: User) -> None:
    """Check that a password that a session proves is the user's still: who sets another shuts out who knew the old one.

    Raises:
        InvalidSession.
    """
    if session.proved_salt is not None and session.proved_salt != proved_salt(user, session.passed):
        raise InvalidSession


def load_failures(
    services: Services, user_pool: UserPool, challenge: Challenge, user: User | None, username: str
) -> AttemptCount | None:
    """Return the failures so far at a challenge that an answer chose."""
    if challenge.attempts is None:
        return None
    with services.reading() as work:
        return _failures(work, user_pool, challenge, lockout_subject(user_pool, user, username))


def lockout_subject(user_pool: UserPool, user: User | None, username: str) -> str:
    """Return whose failures are counted: the user's whatever name was typed, or the name's that nobody has."""
    return user_pool.fold(username) if user is None else user.username


def shown_name(services: Services, user_pool: UserPool, user: User | None, username: str) -> str:
    """Return the username to show; of nobody one that a user might have who signs in by what was typed.

    Such a name stays the same for what was typed: a generated one for an address, otherwise the typed one.
    """
    if user is not None:
        return user.username
    is_alias = bool(user_pool.alias_attributes) and (is_email(username) or is_phone_number(username))
    if user_pool.username_attributes or is_alias:
        return decoy_username(services, user_pool, username)
    return user_pool.fold(username)


def decoy_username(services: Services, user_pool: UserPool, username: str) -> str:
    """Return a UUID that is always the same for a name that nobody has in a pool."""
    subject = f"{user_pool.id}\n{user_pool.fold(username)}".encode()
    return str(uuid.UUID(bytes=services.sealer.mac("srp-decoy-name", subject)[:16], version=4))


def names_of(user: User | None) -> tuple[str, ...]:
    """Return the names that stand for a user in later requests and in a SECRET_HASH."""
    return () if user is None else (user.username, user.sub)


def _failures(work: UnitOfWork, user_pool: UserPool, challenge: Challenge, subject: str) -> AttemptCount | None:
    return None if challenge.attempts is None else work.attempts.find(user_pool.id, subject, challenge.attempts)
