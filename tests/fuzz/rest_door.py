"""The server's door for REST operations: an input's members in path, query string, headers and body."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import orjson
from botocore.model import OperationModel, ServiceModel
from botocore.parsers import create_parser

from tests.fuzz.door import AUTHORIZATION, ENVIRON, Answer
from tests.sdk import call

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication
SUCCESSES = frozenset({200, 201, 202, 204})


class RestDoor:
    """Sends operations of one service that speaks REST and JSON."""

    def __init__(self, app: WSGIApplication, model: ServiceModel) -> None:
        self._app = app
        self._model = model
        self._parser = create_parser("rest-json")
        self._environ = {
            **ENVIRON,
            "CONTENT_TYPE": "application/json",
            "HTTP_AUTHORIZATION": AUTHORIZATION.format(model.signing_name),
        }

    def send(self, operation: str, given: Any) -> Answer:
        """Send an input."""
        model = self._model.operation_model(operation)
        asked, body = _request(model, given if isinstance(given, dict) else {"FunctionName": given})
        environ = {**self._environ, **asked, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
        status, headers, answer = call(self._app, environ)
        shape: Any = model.output_shape if status < 300 else None
        lowered = {name.lower(): value for name, value in headers.items()}
        read = self._parser.parse({"status_code": status, "headers": lowered, "body": answer}, shape)
        error = read.get("Error", {})
        told = {name: value for name, value in read.items() if name != "ResponseMetadata"}
        return Answer(
            min(status, 200) if status < 300 else status, told, error.get("Code", ""), error.get("Message", "")
        )


def _request(model: OperationModel, given: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return what of the WSGI environment an input decides, and the body."""
    path, query, headers, rest = model.http["requestUri"], [], {}, {}
    members = {} if model.input_shape is None else model.input_shape.members
    for name, value in given.items():
        serialization = members[name].serialization if name in members else {}
        wire_name, location = serialization.get("name", name), serialization.get("location")
        if location == "uri":
            path = path.replace(f"{{{wire_name}}}", quote(_text(value), safe=""))
        elif location == "querystring":
            query.append((wire_name, _text(value)))
        elif location == "header":
            headers["HTTP_" + wire_name.upper().replace("-", "_")] = _text(value).encode().decode("latin-1")
        else:
            rest[name] = value
    raw = path + (f"?{urlencode(query)}" if query else "")
    environ = {"REQUEST_METHOD": model.http["method"], "PATH_INFO": path, "REQUEST_URI": raw, **headers}
    payload = rest.get("Payload")
    return environ, _text(payload).encode() if payload is not None else orjson.dumps(rest)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode(errors="replace")
