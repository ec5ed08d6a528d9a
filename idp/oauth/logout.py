"""`GET /logout`: forgets who is signed in, then goes to where the client wants the browser.

Whoever came by a SAML provider with IDPSignout goes there first, and comes back here when it has signed them out, too.
Tokens live on; other providers are told nothing.
Source: OpenID Connect RP-Initiated Logout 1.0 (in spirit); spec USER_POOLS section 9.7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Response

from idp.domain.authorization_request import PARAMETERS, checked_redirect_uri, first_of, requested_client_id
from idp.domain.oauth_error import ClientNotFound, RedirectMismatch
from idp.flows.client_metadata import find_client
from idp.flows.upstream_logout import begin_upstream_logout
from idp.web.authorization import carried_query, get_site_client, redirect_mismatch
from idp.web.browser_sessions import end_browser_session, find_browser_session
from idp.web.error_pages import error_page
from idp.web.page_routes import page_route, parameters, redirect
from idp.web.pages import Pages
from idp.web.site import LOGIN, LOGOUT, SAML_LOGOUT, Site

if TYPE_CHECKING:
    from flask import Flask

    from idp.domain.client import Client
    from idp.services import Services

# Signing in again goes to a page of ours; a provider named here is not asked (spec section 9.7).
_NOT_CARRIED = frozenset({"identity_provider", "idp_identifier"})


def mount(app: Flask, services: Services) -> None:
    """Serve the endpoint."""
    pages = Pages("idp.web")

    def logout(site: Site) -> Response:
        asked = parameters()
        try:
            client = get_site_client(services, site, requested_client_id(asked), find_client=find_client)
            location = _destination(site, client)
        except ClientNotFound as refusal:
            return error_page(pages, "invalid_request", detail=refusal.message)
        except RedirectMismatch:
            return redirect_mismatch(site, client)
        response = redirect(_provider_to_tell(services, site, client) or location)
        end_browser_session(services, site, response)
        return response

    page_route(app, services, pages, LOGOUT, logout, methods=["GET"])


def _provider_to_tell(services: Services, site: Site, client: Client) -> str | None:
    """Return where the browser goes first, to sign the user out of the provider by which they came."""
    session = find_browser_session(services, site)
    if session is None:
        return None
    asked = parameters()
    query = urlencode([(name, asked[name][0]) for name in ("logout_uri", *PARAMETERS) if name in asked])
    callback_url = f"{site.url}{SAML_LOGOUT}"
    return begin_upstream_logout(services, site.user_pool, client, session, query=query, callback_url=callback_url)


def _destination(site: Site, client: Client) -> str:
    """Return where to go; `logout_uri` wins over `redirect_uri`.

    Raises:
        RedirectMismatch: the URI is not exactly one of the client's, or none is given.
    """
    asked = parameters()
    logout_uri = first_of(asked, "logout_uri")
    if logout_uri is not None:
        return _with_state(_checked_logout_uri(client, asked["logout_uri"]), first_of(asked, "state"))
    if first_of(asked, "redirect_uri") is None:
        raise RedirectMismatch
    checked_redirect_uri(asked, client)
    return site.path(LOGIN, carried_query(without=_NOT_CARRIED))


def _checked_logout_uri(client: Client, given: list[str]) -> str:
    if len(given) > 1 or given[0] not in client.logout_urls:
        raise RedirectMismatch
    return given[0]


def _with_state(uri: str, state: str | None) -> str:
    if state is None:
        return uri
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode({'state': state})}"
