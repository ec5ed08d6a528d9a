"""The Flask view of the AWS face: WSGI to `HttpRequest`, `HttpResponse` to Flask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Response, request

from idp.aws.directory import REST_SERVICES
from idp.aws.dispatch import body_limit, handle
from idp.aws.http import CORS_HEADERS, METHODS, HttpRequest, HttpResponse, preflight
from idp.aws.models import first_path_segments

if TYPE_CHECKING:
    from flask import Flask

    from idp.aws.registry import Registry
    from idp.services import Services


def mount(app: Flask, services: Services, registry: Registry) -> None:
    """Serve AWS requests on `/` and below the first path segments of the REST services, such as `/2015-03-31/`."""
    serve = view(services, registry)
    segments = sorted({segment for service in REST_SERVICES for segment in first_path_segments(service.id)})
    for rule in ("/", *(f"/{segment}/<path:rest>" for segment in segments)):
        app.add_url_rule(
            rule, f"aws {rule}", serve, methods=METHODS, provide_automatic_options=False, merge_slashes=False
        )


def view(services: Services, registry: Registry) -> Callable[..., Response]:
    """Return the Flask view that answers AWS requests, to browsers of every origin too."""

    def serve(**_: Any) -> Response:
        head = _head(request.environ)
        if head.method == "OPTIONS":
            return _flask_response(preflight(head))
        body = _read_body(request.environ, body_limit(head) + 1)
        return _flask_response(handle(services, registry, _with_body(head, body)))

    return serve


def _head(environ: Mapping[str, Any]) -> HttpRequest:
    """Return the request without its body."""
    raw_path, _, raw_query = _raw_target(environ).partition("?")
    headers = [(key[5:].replace("_", "-").lower(), value) for key, value in environ.items() if key.startswith("HTTP_")]
    if content_type := environ.get("CONTENT_TYPE"):
        headers.append(("content-type", content_type))
    if content_length := environ.get("CONTENT_LENGTH"):
        headers.append(("content-length", content_length))
    source_ip = environ.get("REMOTE_ADDR") or "127.0.0.1"
    return HttpRequest(environ["REQUEST_METHOD"], raw_path, raw_query, tuple(headers), b"", source_ip)


def _with_body(head: HttpRequest, body: bytes) -> HttpRequest:
    return HttpRequest(head.method, head.raw_path, head.raw_query, head.headers, body, head.source_ip)


def _raw_target(environ: Mapping[str, Any]) -> str:
    """Return path and query as they stood on the request line: signatures cover the encoded form."""
    target: str | None = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if target is None:
        target = quote(environ.get("PATH_INFO", "/").encode("latin-1")) + "?" + environ.get("QUERY_STRING", "")
    if not target.startswith("/"):
        target = "/" + target.partition("://")[2].partition("/")[2]
    return target


def _read_body(environ: Mapping[str, Any], at_most: int) -> bytes:
    """Read no more than `at_most` bytes, whatever Content-Length says."""
    declared = environ.get("CONTENT_LENGTH") or ""
    if declared.isdigit():
        at_most = min(at_most, int(declared))
    elif not environ.get("wsgi.input_terminated"):
        return b""
    body: bytes = environ["wsgi.input"].read(at_most)
    return body


def _flask_response(answer: HttpResponse) -> Response:
    response = Response(answer.body, answer.status)
    response.headers.clear()
    response.headers.extend([*answer.headers, *CORS_HEADERS, ("Content-Length", str(len(answer.body)))])
    return response
