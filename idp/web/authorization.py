"""What all pages of the browser flow do with the authorization request in their address.

While client and redirect URI are in doubt the user sees an error page; afterwards refusals go to the client, as its
answers do.  Source: RFC 6749 sections 4.1.2, 4.1.2.1 and 4.2.2; RFC 9700 section 4.11 (no open redirector).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

from flask import Response

from idp.domain.authorization_request import (
    PARAMETERS,
    AuthorizationRequest,
    checked_redirect_uri,
    first_of,
    parse,
    requested_client_id,
)
from idp.domain.client_metadata import ClientMetadataRefused
from idp.domain.oauth_error import AuthorizationRefused, ClientNotFound, RedirectMismatch
from idp.web.error_pages import error_page
from idp.web.page_routes import parameters, redirect
from idp.web.site import ERROR, Site

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.web.pages import Pages


HAS_BEEN_SHOWN = frozenset({"prompt"})
"""What is left out of a request that comes back from a page: the user has been asked."""


class FindClient(Protocol):
    """Finds a pool's client by its id or its metadata document's URL: a flow, which the faces bring."""

    def __call__(self, services: Services, user_pool: UserPool, client_id: str) -> Client | None:
        """Return the client; raises ClientMetadataRefused."""
        ...


def answer_authorization(
    services: Services,
    pages: Pages,
    site: Site,
    answer: Callable[[Client, AuthorizationRequest], Response],
    *,
    find_client: FindClient,
    asked: Mapping[str, Sequence[str]] | None = None,
) -> Response:
    """Check an authorization request and answer it, or refuse it where the refusal belongs.

    Args:
        asked: every value of every parameter; by default those in the address.
    """
    asked = parameters() if asked is None else asked
    try:
        client = get_site_client(services, site, requested_client_id(asked), find_client=find_client)
        redirect_uri = checked_redirect_uri(asked, client)
    except ClientNotFound as refusal:
        return error_page(pages, "invalid_request", detail=refusal.message)
    except RedirectMismatch:
        return redirect_mismatch(site, client)
    try:
        return answer(client, parse(asked, client, redirect_uri))
    except AuthorizationRefused as refusal:
        return redirect(refusal_location(redirect_uri, asked, refusal))


def get_site_client(services: Services, site: Site, client_id: str, *, find_client: FindClient) -> Client:
    """Return a client of the site's pool, by its id or its metadata document's URL; raises ClientNotFound."""
    try:
        client = find_client(services, site.user_pool, client_id)
    except ClientMetadataRefused as refusal:
        raise ClientNotFound(refusal.message) from refusal
    if client is None:
        raise ClientNotFound("Client does not exist.")
    return client


def redirect_mismatch(site: Site, client: Client) -> Response:
    """Send the user to the error page, never to the URI that was given."""
    return redirect(site.path(ERROR, urlencode({"error": "redirect_mismatch", "client_id": client.public_id})))


def refusal_location(redirect_uri: str, asked: Mapping[str, Sequence[str]], refusal: AuthorizationRefused) -> str:
    """Return where a client learns that its request is refused."""
    members = {"error": refusal.error, "error_description": refusal.description, "state": first_of(asked, "state")}
    return answer_location(redirect_uri, members, in_fragment=first_of(asked, "response_type") == "token")


def answer_location(redirect_uri: str, members: Mapping[str, str | None], *, in_fragment: bool) -> str:
    """Return the redirect URI with an answer's members: in the query, or the fragment for the implicit flow."""
    encoded = urlencode({name: value for name, value in members.items() if value is not None})
    if in_fragment:
        return f"{redirect_uri}#{encoded}"
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{encoded}"


def carried_query(*, without: frozenset[str] = frozenset()) -> str:
    """Return the authorization request in the address, for the address of the next page; other parameters stay behind."""
    asked = parameters()
    return urlencode([(name, asked[name][0]) for name in PARAMETERS if name in asked and name not in without])
