"""Who is signed in, in the browser that asks: the cookie `cognito` and what is stored behind it.

The cookie is 32 random bytes and says nothing. It is replaced whenever somebody proves who they are, so that a value
planted beforehand is worth nothing afterwards.  Source: OWASP Session Management Cheat Sheet; spec USER_POOLS section 9.8.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Container
from typing import TYPE_CHECKING

from flask import request

from idp.domain.browser_session import (
    LIFETIME,
    BrowserSession,
    PendingChallenge,
    SignedIn,
    UpstreamSession,
    counts_until,
    is_of_this_visit,
    is_still_signed_in,
    lifetime_in,
)
from idp.domain.origin import Origin
from idp.domain.provider_kinds import OWN_USERS
from idp.web.cookies import drop_cookie, set_cookie

if TYPE_CHECKING:
    from flask import Response

    from idp.domain.client import Client
    from idp.domain.user import User
    from idp.flows.sign_in_outcome import Authenticated
    from idp.services import Services
    from idp.web.site import Site

COOKIE = "cognito"
_COOKIE_BYTES = 32


def find_signed_in(services: Services, site: Site, client: Client, *, providers: Container[str]) -> SignedIn | None:
    """Return who is signed in, as far as the client lets that count; None when nobody is, or no longer.

    A sign-in that was made for the client counts once, however little it lets past ones count.

    Args:
        providers: by which the user may have signed in, COGNITO for the pool's own users.
    """
    found = _find(services, site)
    if found is None:
        return None
    session, user = found
    if (session.identity_provider or OWN_USERS) not in providers:
        return None
    by_provider = session.identity_provider is not None
    if user is None or session.authenticated_at is None:
        return None
    if not is_still_signed_in(user, session.authenticated_at, by_provider=by_provider):
        return None
    is_taken = site.user_pool.session_tracking.is_enabled and _is_taken(services, session, client)
    if not is_taken and services.clock.now() >= counts_until(site.user_pool, client, session.authenticated_at):
        return None
    return SignedIn(user, session.authenticated_at, session.digest)


def find_browser_session(services: Services, site: Site) -> BrowserSession | None:
    """Return the session of the browser that asks, whoever's it is."""
    found = _find(services, site)
    return None if found is None else found[0]


def find_pending(services: Services, site: Site, client_id: str) -> PendingChallenge | None:
    """Return the challenge that somebody signing in to the client has yet to answer."""
    found = _find(services, site)
    pending = None if found is None else found[0].pending
    return pending if pending is not None and pending.client_id == client_id else None


def begin_signed_in(
    services: Services,
    site: Site,
    response: Response,
    signed_in: Authenticated,
    *,
    identity_provider: str | None = None,
    upstream: UpstreamSession | None = None,
) -> None:
    """Remember that the user has signed in, and by which upstream provider.

    Args:
        upstream: what the provider must be told at sign-out.
    """
    _begin(services, site, response, signed_in=signed_in, identity_provider=identity_provider, upstream=upstream)


def begin_pending(services: Services, site: Site, response: Response, pending: PendingChallenge) -> None:
    """Remember which challenge comes next."""
    _begin(services, site, response, pending=pending)


def end_browser_session(services: Services, site: Site, response: Response) -> None:
    """Forget who is signed in, here and in the browser."""
    with services.unit_of_work() as work:
        work.browser_sessions.delete(_presented_digest())
        work.commit()
    drop_cookie(services, site, response, COOKIE)


def present_origin() -> Origin:
    """Return where the present request comes from."""
    return Origin.of(request.remote_addr or "", request.user_agent.string)


def _is_taken(services: Services, session: BrowserSession, client: Client) -> bool:
    if not session.is_fresh or session.client_id != client.id or not is_of_this_visit(session, services.clock.now()):
        return False
    with services.unit_of_work() as work:
        is_taken = work.browser_sessions.use(session.digest, client.id)
        work.commit()
    return is_taken


def _find(services: Services, site: Site) -> tuple[BrowserSession, User | None] | None:
    if COOKIE not in request.cookies:
        return None
    with services.reading() as work:
        found = work.browser_sessions.find_with_user(_presented_digest())
    if found is None or found[0].pool_id != site.user_pool.id or found[0].expires_at <= services.clock.now():
        return None
    return found


def _begin(
    services: Services,
    site: Site,
    response: Response,
    *,
    pending: PendingChallenge | None = None,
    signed_in: Authenticated | None = None,
    identity_provider: str | None = None,
    upstream: UpstreamSession | None = None,
) -> None:
    cookie = base64.urlsafe_b64encode(services.random.bytes(_COOKIE_BYTES)).rstrip(b"=").decode()
    now, origin = services.clock.now(), present_origin()
    lifetime = LIFETIME if signed_in is None else lifetime_in(site.user_pool)
    session = BrowserSession(
        digest=_digest(cookie),
        pool_id=site.user_pool.id,
        user_id=None if signed_in is None else signed_in.user.id,
        pending=pending,
        authenticated_at=None if signed_in is None else now,
        expires_at=now + lifetime,
        client_id=None if signed_in is None else signed_in.client.id,
        is_fresh=signed_in is not None,
        active_at=now,
        source=origin.address,
        device_name=origin.device_name,
        identity_provider=identity_provider,
        upstream=upstream,
    )
    with services.unit_of_work() as work:
        work.browser_sessions.delete_expired(now)
        work.browser_sessions.delete(_presented_digest())
        work.browser_sessions.add(session)
        work.commit()
    set_cookie(services, site, response, COOKIE, cookie, lifetime=lifetime)


def _presented_digest() -> str:
    return _digest(request.cookies.get(COOKIE, ""))


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
