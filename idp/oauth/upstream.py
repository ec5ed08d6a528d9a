"""From the dispatcher to an upstream provider: the browser is tied to a round trip and sent on.

Source: spec USER_POOLS sections 9.3, 10.5 and 10.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.domain.provider_kinds import SAML
from idp.flows.provider_choice import get_chosen_provider
from idp.flows.upstream_requests import begin_upstream
from idp.web.authorization import HAS_BEEN_SHOWN, carried_query
from idp.web.page_routes import redirect
from idp.web.round_trip_cookie import new_or_present_browser, set_browser
from idp.web.site import OIDC_ANSWER, SAML_ANSWER, Site

if TYPE_CHECKING:
    from flask import Response

    from idp.domain.authorization_request import AuthorizationRequest
    from idp.domain.client import Client
    from idp.services import Services


def send_to_provider(
    services: Services, site: Site, client: Client, request: AuthorizationRequest, name: str
) -> Response:
    """Send the browser to one of the client's providers; raises AuthorizationRefused."""
    provider = get_chosen_provider(services, site.user_pool, client, name)
    browser = new_or_present_browser(services)
    location = begin_upstream(
        services,
        site.user_pool,
        client,
        provider,
        query=carried_query(without=HAS_BEEN_SHOWN),
        callback_url=f"{site.url}{SAML_ANSWER if provider.type == SAML else OIDC_ANSWER}",
        browser=browser,
        prompt=request.prompt,
        login_hint=request.login_hint,
    )
    response = redirect(location)
    set_browser(services, site, response, browser)
    return response
