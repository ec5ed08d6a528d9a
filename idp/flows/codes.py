"""Confirmation codes: six digits that go out, come back once, and cannot be guessed.

Only a keyed digest is stored. Attempts are counted in a transaction of their own, so that a wrong code counts although
the call fails.  Source: spec USER_POOLS sections 2.6 and 13.3.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

from idp.domain.errors import AttemptLimitExceeded, CodeExpired, CodeMismatch
from idp.store.confirmation_codes import StoredCode

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.services import Services

DIGITS = 6
SIGN_UP = "sign_up"
RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose
SIGN_UP_LIFETIME = timedelta(hours=24)
VERIFICATION_LIFETIME = timedelta(hours=24)
RESET_LIFETIME = timedelta(hours=1)

# How often in an hour one user may ask for a code, and try one.
ASKS_PER_HOUR = {SIGN_UP: 5, RESET_PASSWORD: 20}
TRIES_PER_HOUR = {SIGN_UP: 15, RESET_PASSWORD: 20}
DEFAULT_ASKS_PER_HOUR = 5
DEFAULT_TRIES_PER_HOUR = 15
WINDOW = timedelta(hours=1)


def verification_of(attribute: str) -> str:
    """Return the purpose of a code that verifies an attribute."""
    return f"verify:{attribute}"


def issue_code(services: Services, user: User, *, purpose: str, attribute: str, lifetime: timedelta) -> str:
    """Make a code in place of the user's older one for the purpose.

    Returns:
        Six digits, to be sent and forgotten.

    Raises:
        AttemptLimitExceeded: the user asked too often in the past hour.
    """
    count_within(services, user.pool_id, user.sub, f"ask:{purpose}", ASKS_PER_HOUR.get(purpose, DEFAULT_ASKS_PER_HOUR))
    code = services.random.digits(DIGITS)
    stored = StoredCode(
        user.id, purpose, _mac(services, user, purpose, code), attribute, services.clock.now() + lifetime
    )
    with services.unit_of_work() as work:
        work.confirmation_codes.put(stored)
        work.commit()
    return code


def check_code(services: Services, user: User, *, purpose: str, code: str) -> StoredCode:
    """Check a code without spending it.

    Returns:
        The stored code, to be spent (`work.confirmation_codes.spend`) in the transaction that does what it allows.

    Raises:
        CodeMismatch, CodeExpired; AttemptLimitExceeded after too many tries in an hour, whatever the code.
    """
    limit = TRIES_PER_HOUR.get(purpose, DEFAULT_TRIES_PER_HOUR)
    count_within(services, user.pool_id, user.sub, f"try:{purpose}", limit)
    with services.reading() as work:
        stored = work.confirmation_codes.find(user.id, purpose)
    if stored is None or stored.expires_at <= services.clock.now():
        raise CodeExpired
    if not hmac.compare_digest(stored.mac, _mac(services, user, purpose, code)):
        raise CodeMismatch
    return stored


def count_within(services: Services, pool_id: str, subject: str, kind: str, limit: int) -> None:
    """Count one attempt; raises AttemptLimitExceeded when the hour's limit is reached."""
    now = services.clock.now()
    with services.unit_of_work() as work:
        counted = work.attempts.find(pool_id, subject, kind)
        if counted is not None and counted.first_at + WINDOW <= now:
            work.attempts.clear(pool_id, subject, kind)
            counted = None
        if counted is not None and counted.count >= limit:
            raise AttemptLimitExceeded
        work.attempts.increase(pool_id, subject, kind, now)
        work.commit()


def _mac(services: Services, user: User, purpose: str, code: str) -> str:
    return services.sealer.mac("confirmation-code", f"{user.sub}\n{purpose}\n{code}".encode()).hex()
