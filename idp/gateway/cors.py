"""Browsers of other origins before an HTTP API: preflights are answered by the gateway.

Source: API Gateway Developer Guide, "Configure CORS for HTTP APIs in API Gateway"; spec API_GATEWAY section 8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.gateway.messages import Answer

if TYPE_CHECKING:
    from idp.domain.rest_api import CorsConfiguration
    from idp.gateway.messages import Headers, Request

PREFLIGHT_STATUS = 204


def is_preflight(request: Request) -> bool:
    """Say whether a browser asks what it may send.  Source: Fetch Standard, "CORS-preflight request"."""
    return (
        request.method == "OPTIONS"
        and request.header("origin") is not None
        and request.header("access-control-request-method") is not None
    )


def preflight(cors: CorsConfiguration, request: Request) -> Answer:
    """Tell a browser what it may send; nothing when its origin is not allowed."""
    headers = _origin_headers(cors, request)
    if headers:
        headers += tuple(
            (name, ",".join(values))
            for name, values in (
                ("Access-Control-Allow-Methods", cors.allow_methods),
                ("Access-Control-Allow-Headers", cors.allow_headers),
            )
            if values
        )
        if cors.max_age_s is not None:
            headers += (("Access-Control-Max-Age", str(cors.max_age_s)),)
    return Answer(PREFLIGHT_STATUS, headers, b"")


def with_cors(answer: Answer, cors: CorsConfiguration, request: Request) -> Answer:
    """Return an answer with the API's CORS headers in place of the backend's."""
    kept = tuple((name, value) for name, value in answer.headers if not name.lower().startswith("access-control-"))
    added = _origin_headers(cors, request)
    if added and cors.expose_headers:
        added += (("Access-Control-Expose-Headers", ",".join(cors.expose_headers)),)
    return Answer(answer.status, kept + added, answer.body)


def _origin_headers(cors: CorsConfiguration, request: Request) -> Headers:
    origin = request.header("origin")
    if origin is None:
        return ()
    if "*" in cors.allow_origins and not cors.allow_credentials:
        return (("Access-Control-Allow-Origin", "*"),)
    if origin not in cors.allow_origins:
        return ()
    headers: Headers = (("Access-Control-Allow-Origin", origin), ("Vary", "Origin"))
    return (*headers, ("Access-Control-Allow-Credentials", "true")) if cors.allow_credentials else headers
