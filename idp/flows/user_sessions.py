"""A user's sessions one by one: listed and revoked, by the user or an administrator, where the pool tracks them.

A token session is what one refresh token stands for; an SSO session is a browser's, through which token sessions begin.
Source: AWS API_ListUserSessions, API_RevokeUserSession and their Admin forms (botocore 1.44).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from idp.domain.browser_session import is_still_signed_in
from idp.domain.errors import InvalidParameter, OperationNotEnabled, ResourceNotFound
from idp.domain.session_id import origin_jti_of, sso_session_id, token_session_id

if TYPE_CHECKING:
    from datetime import datetime

    from idp.domain.browser_session import BrowserSession
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.domain.user_session import UserSession
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork

MAX_TOKEN_SESSIONS = 100
MAX_SSO_SESSIONS = 25


@dataclass(frozen=True, slots=True)
class ActiveSession:
    """A session as it is listed.

    Attributes:
        session_id: `tkn…` or `sso…`.
        origin_id: of the SSO session that a token session came through.
    """

    session_id: str
    client_id: str | None
    created_at: datetime
    active_at: datetime
    source: str
    device_name: str
    origin_id: str | None
    is_current: bool

    @property
    def is_sso(self) -> bool:
        """Say whether it is a browser's."""
        return self.session_id.startswith("sso")


def list_user_sessions(
    services: Services, user_pool: UserPool, user: User, *, current: str | None = None
) -> list[ActiveSession]:
    """Return a user's active sessions, those used last first; what does not fit one page is left out.

    Args:
        current: the origin_jti of the token that asks.

    Raises:
        OperationNotEnabled.
    """
    _require_tracking(user_pool)
    now = services.clock.now()
    with services.reading() as work:
        sessions = work.user_sessions.list_active(user.id, now, limit=MAX_TOKEN_SESSIONS)
        browsers = _browser_sessions(work, user, now)
    listed = [*(_of_tokens(each, current) for each in sessions), *(_of_browser(each) for each in browsers)]
    return sorted(listed, key=lambda each: each.active_at, reverse=True)


def revoke_user_session(
    services: Services,
    user_pool: UserPool,
    user: User,
    session_id: str,
    *,
    is_linked: bool,
    current: str | None = None,
) -> None:
    """End one session of a user, with all its tokens.

    Args:
        is_linked: end also the SSO session that a token session came through, or the token sessions that came through an
            SSO session.
        current: the origin_jti of the token that asks, whose session stays.

    Raises:
        OperationNotEnabled; InvalidParameter: it is the current session; ResourceNotFound: the user has no such session,
            or no longer.  Unknown: the sentences.
    """
    _require_tracking(user_pool)
    if current is not None and session_id == token_session_id(current):
        raise InvalidParameter("The current session cannot be revoked.")
    with services.unit_of_work() as work:
        revoke = _revoke_token_session if session_id.startswith("tkn") else _revoke_browser_session
        if not revoke(work, user, session_id, services.clock.now(), is_linked=is_linked):
            raise ResourceNotFound("Session does not exist.")
        work.commit()


def _require_tracking(user_pool: UserPool) -> None:
    """Unknown: the sentence."""
    if not user_pool.session_tracking.is_enabled:
        raise OperationNotEnabled("User session tracking is not enabled for the user pool.")


def _revoke_token_session(work: UnitOfWork, user: User, session_id: str, now: datetime, *, is_linked: bool) -> bool:
    origin_jti = origin_jti_of(session_id)
    found = None if origin_jti is None else work.user_sessions.find_with_user(origin_jti)
    if found is None or not work.user_sessions.revoke_active(user.id, found[0].id, now):
        return False
    if is_linked and found[0].browser_digest is not None:
        work.browser_sessions.delete(found[0].browser_digest)
    return True


def _revoke_browser_session(work: UnitOfWork, user: User, session_id: str, now: datetime, *, is_linked: bool) -> bool:
    digests = [each.digest for each in _browser_sessions(work, user, now) if sso_session_id(each.digest) == session_id]
    for digest in digests:
        work.browser_sessions.delete(digest)
        if is_linked:
            work.user_sessions.revoke_of_browser(user.id, digest, now)
    return bool(digests)


def _browser_sessions(work: UnitOfWork, user: User, now: datetime) -> list[BrowserSession]:
    stored = work.browser_sessions.list_signed_in(user.id, now, limit=MAX_SSO_SESSIONS)
    return [
        each
        for each in stored
        if each.authenticated_at is not None
        and is_still_signed_in(user, each.authenticated_at, by_provider=each.identity_provider is not None)
    ]


def _of_tokens(session: UserSession, current: str | None) -> ActiveSession:
    return ActiveSession(
        session_id=token_session_id(session.id),
        client_id=session.client_id,
        created_at=session.authenticated_at,
        active_at=session.active_at or session.authenticated_at,
        source=session.source,
        device_name=session.device_name,
        origin_id=None if session.browser_digest is None else sso_session_id(session.browser_digest),
        is_current=session.id == current,
    )


def _of_browser(session: BrowserSession) -> ActiveSession:
    assert session.authenticated_at is not None, "it is of a user who has signed in"
    return ActiveSession(
        session_id=sso_session_id(session.digest),
        client_id=session.client_id,
        created_at=session.authenticated_at,
        active_at=session.active_at or session.authenticated_at,
        source=session.source,
        device_name=session.device_name,
        origin_id=None,
        is_current=False,
    )
