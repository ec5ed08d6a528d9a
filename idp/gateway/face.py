"""WSGI to the gateway: requests to deployed APIs leave the application before Flask looks at them.

An API answers to paths below `/_api/{id}/`, and to every path of the host `{id}.execute-api.…`; no rule of any other face
may come in between, and a signature covers the request line as it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from idp.gateway.address import find_address
from idp.gateway.messages import MAX_BODY_BYTES, Answer, Request
from idp.gateway.pipeline import Gateway

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask

    from idp.services import Services

_REASONS: Final[Mapping[int, str]] = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
_BODILESS: Final = frozenset({204, 304})


def mount(app: Flask, services: Services) -> None:
    """Put the gateway in front of an application."""
    gateway = Gateway(services)
    inner: WSGIApplication = app.wsgi_app

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raw_path, _, raw_query = _raw_target(environ).partition("?")
        address = find_address(environ.get("HTTP_HOST", ""), raw_path)
        if address is None:
            return inner(environ, start_response)
        answer = gateway.answer(_request(environ, raw_path, raw_query), address)
        return _sent(answer, environ["REQUEST_METHOD"], start_response)

    app.wsgi_app = serve  # type: ignore[method-assign]  # Flask's own way to put middleware in front


def _request(environ: Mapping[str, Any], raw_path: str, raw_query: str) -> Request:
    headers = [(key[5:].replace("_", "-").lower(), value) for key, value in environ.items() if key[:5] == "HTTP_"]
    headers += [
        (name, environ[key])
        for key, name in (("CONTENT_TYPE", "content-type"), ("CONTENT_LENGTH", "content-length"))
        if environ.get(key)
    ]
    return Request(
        method=environ["REQUEST_METHOD"],
        raw_path=raw_path,
        raw_query=raw_query,
        headers=tuple(headers),
        body=_body(environ),
        source_ip=environ.get("REMOTE_ADDR") or "127.0.0.1",
        scheme=environ.get("wsgi.url_scheme", "http"),
        protocol=environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
    )


def _raw_target(environ: Mapping[str, Any]) -> str:
    """Return path and query as they stood on the request line."""
    target: str | None = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if target is None:
        query = environ.get("QUERY_STRING", "")
        path = quote(environ.get("PATH_INFO", "/").encode("latin-1"), safe="/~!$&'()*+,;=:@")
        return f"{path}?{query}" if query else path
    if not target.startswith("/"):
        target = "/" + target.partition("://")[2].partition("/")[2]
    return target


def _body(environ: Mapping[str, Any]) -> bytes:
    """Read no more than one byte over the limit, whatever Content-Length says."""
    declared = environ.get("CONTENT_LENGTH") or ""
    at_most = MAX_BODY_BYTES + 1
    if declared.isdigit():
        at_most = min(at_most, int(declared))
    elif not environ.get("wsgi.input_terminated"):
        return b""
    body: bytes = environ["wsgi.input"].read(at_most) if at_most else b""
    return body


def _sent(answer: Answer, method: str, start_response: StartResponse) -> Iterable[bytes]:
    headers = list(answer.headers)
    if answer.status not in _BODILESS:
        headers.append(("Content-Length", str(len(answer.body))))
    start_response(_REASONS.get(answer.status, f"{answer.status} Unknown"), headers)
    return [] if method == "HEAD" or answer.status in _BODILESS else [answer.body]
