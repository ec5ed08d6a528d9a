"""Keys and configuration of user pools, below the pool's id, and the keys of identity pools.

Anybody may read them from any origin and keep them for a while.
Source: RFC 8414; OpenID Connect Discovery 1.0 section 4; spec USER_POOLS section 9.2; spec IDENTITY_POOLS section 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response

from idp.domain.errors import ResourceNotFound
from idp.flows import discovery
from idp.flows.lookups import get_user_pool
from idp.flows.openid_tokens import identity_jwks
from idp.oauth.endpoint import error_response
from idp.web.headers import SAFE_ANYWHERE
from idp.web.readable import require_readable
from idp.web.site import public_url

if TYPE_CHECKING:
    from flask import Flask

    from idp.services import Services

MAX_AGE_S = 300


def mount(app: Flask, services: Services) -> None:
    """Serve the documents."""

    @app.get("/<pool_id>/.well-known/jwks.json")
    def jwks(pool_id: str) -> Response:
        require_readable()
        try:
            return _document(discovery.jwks(services, pool_id))
        except ResourceNotFound as error:
            return _unknown(error)

    @app.get("/.well-known/jwks_uri")
    @app.get("/identity/.well-known/jwks.json")
    def identity_pool_keys() -> Response:
        return _document(identity_jwks(services))

    @app.get("/<pool_id>/.well-known/openid-configuration")
    def configuration(pool_id: str) -> Response:
        require_readable()
        try:
            user_pool = get_user_pool(services, pool_id)
        except ResourceNotFound as error:
            return _unknown(error)
        return _document(discovery.configuration(services, user_pool, find_domain_url(services, pool_id)))


def find_domain_url(services: Services, pool_id: str) -> str | None:
    """Return the public URL of a pool's domain, the prefix before the custom one; None when it has none."""
    with services.reading() as work:
        domains = sorted(work.domains.of_pool(pool_id), key=lambda domain: domain.is_custom)
    return public_url(services, domains[0].name) if domains else None


def _document(body: bytes) -> Response:
    response = Response(body, content_type="application/json")
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE_S}"
    return _open(response)


def _unknown(error: ResourceNotFound) -> Response:
    response = error_response("invalid_request", error.message, status=404)
    response.headers["Cache-Control"] = "no-store"
    return _open(response)


def _open(response: Response) -> Response:
    response.headers.extend(SAFE_ANYWHERE)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
