"""What a pool that tracks sessions notes of them, and how it holds their number; other pools pay nothing for it.

Source: AWS API_SetUserPoolSessionConfiguration, API_SessionDescriptionType (botocore 1.44).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from idp.domain.origin import Origin
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.domain.user_session import UserSession
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork


def make_room(work: UnitOfWork, user_pool: UserPool, user: User, now: datetime) -> None:
    """End the user's least recently used sessions, so that one more is within the pool's limit."""
    tracking = user_pool.session_tracking
    if tracking.is_enabled:
        work.user_sessions.revoke_beyond(user.id, tracking.max_per_user - 1, now)


def note_grant(work: UnitOfWork, user_pool: UserPool, session: UserSession, origin: Origin) -> None:
    """Note of the browser session, if there is one, that a session was begun through it."""
    if user_pool.session_tracking.is_enabled and session.browser_digest is not None:
        assert session.active_at is not None, "it begins now"
        work.browser_sessions.touch(session.browser_digest, session.active_at, origin)


def note_activity(services: Services, user_pool: UserPool, session: UserSession, origin: Origin) -> None:
    """Note that a session was refreshed, of itself and of the browser session it came through."""
    if not user_pool.session_tracking.is_enabled:
        return
    now = services.clock.now()
    with services.unit_of_work() as work:
        work.user_sessions.touch(session.id, now, origin)
        if session.browser_digest is not None:
            work.browser_sessions.touch(session.browser_digest, now, origin)
        work.commit()
