"""moto's DynamoDB in this process, loaded at the first request."""

from __future__ import annotations

import io
import threading
from typing import TYPE_CHECKING, Any

from idp.backends.dynamodb import CONTENT_TYPE, passed_on, target_of, unverified_signature
from idp.services import BackendResponse

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from idp.services import BackendRequest


class InProcessTables:
    """Tables that live as long as the process.

    One request runs at a time: moto checks conditions and writes in separate steps.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._application: WSGIApplication | None = None

    def call(self, request: BackendRequest) -> BackendResponse:
        """Run one request."""
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Any:
            started.append((status, headers))

        with self._lock:
            if self._application is None:
                self._application = _load_moto()
            body = b"".join(self._application(_environ(request), start_response))
        status, headers = started[0]
        return BackendResponse(int(status.partition(" ")[0]), passed_on(headers), body)

    def reset(self) -> None:
        """Delete all tables of all accounts."""
        with self._lock:
            if self._application is not None:
                _empty_moto()

    def close(self) -> None:
        """Delete all tables: moto keeps them in the process, beyond this object's life."""
        self.reset()


def _environ(request: BackendRequest) -> dict[str, Any]:
    """Return the request as moto's WSGI application takes it.

    moto finds the region by host and the account by `x-moto-account-id`; no other header of ours says either.
    """
    subdomain = "streams.dynamodb" if request.service == "dynamodbstreams" else "dynamodb"
    host = f"{subdomain}.{request.region}.amazonaws.com"
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SERVER_NAME": host,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "HTTP_X_AMZ_TARGET": target_of(request),
        "HTTP_X_MOTO_ACCOUNT_ID": request.account,
        "HTTP_AUTHORIZATION": unverified_signature(request),
        "CONTENT_TYPE": CONTENT_TYPE,
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _load_moto() -> WSGIApplication:
    """Import moto, which takes most of a second."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: PLC0415

    application: WSGIApplication = DomainDispatcherApplication(create_backend_app)
    return application


def _empty_moto() -> None:
    from moto.backends import get_backend  # noqa: PLC0415

    for service in ("dynamodb", "dynamodbstreams"):
        get_backend(service).reset()
