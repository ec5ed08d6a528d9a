"""`GET /oauth2/authorize`: the only dispatcher of the browser flow.

Every page returns here, and what is stored decides what is next: an answer to the client, an upstream provider, the
sign-in page, or the page of a challenge. A past sign-in counts for a request that names its provider, or none.
Source: RFC 6749 sections 4.1 and 4.2; OpenID Connect Core 1.0 section 3.1.2; spec USER_POOLS sections 9.3 and 9.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response

from idp.domain.errors import DomainError
from idp.domain.oauth_error import AuthorizationRefused
from idp.domain.provider_kinds import OWN_USERS
from idp.flows.authorization import issue_authorization_code
from idp.flows.client_metadata import find_client
from idp.flows.provider_choice import choose_provider
from idp.flows.tokens import begin_session
from idp.oauth.errors import refused
from idp.oauth.upstream import send_to_provider
from idp.web.authorization import answer_authorization, answer_location, carried_query
from idp.web.browser_sessions import find_pending, find_signed_in, present_origin
from idp.web.page_routes import page_route, redirect
from idp.web.pages import Pages
from idp.web.site import AUTHORIZE, CHALLENGE, LOGIN, Site

if TYPE_CHECKING:
    from flask import Flask

    from idp.domain.authorization_request import AuthorizationRequest
    from idp.domain.browser_session import SignedIn
    from idp.domain.client import Client
    from idp.services import Services


def mount(app: Flask, services: Services) -> None:
    """Serve the endpoint."""
    pages = Pages("idp.web")

    def authorize(site: Site) -> Response:
        return answer_authorization(
            services,
            pages,
            site,
            lambda client, request: dispatch(services, site, client, request),
            find_client=find_client,
        )

    page_route(app, services, pages, AUTHORIZE, authorize, methods=["GET"])


def dispatch(services: Services, site: Site, client: Client, request: AuthorizationRequest) -> Response:
    """Decide what is next for a request that the client may make."""
    chosen = choose_provider(services, site.user_pool, client, request)
    counting = client.identity_providers if chosen is None else (chosen,)
    signed_in = None if request.wants_fresh_sign_in else find_signed_in(services, site, client, providers=counting)
    if signed_in is not None:
        return redirect(_answer(services, site, client, request, signed_in))
    if request.forbids_pages:
        raise AuthorizationRefused("login_required", "The user must sign in.")
    if chosen is not None and chosen != OWN_USERS:
        return send_to_provider(services, site, client, request, chosen)
    if find_pending(services, site, client.id) is not None and not request.wants_fresh_sign_in:
        return redirect(site.path(CHALLENGE, carried_query()))
    return redirect(site.path(LOGIN, carried_query()))


def _answer(services: Services, site: Site, client: Client, request: AuthorizationRequest, signed_in: SignedIn) -> str:
    """Return where the client gets its code, or its tokens."""
    if request.response_type == "token":
        members = _implicit_members(services, site, client, request, signed_in)
        return answer_location(request.redirect_uri, members, in_fragment=True)
    code = issue_authorization_code(services, request, signed_in)
    return answer_location(request.redirect_uri, {"code": code, "state": request.state}, in_fragment=False)


def _implicit_members(
    services: Services, site: Site, client: Client, request: AuthorizationRequest, signed_in: SignedIn
) -> dict[str, str | None]:
    """Return the members of an implicit answer; its refresh token goes to nobody.  Source: RFC 6749 section 4.2.2."""
    try:
        tokens = begin_session(
            services,
            site.user_pool,
            client,
            signed_in.user,
            scope=request.scope,
            hosted=True,
            nonce=request.nonce,
            authenticated_at=signed_in.authenticated_at,
            origin=present_origin(),
            browser_digest=signed_in.browser_digest,
        )
    except DomainError as error:
        refusal = refused(error)
        raise AuthorizationRefused(refusal.error, refusal.description) from error
    return {
        "id_token": tokens.id_token,
        "access_token": tokens.access_token,
        "expires_in": str(tokens.expires_in),
        "token_type": "bearer",
        "state": request.state,
    }
