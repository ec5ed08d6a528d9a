"""`POST /oauth2/revoke`: ends a refresh token and all that came of it.  Source: RFC 7009; spec USER_POOLS section 9.6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from idp.domain.oauth_error import OAuthRefused
from idp.flows.sign_out import revoke_token
from idp.oauth.client_authentication import authenticate_client
from idp.oauth.endpoint import Challenged, form, mount_endpoint
from idp.oauth.grants import required

if TYPE_CHECKING:
    from flask import Flask

    from idp.domain.client import Client
    from idp.services import Services
    from idp.web.site import Site


def mount(app: Flask, services: Services) -> None:
    """Serve the endpoint."""
    mount_endpoint(app, services, "/oauth2/revoke", revoke, methods=["POST"])


def revoke(services: Services, site: Site) -> Response:
    """Answer with nothing, also for a token that is unknown or revoked already."""
    parameters = form()
    token = required(parameters, "token")
    revoke_token(services, _client(services, site, parameters), token)
    return Response(status=200)


def _client(services: Services, site: Site, parameters: dict[str, str]) -> Client:
    """Authenticate the client; here invalid_client is 401 in either form (spec section 9.6)."""
    try:
        return authenticate_client(services, site, request.headers.get("Authorization"), parameters)
    except OAuthRefused as refusal:
        if refusal.error != "invalid_client":
            raise
        raise Challenged(refusal, 401, 'Basic realm="oauth2"') from None
