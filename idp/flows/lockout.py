"""Locking a name after failed passwords in a row, whether or not a user has it.

The counter is written in a transaction of its own, so that a failure counts although the call fails; a good sign-in
writes nothing unless there is a counter to forget.  Source: spec USER_POOLS section 2.13.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from idp.domain.errors import PasswordAttemptsExceeded

if TYPE_CHECKING:
    from idp.services import Services
    from idp.store.attempts import AttemptCount

FREE_FAILURES = 5
LONGEST_LOCK = timedelta(minutes=15)
IDLE = timedelta(minutes=15)
"""A counter is forgotten when nothing failed for that long."""


def require_unlocked(failures: AttemptCount | None, now: datetime) -> None:
    """Check that no lock is on.  An attempt during a lock is not counted, so it does not prolong the lock.

    Raises:
        PasswordAttemptsExceeded.
    """
    if failures is not None and now < failures.last_at + lock_after(failures.count):
        raise PasswordAttemptsExceeded


def lock_after(failures: int) -> timedelta:
    """Return how long a lock lasts after the n-th failure in a row: 2^(n-5) seconds from the fifth on."""
    if failures < FREE_FAILURES:
        return timedelta()
    longest = int(LONGEST_LOCK.total_seconds())
    return timedelta(seconds=min(1 << min(failures - FREE_FAILURES, longest.bit_length()), longest))


def count_failure(services: Services, pool_id: str, subject: str, kind: str) -> None:
    """Count a failure, durably and at once, unless a lock came on while the answer was judged.

    Answers that come at the same moment are judged side by side, but no more of them are told than would have been one
    after the other: who is late learns of the lock alone.

    Raises:
        PasswordAttemptsExceeded: nothing is counted, and nothing of the answer may be told.
    """
    now, is_counted = services.clock.now(), False
    with services.unit_of_work() as work:
        while not is_counted:
            failures = work.attempts.find(pool_id, subject, kind)
            require_unlocked(failures, now)
            is_counted = work.attempts.increase(pool_id, subject, kind, now, seen=failures, idle_since=now - IDLE)
        work.commit()


def require_still_unlocked(services: Services, pool_id: str, subject: str, kind: str) -> None:
    """Check that no lock came on while an answer was judged that turned out to be right.

    Raises:
        PasswordAttemptsExceeded: nothing of the answer may be told.
    """
    with services.reading() as work:
        failures = work.attempts.find(pool_id, subject, kind)
    require_unlocked(failures, services.clock.now())
