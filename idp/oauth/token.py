"""`POST /oauth2/token`: one pipeline over the grants.  Source: RFC 6749 section 3.2; spec USER_POOLS section 9.4."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from idp.domain.oauth_error import OAuthRefused
from idp.domain.origin import Origin
from idp.oauth.client_authentication import authenticate_client
from idp.oauth.endpoint import form, json_response, mount_endpoint
from idp.oauth.grants import GRANTS, TokenRequest, required

if TYPE_CHECKING:
    from flask import Flask

    from idp.flows.tokens import TokenSet
    from idp.services import Services
    from idp.web.site import Site


def mount(app: Flask, services: Services) -> None:
    """Serve the endpoint."""
    mount_endpoint(app, services, "/oauth2/token", exchange, methods=["POST"])


def exchange(services: Services, site: Site) -> Response:
    """Answer the token endpoint.  Source: RFC 6749 section 3.2, in its order."""
    parameters = form()
    grant = GRANTS.get(required(parameters, "grant_type"))
    if grant is None:
        raise OAuthRefused("unsupported_grant_type")
    client = authenticate_client(services, site, request.headers.get("Authorization"), parameters)
    if not grant.is_allowed_to(client):
        raise OAuthRefused("unauthorized_client")
    asked = TokenRequest(parameters, Origin.of(request.remote_addr or "", request.user_agent.string))
    return json_response(_document(grant.issue(services, site.user_pool, client, asked)))


def _document(tokens: TokenSet) -> dict[str, object]:
    members = {
        "id_token": tokens.id_token,
        "access_token": tokens.access_token,
        "refresh_token": tokens.refresh_token,
        "expires_in": tokens.expires_in,
        "token_type": "Bearer",
    }
    return {name: value for name, value in members.items() if value is not None}
