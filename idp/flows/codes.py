"""Confirmation codes: six digits that go out, come back once, and cannot be guessed.

Only a keyed digest is stored. Attempts are counted in a transaction of their own, so that a wrong code counts although
the call fails, and for names that do not exist too, so that the limit tells nothing.
Source: spec USER_POOLS sections 2.6, 2.12 and 13.3.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

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

# How often in an hour one user may ask for a code, and try one. ForgotPassword and ConfirmForgotPassword share AWS's
# 20 of a user who is at no risk.
ASKS_PER_HOUR = 5
TRIES_PER_HOUR = 15
RESETS_PER_HOUR = 10
WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code on its way: what is sent, and what is stored of it."""

    digits: str = field(repr=False)
    stored: StoredCode


def verification_of(attribute: str) -> str:
    """Return the purpose of a code that verifies an attribute."""
    return f"verify:{attribute}"


def make_code(
    services: Services,
    user: User,
    *,
    purpose: str,
    attribute: str,
    lifetime: timedelta,
    pending_value: str | None = None,
) -> IssuedCode:
    """Make a code for a stored user, to be put in the transaction that calls for it.

    It is good for the address that the user has now: what proves an old address proves nothing of a new one.

    Args:
        pending_value: the address that the code proves, when it is not the user's yet.
    """
    digits = services.random.digits(DIGITS)
    mac = _mac(services, user, purpose, pending_value or user.attributes.get(attribute, ""), digits)
    expires_at = services.clock.now() + lifetime
    return IssuedCode(digits, StoredCode(user.id, purpose, mac, attribute, expires_at, pending_value))


def issue_code(services: Services, user: User, *, purpose: str, attribute: str, lifetime: timedelta) -> str:
    """Store a code in place of the user's older one for the purpose.

    Returns:
        Six digits, to be sent and forgotten.
    """
    issued = make_code(services, user, purpose=purpose, attribute=attribute, lifetime=lifetime)
    with services.unit_of_work() as work:
        work.confirmation_codes.put(issued.stored)
        work.commit()
    return issued.digits


def count_ask(services: Services, pool_id: str, subject: str, purpose: str) -> None:
    """Count one more request for a code.

    Args:
        subject: a user's sub, or the name that nobody has.

    Raises:
        AttemptLimitExceeded.
    """
    limit = RESETS_PER_HOUR if purpose == RESET_PASSWORD else ASKS_PER_HOUR
    count_within(services, pool_id, subject, f"ask:{purpose}", limit)


def count_try(services: Services, pool_id: str, subject: str, purpose: str) -> None:
    """Count one more code that was given back; as `count_ask`."""
    limit = RESETS_PER_HOUR if purpose == RESET_PASSWORD else TRIES_PER_HOUR
    count_within(services, pool_id, subject, f"try:{purpose}", limit)


def check_code(services: Services, user: User, *, purpose: str, code: str) -> StoredCode:
    """Check a code without spending it; the attempt counts, whatever the code.

    Returns:
        The stored code, to be spent (`work.confirmation_codes.spend`) in the transaction that does what it allows.

    Raises:
        CodeMismatch, CodeExpired; AttemptLimitExceeded after too many tries in an hour.
    """
    count_try(services, user.pool_id, user.sub, purpose)
    with services.reading() as work:
        stored = work.confirmation_codes.find(user.id, purpose)
    if stored is None or stored.expires_at <= services.clock.now():
        raise CodeExpired
    address = stored.pending_value or user.attributes.get(stored.attribute, "")
    if not hmac.compare_digest(stored.mac, _mac(services, user, purpose, address, code)):
        raise CodeMismatch
    return stored


def refuse_code(services: Services, pool_id: str, subject: str, *, purpose: str, lifetime: timedelta) -> NoReturn:
    """Refuse a code in the name of somebody who was sent none, as if they had been.

    Raises:
        CodeMismatch: a code was asked for in its lifetime; else CodeExpired. AttemptLimitExceeded as for a real user.
    """
    count_try(services, pool_id, subject, purpose)
    with services.reading() as work:
        asked = work.attempts.find(pool_id, subject, f"ask:{purpose}")
    if asked is None or asked.last_at + lifetime <= services.clock.now():
        raise CodeExpired
    raise CodeMismatch


def count_within(services: Services, pool_id: str, subject: str, kind: str, limit: int) -> None:
    """Count one attempt; raises AttemptLimitExceeded when the hour's limit is reached."""
    now = services.clock.now()
    with services.unit_of_work() as work:
        is_within = work.attempts.increase_within(pool_id, subject, kind, now, limit=limit, since=now - WINDOW)
        work.commit()
    if not is_within:
        raise AttemptLimitExceeded


def _mac(services: Services, user: User, purpose: str, address: str, code: str) -> str:
    parts = (user.sub, purpose, address, code)
    return services.sealer.mac("confirmation-code", "\n".join(parts).encode()).hex()
