"""`/saml2/logout`: where a SAML provider confirms by a POST that it has signed a user out, whereupon /logout goes on.

A provider that asks us to sign a user out is refused: Cognito does not do that.
Source: SAML Profiles 2.0 section 4.4; spec USER_POOLS sections 9.1 and 10.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from idp.domain.oauth_error import AuthorizationRefused
from idp.domain.upstream import StateRefused
from idp.federation.saml import INVALID_ANSWER, MAX_FORM_BYTES, saml_response
from idp.flows.upstream_logout import end_upstream_logout
from idp.web.error_pages import error_page
from idp.web.page_routes import page_route, redirect
from idp.web.site import LOGOUT, SAML_LOGOUT, Site

if TYPE_CHECKING:
    from flask import Flask, Response

    from idp.services import Services
    from idp.web.pages import Pages

NOT_SERVED = "Sign-out begins at the application: an identity provider cannot ask for it."


def mount(app: Flask, services: Services, pages: Pages) -> None:
    """Serve the endpoint."""

    def answer(site: Site) -> Response:
        if "SAMLRequest" in request.form or request.method == "GET":
            return error_page(pages, "invalid_request", detail=NOT_SERVED)
        try:
            response, relay_state = saml_response()
            query = end_upstream_logout(services, site.user_pool, relay_state, response)
        except StateRefused:
            return error_page(pages, "invalid_state", detail=INVALID_ANSWER)
        except AuthorizationRefused:
            return error_page(pages, "logout_incomplete")
        return redirect(site.path(LOGOUT, query), 303)

    page_route(app, services, pages, SAML_LOGOUT, answer, methods=["GET", "POST"], max_form_bytes=MAX_FORM_BYTES)
