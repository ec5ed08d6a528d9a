"""`/saml2/idpresponse`: the assertion consumer service, where SAML providers answer by a POST through the browser.

A browser that we have sent there brings our state as RelayState. One that the provider sends on its own brings the client's
request there instead, if the provider may do so and the client has no other than SAML providers.
Source: SAML Bindings 2.0 section 3.5; SAML Profiles 2.0 sections 4.1.4.3 and 4.1.5; spec USER_POOLS section 10.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from idp.domain.upstream import StateRefused, UpstreamIdentity, UpstreamRequest
from idp.federation.round_trip import Endpoint
from idp.federation.unsolicited import answer_unsolicited
from idp.flows.upstream_saml import MAX_RESPONSE, read_response
from idp.web.error_pages import error_page
from idp.web.page_routes import page_route
from idp.web.site import SAML_ANSWER, Site

if TYPE_CHECKING:
    from flask import Flask, Response

    from idp.domain.identity_provider import IdentityProvider
    from idp.services import Services
    from idp.web.pages import Pages

MAX_FORM_BYTES = 3 * MAX_RESPONSE + 8192  # Base64's `+` and `/` take three characters each in a form
INVALID_ANSWER = "Invalid samlResponse or relayState from identity provider"


def mount(app: Flask, services: Services, pages: Pages) -> None:
    """Serve the endpoint."""

    def answer(site: Site) -> Response:
        try:
            return _answer(Endpoint(services, pages, site, SAML_ANSWER))
        except StateRefused:
            return error_page(pages, "invalid_state", detail=INVALID_ANSWER)

    page_route(app, services, pages, SAML_ANSWER, answer, methods=["GET", "POST"], max_form_bytes=MAX_FORM_BYTES)


def _answer(endpoint: Endpoint) -> Response:
    """Take a response, or a browser that comes for the one that was kept."""
    if request.method == "GET":
        asked, identity = endpoint.take_answered(request.args.get("state", ""))
        return endpoint.sign_in(asked.query, asked.provider_name, lambda *_: identity())
    response, relay_state = saml_response()
    if "=" in relay_state:  # no state of ours has one
        return answer_unsolicited(endpoint, response, relay_state)

    def read(provider: IdentityProvider, asked: UpstreamRequest) -> UpstreamIdentity:
        return read_response(
            endpoint.services,
            endpoint.site.user_pool,
            provider,
            saml_response=response,
            callback_url=asked.callback_url,
            request_id=asked.request_id,
        )

    return endpoint.keep(relay_state, read)


def saml_response() -> tuple[str, str]:
    """Return SAMLResponse and RelayState of the form; raises StateRefused when one is missing or repeated."""
    responses, relay_states = request.form.getlist("SAMLResponse"), request.form.getlist("RelayState")
    if len(responses) != 1 or len(relay_states) != 1:
        raise StateRefused
    return responses[0], relay_states[0]
