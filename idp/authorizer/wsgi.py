"""Put token and signature checks in front of any WSGI application."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

import orjson

from idp.authorizer.bearer import CLAIMS_KEY, BearerRefusal, admitted
from idp.authorizer.sigv4 import (
    SignatureRefused,
    SigningKeyCache,
    WireRequest,
    check_scope,
    check_signature,
    parse_signature,
)

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from idp.authorizer.jwt import TokenVerifier

ACCESS_KEY_ID: Final = "idp.access_key_id"
MAX_BODY_BYTES: Final = 10 * 1024 * 1024
_PHRASES: Final = {401: "401 Unauthorized", 403: "403 Forbidden", 413: "413 Content Too Large"}


class RequireToken:
    """Let only requests with an acceptable bearer token through; the claims are in `environ["idp.claims"]`.

    Args:
        app: the application to protect.
        verifier: what is demanded of a token.
        scopes: of these, a token must carry at least one; overrides the verifier's own.
    """

    def __init__(self, app: "WSGIApplication", verifier: "TokenVerifier", *, scopes: Collection[str] = ()) -> None:
        self._app = app
        self._verifier = replace(verifier, scopes=scopes) if scopes else verifier

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve one request."""
        outcome = admitted(self._verifier, environ.get("HTTP_AUTHORIZATION"))
        if isinstance(outcome, BearerRefusal):
            return _answer(start_response, outcome.status, outcome.body, ("WWW-Authenticate", outcome.challenge))
        environ[CLAIMS_KEY] = outcome
        return self._app(environ, start_response)


class RequireSignature:
    """Let only requests signed with Signature Version 4 through; the key id is in `environ["idp.access_key_id"]`.

    For every path to verify, the server must hand it on as it came, in `RAW_URI` or `REQUEST_URI`, as gunicorn and
    Werkzeug do; without (granian) a path that mixes escaped and bare reserved characters is refused. Session tokens
    are refused, since only their issuer can tell whether they are good. Refusals look like API Gateway's.

    Args:
        app: the application to protect.
        secrets: returns the secret key of an access key id, or None.
        service: the signing name clients use.
        region: the only region accepted; None accepts any.
        max_body_bytes: larger bodies are refused, because a body is read whole before it is let through.
    """

    def __init__(
        self,
        app: "WSGIApplication",
        secrets: Callable[[str], str | None],
        *,
        service: str = "execute-api",
        region: str | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        self._app = app
        self._secrets = secrets
        self._service = service
        self._region = region
        self._clock = clock
        self._max_body_bytes = max_body_bytes
        self._keys = SigningKeyCache()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve one request."""
        body = _body(environ, self._max_body_bytes)
        if body is None:
            return _answer(start_response, 413, orjson.dumps({"message": "Request Too Long"}))
        try:
            environ[ACCESS_KEY_ID] = self._verified_access_key_id(wire_request(environ, body))
        except SignatureRefused as refused:
            message = orjson.dumps({"message": refused.message})
            return _answer(start_response, 403, message, ("x-amzn-ErrorType", refused.code))
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(body), str(len(body))
        return self._app(environ, start_response)

    def _verified_access_key_id(self, request: WireRequest) -> str:
        signature = parse_signature(request)
        check_scope(signature, service=self._service, region=self._region, now=self._clock())
        secret_key = None if signature.session_token else self._secrets(signature.access_key_id)
        if secret_key is None:
            raise SignatureRefused(
                "UnrecognizedClientException", "The security token included in the request is invalid."
            )
        check_signature(request, signature, secret_key, keys=self._keys)
        return signature.access_key_id


def wire_request(environ: "WSGIEnvironment", body: bytes) -> WireRequest:
    """Return a WSGI request as it stood on the wire; `body` has been read from it."""
    uri = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if not uri:
        path = quote((environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1"), safe="/~")
        uri = f"{path}?{environ.get('QUERY_STRING', '')}"
    elif not uri.startswith("/"):
        parts = urlsplit(uri)
        uri = f"{parts.path}?{parts.query}"
    raw_path, _, raw_query = uri.partition("?")
    return WireRequest(environ["REQUEST_METHOD"], raw_path, raw_query, tuple(_headers(environ)), body)


def _body(environ: "WSGIEnvironment", max_bytes: int) -> bytes | None:
    """Return the whole body, or None when it is too large; without a length only a terminated input has one."""
    declared = environ.get("CONTENT_LENGTH") or ""
    if declared.isdecimal():
        return environ["wsgi.input"].read(int(declared)) if int(declared) <= max_bytes else None
    if not environ.get("wsgi.input_terminated"):
        return b""
    body: bytes = environ["wsgi.input"].read(max_bytes + 1)
    return body if len(body) <= max_bytes else None


def _headers(environ: "WSGIEnvironment") -> Iterable[tuple[str, str]]:
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name[5:].replace("_", "-").lower(), value
        elif name in {"CONTENT_TYPE", "CONTENT_LENGTH"} and value:
            yield name.replace("_", "-").lower(), value


def _answer(start_response: "StartResponse", status: int, body: bytes, *headers: tuple[str, str]) -> Iterable[bytes]:
    start_response(
        _PHRASES[status],
        [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers],
    )
    return [body]
