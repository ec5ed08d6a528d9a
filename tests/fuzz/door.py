"""The server's door for JSON operations, called as a WSGI server would call it, without an HTTP client in between."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from tests.sdk import call

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

SCOPE = "any/20260302/us-east-1/{}/aws4_request"
AUTHORIZATION = f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host, Signature=00"
ENVIRON = {
    "REQUEST_METHOD": "POST",
    "SCRIPT_NAME": "",
    "PATH_INFO": "/",
    "QUERY_STRING": "",
    "REQUEST_URI": "/",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "9229",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "REMOTE_ADDR": "127.0.0.1",
    "wsgi.url_scheme": "http",
    "HTTP_HOST": "localhost:9229",
    "HTTP_X_AMZ_DATE": "20260302T120000Z",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        content: the JSON, or its like from another protocol.
        code: of an error, without its namespace; empty when there is none.
    """

    status: int
    content: Any
    code: str = ""
    message: str = ""


class Door:
    """Sends operations of one service that speaks JSON."""

    def __init__(self, app: WSGIApplication, *, signing_name: str, target: str) -> None:
        self._app = app
        self._target = target
        self._environ = {
            **ENVIRON,
            "CONTENT_TYPE": "application/x-amz-json-1.1",
            "HTTP_AUTHORIZATION": AUTHORIZATION.format(signing_name),
        }

    def send(self, operation: str, given: Any) -> Answer:
        """Send an input, or whatever JSON it may be."""
        body = orjson.dumps(given)
        environ = {
            **self._environ,
            "HTTP_X_AMZ_TARGET": f"{self._target}.{operation}",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        status, _, answer = call(self._app, environ)
        return _read(status, orjson.loads(answer) if answer else None)

    def ask(self, operation: str, **parameters: Any) -> Any:
        """Send parameters that must be taken; return the answer."""
        answer = self.send(operation, parameters)
        assert answer.status == 200, f"{operation}: {answer}"
        return answer.content


def _read(status: int, content: Any) -> Answer:
    told = content if isinstance(content, dict) else {}
    code = str(told.get("__type", "")).rpartition("#")[2]
    return Answer(status, content, code, str(told.get("message", "")))
