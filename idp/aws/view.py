"""WSGI to the AWS face: `HttpRequest` from the environment, `HttpResponse` back.

AWS requests leave the application before Flask looks at them, as the gateway's do: routing by rule, contexts and response
objects would cost a tenth of a millisecond each, and signatures cover the request line as it came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from idp.aws.directory import REST_SERVICES
from idp.aws.dispatch import body_limit, handle
from idp.aws.http import CORS_HEADERS, METHODS, HttpRequest, HttpResponse, preflight
from idp.aws.models import first_path_segments

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask

    from idp.aws.registry import Registry
    from idp.services import Services

_REASONS: Final[Mapping[int, str]] = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
_BODILESS: Final = frozenset({204, 304})


def mount(app: Flask, services: Services, registry: Registry) -> None:
    """Serve AWS requests on `/` and below the first path segments of the REST services, such as `/2015-03-31/`."""
    answer = answerer(services, registry)
    segments = frozenset(segment for service in REST_SERVICES for segment in first_path_segments(service.id))
    inner: WSGIApplication = app.wsgi_app

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not _is_ours(environ.get("PATH_INFO", ""), segments) or environ["REQUEST_METHOD"] not in METHODS:
            return inner(environ, start_response)
        return _sent(answer(environ), environ["REQUEST_METHOD"], start_response)

    app.wsgi_app = serve  # type: ignore[method-assign]  # Flask's own way to put middleware in front


def answerer(services: Services, registry: Registry) -> Callable[[Mapping[str, Any]], HttpResponse]:
    """Return what answers AWS requests, those of browsers of every origin too."""

    def answer(environ: Mapping[str, Any]) -> HttpResponse:
        head = _head(environ)
        if head.method == "OPTIONS":
            return preflight(head)
        return handle(services, registry, _with_body(head, _read_body(environ, body_limit(head) + 1)))

    return answer


def _is_ours(path: str, segments: frozenset[str]) -> bool:
    if path in {"", "/"}:
        return True
    first, _, rest = path[1:].partition("/")
    return first in segments and rest != ""


def _head(environ: Mapping[str, Any]) -> HttpRequest:
    """Return the request without its body."""
    raw_path, _, raw_query = _raw_target(environ).partition("?")
    headers = [(key[5:].replace("_", "-").lower(), value) for key, value in environ.items() if key[:5] == "HTTP_"]
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


def _sent(answer: HttpResponse, method: str, start_response: StartResponse) -> Iterable[bytes]:
    headers = [*answer.headers, *CORS_HEADERS]
    if answer.status not in _BODILESS:
        headers.append(("Content-Length", str(len(answer.body))))
    start_response(_REASONS.get(answer.status, f"{answer.status} Unknown"), headers)
    return [] if method == "HEAD" or answer.status in _BODILESS else [answer.body]
