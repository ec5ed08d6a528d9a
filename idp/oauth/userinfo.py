"""`/oauth2/userInfo`: the user's attributes for an access token.

Source: OpenID Connect Core 1.0 section 5.3; RFC 6750; spec USER_POOLS section 9.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from idp.authorizer.jwt import granted_scopes
from idp.domain.attributes import readable_attributes
from idp.domain.errors import NotAuthorized, UserNotFound
from idp.domain.oauth_error import ErrorCode, OAuthRefused
from idp.domain.scope import OPENID, shows_attribute
from idp.flows.access import AccessGrant, authenticate_access_token
from idp.flows.lookups import get_client
from idp.oauth.endpoint import Challenged, json_response, mount_endpoint
from idp.oauth.errors import REFUSED_TOKEN

if TYPE_CHECKING:
    from flask import Flask

    from idp.services import Services
    from idp.web.site import Site

_BEARER = "bearer "


def mount(app: Flask, services: Services) -> None:
    """Serve the endpoint."""
    mount_endpoint(app, services, "/oauth2/userInfo", tell_user_info, methods=["GET", "POST"])


def tell_user_info(services: Services, site: Site) -> Response:
    """Answer with the claims that the token's scopes and the client's permissions show, all of them text."""
    grant = _authenticated(services, site, _bearer_token())
    client = get_client(services, grant.client_id, pool_id=site.user_pool.id)
    scopes = granted_scopes(grant.claims)
    shown = {
        name: value
        for name, value in readable_attributes(client, grant.user).items()
        if name != "sub" and shows_attribute(scopes, name)
    }
    return json_response({"sub": grant.user.sub, **shown, "username": grant.user.username})


def _bearer_token() -> str:
    header = request.headers.get("Authorization", "")
    token = header[len(_BEARER) :].strip()
    if not header.lower().startswith(_BEARER) or not token:
        raise _refusal("invalid_request", "Bad OAuth2 request at UserInfo Endpoint", status=400)
    return token


def _authenticated(services: Services, site: Site, token: str) -> AccessGrant:
    try:
        grant = authenticate_access_token(services, token, scope=None)
    except (NotAuthorized, UserNotFound):
        raise _refusal("invalid_token", REFUSED_TOKEN) from None
    if grant.user_pool.id != site.user_pool.id:
        raise _refusal("invalid_token", REFUSED_TOKEN)
    if OPENID not in granted_scopes(grant.claims):
        raise _refusal("invalid_token", "Access token does not contain openid scope")
    return grant


def _refusal(error: ErrorCode, description: str, *, status: int = 401) -> Challenged:
    """Return a refusal whose header holds the same pair as its body.  Source: RFC 6750 section 3; spec section 9.5."""
    header = f'Bearer error="{error}", error_description="{description}"'
    return Challenged(OAuthRefused(error, description), status, header)
