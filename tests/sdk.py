"""Real boto3 clients that reach the application without a socket, and what to say of their refusals."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

import boto3
import botocore.auth
import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import Loader

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from flask import Flask

    from idp.services import Clock

ENDPOINT = "http://localhost:9229"

SIGNING_CLOCK: ContextVar[Clock | None] = ContextVar("SIGNING_CLOCK", default=None)
"""Set while a client of ours signs: botocore then takes the time from the server's clock."""


def _signing_time() -> datetime:
    """Return what botocore takes for the present moment, in UTC without saying so."""
    clock = SIGNING_CLOCK.get()
    return (datetime.now(UTC) if clock is None else clock.now()).replace(tzinfo=None)


botocore.auth.get_current_datetime = _signing_time  # type: ignore[attr-defined]  # imported there, not declared


def client_of(
    app: Flask,
    service: str,
    *,
    key: str = "test",
    secret: str = "test",
    token: str | None = None,
    region: str = "us-east-1",
    unsigned: bool = False,
) -> Any:
    """Return a boto3 client of one service whose requests go straight into the application.

    Nothing is checked or retried on the client's side, and requests are signed at the time of the server's clock.

    Args:
        app: what `mount_faces` returns.
        service: boto3's name, such as `cognito-idp`.
        key: access key id; in dev, 12 digits choose the account.
        token: session token, for temporary credentials.
        unsigned: send no signature at all.
    """
    config = Config(
        retries={"total_max_attempts": 1, "mode": "standard"},
        parameter_validation=False,
        signature_version=UNSIGNED if unsigned else None,
    )
    made: Any = _session().client(
        service,  # type: ignore[call-overload]  # the name is not known statically
        region_name=region,
        endpoint_url=ENDPOINT,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=config,
    )
    made.meta.events.register("before-sign", lambda **_: SIGNING_CLOCK.set(app.extensions["idp"].clock))
    made.meta.events.register("before-send", lambda request, **_: _sent(app, request))
    return made


def _sent(app: Flask, request: AWSPreparedRequest) -> AWSResponse:
    SIGNING_CLOCK.set(None)
    return send(app, request)


@cache
def _session() -> boto3.Session:
    """Return the session that makes every client of a test run: it takes far longer to make than they do."""
    session = botocore.session.Session()
    session.register_component("data_loader", Loader(include_default_search_paths=True))
    return boto3.Session(botocore_session=session)


def send(app: WSGIApplication, request: AWSPreparedRequest) -> AWSResponse:
    """Run one prepared request through a WSGI application."""
    status, headers, body = call(app, environ_of(request))
    # botocore copies the headers from any mapping; its stubs ask for one of its own.
    return AWSResponse(request.url, status, cast("Any", headers), _Raw(body))


def call(app: WSGIApplication, environ: Mapping[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """Call a WSGI application and return status, headers and body."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        started.append((status, headers))

    chunks = app(dict(environ), start_response)
    try:
        body = b"".join(chunks)
    finally:
        if close := getattr(chunks, "close", None):
            close()
    status, headers = started[0]
    return int(status.split(" ", 1)[0]), dict(headers), body


def environ_of(request: AWSPreparedRequest) -> dict[str, Any]:
    """Return the WSGI environment that a server would have made of a request."""
    parts = urlsplit(request.url)
    body = _body(request.body)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path or "/", "latin-1"),
        "QUERY_STRING": parts.query,
        "REQUEST_URI": (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        "SERVER_NAME": parts.hostname,
        "SERVER_PORT": str(parts.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    headers: Any = request.headers
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = text
    return environ


def _body(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body) if isinstance(body, bytes | bytearray) else bytes(body.read())


class _Raw(io.BytesIO):
    """What botocore reads an answer's body from."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self.read()

    def release_conn(self) -> None:
        """Have no connection to give back."""


@contextmanager
def refused(code: str, message: str | None = None) -> Iterator[pytest.ExceptionInfo[ClientError]]:
    """Expect a call to be refused with this wire code and exactly this message (None: any)."""
    with pytest.raises(ClientError) as caught:
        yield caught
    error: Any = caught.value.response["Error"]
    assert error["Code"] == code, error
    assert message is None or error["Message"] == message
