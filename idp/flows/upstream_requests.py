"""Round trips to upstream providers: begun for one browser, answered by the provider, and ended once by that browser.

What the provider is told (state, nonce, PKCE's code_verifier, SAML's request ID) is random and stored, so that any process
can take the answer. An answer that comes by a GET is the browser's own and ends the round trip at once. One that comes by
a POST from the provider's page (SAML, Apple's form_post) comes without the browser's cookie, which is SameSite=Lax: it is
verified and kept, and the browser is sent to fetch it by a GET, which carries the cookie. SameSite=None would spare the
detour, but such cookies need HTTPS and go the way of third-party cookies.

Source: RFC 9700 sections 2.1 and 4.7; RFC 6265bis section 5.6.7.1 (Lax); spec USER_POOLS sections 9.8, 10.5 and 10.6.
"""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from idp.domain.oauth_error import AuthorizationRefused
from idp.domain.provider_kinds import SAML
from idp.domain.upstream import ROUND_TRIP, StateRefused, UpstreamIdentity, UpstreamRequest
from idp.flows import upstream_oidc, upstream_saml

if TYPE_CHECKING:
    from collections.abc import Callable

    from idp.domain.client import Client
    from idp.domain.identity_provider import IdentityProvider
    from idp.domain.user_pool import UserPool
    from idp.services import Services

_SECRET_BYTES = 32


def begin_upstream(
    services: Services,
    user_pool: UserPool,
    client: Client,
    provider: IdentityProvider,
    *,
    query: str,
    callback_url: str,
    browser: str,
    prompt: str | None,
    login_hint: str | None,
) -> str:
    """Begin a round trip and return the location at the provider that the browser is sent to.

    Args:
        query: the client's authorization request, urlencoded, to come back with.
        callback_url: where the provider is to send the answer.
        browser: the cookie of the browser that alone may end the round trip.
        prompt, login_hint: for OpenID Connect providers.

    Raises:
        AuthorizationRefused: the provider cannot be asked.
    """
    request = UpstreamRequest(
        state=new_secret(services),
        pool_id=user_pool.id,
        client_id=client.id,
        provider_name=provider.name,
        query=query,
        callback_url=callback_url,
        nonce=new_secret(services),
        code_verifier=new_secret(services),
        request_id=f"_{services.random.uuid()}",
        expires_at=services.clock.now() + ROUND_TRIP,
    )
    if provider.type == SAML:
        location = upstream_saml.sign_on_url(services, user_pool, provider, request)
    else:
        location = upstream_oidc.authorization_url(
            services, user_pool, provider, request, prompt=prompt, login_hint=login_hint
        )
    with services.unit_of_work() as work:
        work.upstream_requests.add(request, browser)
        work.commit()
    return location


def take_upstream(services: Services, user_pool: UserPool, state: str, browser: str) -> UpstreamRequest:
    """End a browser's round trip, to which the answer is just coming.

    Raises:
        StateRefused: it is unknown, over, answered already, or another browser's or pool's.
    """
    with services.unit_of_work() as work:
        request = work.upstream_requests.take_unanswered(user_pool.id, state, services.clock.now(), browser)
        work.commit()
    if request is None:
        raise StateRefused
    return request


def answer_upstream(
    services: Services, user_pool: UserPool, state: str, read: Callable[[UpstreamRequest], UpstreamIdentity]
) -> None:
    """Verify an answer that came without the browser's cookie, and keep what it says, also a refusal.

    Args:
        read: verifies the answer; raises AuthorizationRefused.

    Raises:
        StateRefused: as `take_upstream`, but of whatever browser.
    """
    with services.reading() as work:
        request = work.upstream_requests.find_unanswered(user_pool.id, state, services.clock.now())
    if request is None:
        raise StateRefused
    answer = _document(read, request)
    with services.unit_of_work() as work:
        is_kept = work.upstream_requests.answer(user_pool.id, state, services.clock.now(), answer)
        work.commit()
    if not is_kept:
        raise StateRefused


def take_answered_upstream(
    services: Services, user_pool: UserPool, state: str, browser: str
) -> tuple[UpstreamRequest, Callable[[], UpstreamIdentity]]:
    """End a browser's round trip whose answer was kept.

    Returns:
        The round trip, and what gives the identity or raises the AuthorizationRefused that was kept.

    Raises:
        StateRefused: as `take_upstream`, or not answered yet.
    """
    with services.unit_of_work() as work:
        taken = work.upstream_requests.take_answered(user_pool.id, state, services.clock.now(), browser)
        work.commit()
    if taken is None:
        raise StateRefused
    request, answer = taken
    return request, lambda: _identity(answer)


def _document(read: Callable[[UpstreamRequest], UpstreamIdentity], request: UpstreamRequest) -> dict[str, Any]:
    try:
        return {"identity": asdict(read(request))}
    except AuthorizationRefused as refusal:
        return {"refused": [refusal.error, refusal.description]}


def _identity(answer: dict[str, Any]) -> UpstreamIdentity:
    if "refused" in answer:
        raise AuthorizationRefused(*answer["refused"])
    return UpstreamIdentity(**answer["identity"])


def new_secret(services: Services) -> str:
    """Return 32 random bytes, base64url without padding: 43 characters."""
    return base64.urlsafe_b64encode(services.random.bytes(_SECRET_BYTES)).rstrip(b"=").decode()
