"""Deleting what has expired: nothing that is deleted here would still be good for anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from idp.domain import authorization_code, user_import as words
from idp.domain.user_import import STARTED_WITHIN, ImportStatus
from idp.jobs.lease import held

if TYPE_CHECKING:
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork

NAME = "expiry"
EVERY = timedelta(minutes=10)
LONGEST_ACCESS_TOKEN = timedelta(days=1)  # spec USER_POOLS section 13.2
LONGEST_COUNT = timedelta(days=2)  # no limit on attempts, and no code that was asked for, reaches further back

EVENTS_KEPT = timedelta(days=730)  # AWS "Viewing user event history": two years

SWEEPS: Mapping[str, Callable[[UnitOfWork, datetime], object]] = {
    # An access token of a session may outlive its refresh token.
    "sessions": lambda work, now: work.user_sessions.delete_expired(now - LONGEST_ACCESS_TOKEN),
    "tickets": lambda work, now: work.spent_tickets.delete_expired(now),
    "attempts": lambda work, now: work.attempts.delete_older(now - LONGEST_COUNT),
    "authorization codes": lambda work, now: work.authorization_codes.delete_expired(
        now - authorization_code.REMEMBERED
    ),
    "browser sessions": lambda work, now: work.browser_sessions.delete_expired(now),
    "round trips to providers": lambda work, now: work.upstream_requests.delete_expired(now),
    "kept sign-in sessions": lambda work, now: work.kept_sessions.delete_expired(now),
    "what users did": lambda work, now: work.auth_events.delete_older(now - EVENTS_KEPT),
    "user imports": lambda work, now: _expire_user_imports(work, now),
}
"""What there is to delete -> how.  Each runs in a transaction of its own."""


def delete_expired(services: Services, holder: str, *, is_stopping: Callable[[], bool]) -> None:
    """Delete what has expired, unless a worker did so in the last minutes."""
    with services.reading() as work:
        done_at = work.leases.done_at(NAME)
    if done_at is not None and services.clock.now() < done_at + EVERY:
        return
    with held(services, NAME, holder) as lease:
        if lease is None:
            return
        for sweep in SWEEPS.values():
            if is_stopping():
                return
            with services.unit_of_work() as work:
                lease.renew(work)
                sweep(work, services.clock.now())
                work.commit()
        with services.unit_of_work() as work:
            work.leases.mark_done(NAME, now=services.clock.now())
            work.commit()


def _expire_user_imports(work: UnitOfWork, now: datetime) -> None:
    for job_id in work.user_imports.list_unstarted(now, within=STARTED_WITHIN):
        work.user_imports.finish(job_id, ImportStatus.EXPIRED, words.EXPIRED, now, was=ImportStatus.CREATED)
        work.user_import_files.delete(job_id)
