"""What the JSON endpoints share: one form of parameters, one form of answers, refusals and headers.

Source: RFC 6749 sections 3.1, 3.2, 5.1 and 5.2; spec USER_POOLS section 9.1 (headers, CORS).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import orjson
from flask import Response, request
from werkzeug.exceptions import HTTPException

from idp.domain.errors import DomainError
from idp.domain.oauth_error import OAuthRefused
from idp.oauth.errors import refused
from idp.web.headers import NEVER_STORED, SAFE_ANYWHERE
from idp.web.readable import require_readable
from idp.web.site import Site, find_site, route

if TYPE_CHECKING:
    from flask import Flask

    from idp.services import Services

ALL_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
MAX_FORM_BYTES = 65_536
FORM = "application/x-www-form-urlencoded"
JSON = "application/json;charset=UTF-8"
_STATUS_OF_ERROR = {"server_error": 500, "temporarily_unavailable": 503}
_PREFLIGHT_S = 600

log = logging.getLogger(__name__)


class Challenged(Exception):
    """A refusal that says in WWW-Authenticate how to do better."""

    def __init__(self, refusal: OAuthRefused, status: int, authenticate: str) -> None:
        self.refusal = refusal
        self.status = status
        self.authenticate = authenticate
        super().__init__(refusal.error, status)


def mount_endpoint(
    app: Flask, services: Services, rule: str, answer: Callable[[Services, Site], Response], *, methods: Sequence[str]
) -> None:
    """Serve a JSON endpoint, to browsers of every origin too."""

    def serve(domain: str | None) -> Response:
        request.max_content_length = MAX_FORM_BYTES
        if request.method == "OPTIONS":
            response = Response(status=204)
        elif request.method not in methods:
            response = error_response("invalid_request", "The method is not allowed.", status=405)
            response.headers["Allow"] = ", ".join(methods)
        else:
            response = _answered(services, rule, domain, answer)
        return _with_headers(services, response, methods)

    route(app, rule, serve, methods=ALL_METHODS, endpoint=f"endpoint {rule}")


def form() -> dict[str, str]:
    """Return the form's parameters; an empty one counts as absent.

    Raises:
        OAuthRefused: invalid_request when the body is no form, or a parameter is repeated.
    """
    if request.mimetype != FORM:
        raise OAuthRefused("invalid_request", f"The body must be {FORM}.")
    values = request.form.to_dict(flat=False)
    if any(len(each) > 1 for each in values.values()):
        raise OAuthRefused("invalid_request", "A parameter is repeated.")
    return {name: each[0] for name, each in values.items() if each[0]}


def json_response(document: Mapping[str, object], status: int = 200) -> Response:
    """Return a JSON answer, members in the order given."""
    return Response(orjson.dumps(document), status, content_type=JSON)


def error_response(error: str, description: str | None, *, status: int = 400) -> Response:
    """Return a refusal as JSON."""
    document = {"error": error} if description is None else {"error": error, "error_description": description}
    return json_response(document, status)


def _answered(
    services: Services, rule: str, domain: str | None, answer: Callable[[Services, Site], Response]
) -> Response:
    try:
        require_readable()
        site = find_site(services, domain)
        if site is None:
            return error_response("invalid_request", "There is no such domain.", status=404)
        return answer(services, site)
    except Challenged as challenged:
        refusal = challenged.refusal
        response = error_response(refusal.error, refusal.description, status=challenged.status)
        response.headers["WWW-Authenticate"] = challenged.authenticate
        return response
    except (OAuthRefused, DomainError) as raised:
        refusal = raised if isinstance(raised, OAuthRefused) else refused(raised)
        return error_response(refusal.error, refusal.description, status=_STATUS_OF_ERROR.get(refusal.error, 400))
    except HTTPException as refusal:
        return error_response("invalid_request", refusal.name, status=refusal.code or 400)
    except Exception:
        log.exception("endpoint %s failed", rule)
        return error_response("server_error", None, status=500)


def _with_headers(services: Services, response: Response, methods: Sequence[str]) -> Response:
    response.headers.extend([*NEVER_STORED, *SAFE_ANYWHERE])
    response.headers["x-amz-cognito-request-id"] = services.random.uuid()
    response.headers["Access-Control-Allow-Origin"] = "*"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, X-Amz-User-Agent"
        response.headers["Access-Control-Max-Age"] = str(_PREFLIGHT_S)
    return response
