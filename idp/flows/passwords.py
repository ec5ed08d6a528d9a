"""Making and checking what is kept of a password.  Hashing takes 18 ms: no transaction may be open meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.domain import srp
from idp.domain.user import Credentials

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services


def make_credentials(services: Services, user_pool: UserPool, username: str, password: str) -> Credentials:
    """Return hash, salt and SRP verifier of a new password.

    Args:
        username: the real one, as stored: SRP hashes it in, so a password never moves to another name.

    Raises:
        TooManyRequests: no slot is free for one more hash.
    """
    salt = _new_salt(services).hex()
    verifier = srp.make_verifier(user_pool.srp_name, username, password, salt_hex=salt)
    return Credentials(services.hasher.hash(password), salt, f"{verifier:x}")


def verify_password(services: Services, user: User | None, password: str) -> bool:
    """Say whether it is the user's password, in the same time for a user who has none or does not exist.

    A right password whose hash has outdated parameters is hashed anew; the user's version does not change by that.
    """
    if user is None or user.credentials is None:
        services.hasher.verify_decoy(password)
        return False
    if not services.hasher.verify(password, user.credentials.password_hash):
        return False
    if services.hasher.is_outdated(user.credentials.password_hash):
        _hash_anew(services, user, user.credentials.password_hash, password)
    return True


def _new_salt(services: Services) -> bytes:
    salt = services.random.bytes(srp.SALT_BYTES)
    while not srp.is_usable_salt(salt):
        salt = services.random.bytes(srp.SALT_BYTES)
    return salt


def _hash_anew(services: Services, user: User, outdated: str, password: str) -> None:
    renewed = services.hasher.hash(password)
    with services.unit_of_work() as work:
        work.users.replace_password_hash(user.id, outdated, renewed)
        work.commit()
