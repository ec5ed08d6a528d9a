"""Signing out of a SAML provider, too: it is told, and the browser comes back with its confirmation.

The user is signed out here before the provider is asked, so that nothing that happens there keeps them signed in. Its
answer comes by a POST from its page, without a cookie of ours: the state alone says which sign-out it belongs to, and no
more than that is at stake.  Source: SAML Profiles 2.0 section 4.4; spec USER_POOLS sections 9.7 and 10.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.domain.provider_kinds import SAML
from idp.domain.upstream import ROUND_TRIP, StateRefused, UpstreamRequest
from idp.flows import upstream_saml
from idp.flows.provider_choice import get_provider
from idp.flows.upstream_requests import new_secret

if TYPE_CHECKING:
    from idp.domain.browser_session import BrowserSession
    from idp.domain.client import Client
    from idp.domain.user_pool import UserPool
    from idp.services import Services

_NO_BROWSER = ""


def begin_upstream_logout(
    services: Services, user_pool: UserPool, client: Client, session: BrowserSession, *, query: str, callback_url: str
) -> str | None:
    """Return the location at which the session's provider is told of the sign-out; None when it need not be.

    Args:
        query: the client's request to sign out, urlencoded, to come back with.
        callback_url: where the provider is to send its answer.
    """
    if session.identity_provider is None or session.upstream is None:
        return None
    with services.reading() as work:
        provider = work.identity_providers.find(user_pool.id, session.identity_provider)
    if provider is None or provider.type != SAML:
        return None
    request = UpstreamRequest(
        state=new_secret(services),
        pool_id=user_pool.id,
        client_id=client.id,
        provider_name=provider.name,
        query=query,
        callback_url=callback_url,
        nonce="",
        code_verifier="",
        request_id=f"_{services.random.uuid()}",
        expires_at=services.clock.now() + ROUND_TRIP,
    )
    location = upstream_saml.logout_url(
        services,
        user_pool,
        provider,
        name_id=session.upstream.name_id,
        session_index=session.upstream.session_index,
        relay_state=request.state,
        request_id=request.request_id,
    )
    if location is None:
        return None
    with services.unit_of_work() as work:
        work.upstream_requests.add(request, _NO_BROWSER)
        work.commit()
    return location


def end_upstream_logout(services: Services, user_pool: UserPool, state: str, saml_response: str) -> str:
    """Check a provider's confirmation and return the client's request to sign out.

    Raises:
        StateRefused: no such sign-out is under way; AuthorizationRefused: the provider did not do it.
    """
    with services.unit_of_work() as work:
        request = work.upstream_requests.take_unanswered(user_pool.id, state, services.clock.now(), _NO_BROWSER)
        work.commit()
    if request is None:
        raise StateRefused
    provider = get_provider(services, user_pool, request.provider_name)
    upstream_saml.read_logout_response(
        services,
        user_pool,
        provider,
        saml_response=saml_response,
        callback_url=request.callback_url,
        request_id=request.request_id,
    )
    return request.query
