"""Making and checking what is kept of a password.  Hashing takes 18 ms: no transaction may be open meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain import srp
from idp.domain.errors import PasswordReused
from idp.domain.user import Credentials

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork


def make_credentials(services: Services, user_pool: UserPool, username: str, password: str) -> Credentials:
    """Return hash, salt and SRP verifier of a new user's password.

    Args:
        username: the real one, as stored: SRP hashes it in, so a password never moves to another name.

    Raises:
        TooManyRequests: no slot is free for one more hash.
    """
    salt = _new_salt(services).hex()
    verifier = srp.make_verifier(user_pool.srp_name, username, password, salt_hex=salt)
    return Credentials(services.hasher.hash(password), salt, f"{verifier:x}")


def renew_credentials(services: Services, user_pool: UserPool, user: User, password: str) -> Credentials:
    """Return hash, salt and SRP verifier of a password that a stored user gets in place of theirs.

    The transaction that saves it calls `remember_password` too. Whoever asks has proven what the change needs: the answer
    tells which passwords the user had.

    Raises:
        PasswordReused: the user has or had it, as far back as the pool's PasswordHistorySize looks.
        TooManyRequests: no slot is free for one more hash.
    """
    for password_hash in _recent_hashes(services, user_pool, user):
        if services.hasher.verify(password, password_hash):
            raise PasswordReused
    return make_credentials(services, user_pool, user.username, password)


def remember_password(work: UnitOfWork, user_pool: UserPool, user: User) -> None:
    """Keep the hash that a new password replaces, for as long as the pool's PasswordHistorySize says.

    Args:
        user: as they were before the change.
    """
    kept = user_pool.password_policy.history_size - 1  # the password of today is the first of the last ones
    if user.credentials is not None and kept > 0:
        work.password_history.add(user.id, user.credentials.password_hash, keep=kept)


def verify_password(services: Services, user_pool: UserPool, user: User | None, password: str) -> User | None:
    """Return the user if it is their password; it takes the same time for one who has none or does not exist.

    A right password whose hash is outdated, or was imported and has no SRP verifier yet, is hashed anew; the user's version
    does not change by that.

    Returns:
        None if it is not; otherwise the very user, or one with the renewed credentials.
    """
    if user is None or user.credentials is None:
        services.hasher.verify_decoy(password)
        return None
    if not services.hasher.verify(password, user.credentials.password_hash):
        return None
    if user.credentials.srp_verifier is None:
        return _keep_credentials(services, user, make_credentials(services, user_pool, user.username, password))
    if services.hasher.is_outdated(user.credentials.password_hash):
        renewed = services.hasher.hash(password)
        return _keep_credentials(services, user, replace(user.credentials, password_hash=renewed))
    return user


def _recent_hashes(services: Services, user_pool: UserPool, user: User) -> list[str]:
    size = user_pool.password_policy.history_size
    if user.credentials is None or size == 0:
        return []
    with services.reading() as work:
        return [user.credentials.password_hash, *work.password_history.newest(user.id, limit=size - 1)]


def _new_salt(services: Services) -> bytes:
    salt = services.random.bytes(srp.SALT_BYTES)
    while not srp.is_usable_salt(salt):
        salt = services.random.bytes(srp.SALT_BYTES)
    return salt


def _keep_credentials(services: Services, user: User, renewed: Credentials) -> User:
    with services.unit_of_work() as work:
        work.users.replace_credentials(user, renewed)
        work.commit()
    return replace(user, credentials=renewed)
