"""`/oauth2/idpresponse`: where OpenID Connect and social providers answer, by a GET, or Apple by a POST.

Source: RFC 6749 section 4.1.2; OAuth 2.0 Form Post Response Mode; spec USER_POOLS sections 9.1 and 10.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from idp.domain.upstream import StateRefused, UpstreamIdentity, UpstreamRequest
from idp.federation.round_trip import Endpoint
from idp.flows.upstream_oidc import redeem
from idp.web.error_pages import error_page
from idp.web.page_routes import page_route
from idp.web.site import OIDC_ANSWER, Site

if TYPE_CHECKING:
    from flask import Flask, Response

    from idp.domain.identity_provider import IdentityProvider
    from idp.services import Services
    from idp.web.pages import Pages

INVALID_STATE = "Invalid state"
_ANSWERS = frozenset({"code", "error"})


def mount(app: Flask, services: Services, pages: Pages) -> None:
    """Serve the endpoint."""

    def answer(site: Site) -> Response:
        try:
            return _answer(Endpoint(services, pages, site, OIDC_ANSWER))
        except StateRefused:
            return error_page(pages, "invalid_state", detail=INVALID_STATE)

    page_route(app, services, pages, OIDC_ANSWER, answer, methods=["GET", "POST"])


def _answer(endpoint: Endpoint) -> Response:
    """Take what came: an answer in the address, one in a form, or a browser that comes for the one that was kept."""
    parameters = _parameters()
    state = parameters.get("state", "")

    def read(provider: IdentityProvider, asked: UpstreamRequest) -> UpstreamIdentity:
        return redeem(endpoint.services, endpoint.site.user_pool, provider, asked, parameters=parameters)

    if request.method == "POST":
        return endpoint.keep(state, read)
    if _ANSWERS.isdisjoint(parameters):
        asked, identity = endpoint.take_answered(state)
        return endpoint.sign_in(asked.query, asked.provider_name, lambda *_: identity())
    asked = endpoint.take(state)
    return endpoint.sign_in(asked.query, asked.provider_name, lambda _, provider: read(provider, asked))


def _parameters() -> dict[str, str]:
    """Return the answer's parameters; raises StateRefused when one is repeated (RFC 6749 section 3.1)."""
    given = (request.form if request.method == "POST" else request.args).to_dict(flat=False)
    if any(len(values) > 1 for values in given.values()):
        raise StateRefused
    return {name: values[0] for name, values in given.items()}
