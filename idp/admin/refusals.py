"""Every refusal and every failure leaves this face as a problem; nothing else does."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

import orjson
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from idp.admin import problems
from idp.admin.bodies import MalformedBody
from idp.admin.problems import Kind
from idp.authorizer.sigv4 import SignatureRefused
from idp.domain.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import ValidationError

CHALLENGE = 'AWS4-HMAC-SHA256 realm="idp", service="idp"'
_KEPT_HEADERS = frozenset({"allow"})

_log = logging.getLogger(__name__)


def problem(kind: Kind, detail: str = "", *, faults: Sequence[dict[str, str]] = ()) -> Response:
    """Return a problem.

    Args:
        detail: a sentence on this occurrence.
        faults: what is wrong where; RFC 9457 section 3 shows the form.
    """
    told: dict[str, Any] = {"type": kind.type, "title": kind.title, "status": kind.status}
    told |= {"detail": detail} if detail else {}
    told |= {"instance": f"urn:uuid:{g.request_id}"}
    told |= {"errors": list(faults)} if faults else {}
    response = Response(orjson.dumps(told), kind.status, content_type=problems.MEDIA_TYPE)
    if kind.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = CHALLENGE
    return response


def answer_errors(app: Flask) -> None:
    """Let an application answer every error with a problem."""
    app.register_error_handler(DomainError, lambda error: problem(problems.kind_of(type(error)), error.message))
    app.register_error_handler(SignatureRefused, lambda error: problem(problems.UNAUTHENTICATED, error.message))
    app.register_error_handler(MalformedBody, lambda _: problem(problems.MALFORMED_BODY))
    app.register_error_handler(HTTPException, _http_problem)
    app.register_error_handler(Exception, _bug)


def invalid(error: ValidationError) -> Response:
    """Return the problem for a body or parameters that break their schema, without repeating what was sent."""
    place = "pointer" if request.method == "POST" else "parameter"
    faults = [{place: _place(place, each["loc"]), "detail": each["msg"]} for each in error.errors(include_url=False)]
    return problem(problems.INVALID_MEMBERS, faults=faults)


def _place(place: str, path: Sequence[int | str]) -> str:
    """Return a JSON pointer as a URI fragment, or a parameter's name.  Source: RFC 6901 sections 3 and 6."""
    if place == "parameter":
        return str(path[0])
    named = path[:-1] if path[-1:] == ("[key]",) else path  # what is wrong is a member's name
    return "#" + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in named)


def _http_problem(error: HTTPException) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if error.response is not None or status < HTTPStatus.BAD_REQUEST:
        return cast("Response", error.get_response(request.environ))  # Flask takes any response of Werkzeug's
    response = problem(problems.OF_HTTP.get(status, problems.BAD_REQUEST))
    kept = [(name, value) for name, value in error.get_headers(request.environ) if name.lower() in _KEPT_HEADERS]
    response.headers.extend(kept)
    return response


def _bug(error: Exception) -> Response:
    """Log where it happened, without messages: those may hold what callers sent."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    _log.error("request %s failed: %s\n%s", g.request_id, type(error).__name__, frames)
    return problem(problems.INTERNAL_FAILURE)
