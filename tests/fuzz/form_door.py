"""The server's door for operations in forms, answered in XML."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson
from botocore.model import ServiceModel
from botocore.parsers import create_parser

from tests.fuzz.door import AUTHORIZATION, ENVIRON, Answer
from tests.sdk import call

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


class FormDoor:
    """Sends operations of one service that speaks the query protocol."""

    def __init__(self, app: WSGIApplication, model: ServiceModel) -> None:
        self._app = app
        self._model = model
        self._parser = create_parser("query")
        self._environ = {
            **ENVIRON,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "HTTP_AUTHORIZATION": AUTHORIZATION.format(model.signing_name),
        }

    def send(self, operation: str, given: Any) -> Answer:
        """Send an input as a form; what is no structure goes as the body it is."""
        named = [("Action", operation), ("Version", self._model.api_version), *_fields("", given)]
        body = urlencode(named, errors="replace").encode()
        environ = {**self._environ, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
        status, headers, answer = call(self._app, environ)
        shape: Any = self._model.operation_model(operation).output_shape
        read = self._parser.parse({"status_code": status, "headers": headers, "body": answer}, shape)
        read.pop("ResponseMetadata")
        error = read.get("Error", {})
        return Answer(status, read, error.get("Code", ""), error.get("Message", ""))


def _fields(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Give the form's fields of a value: `Tags.member.1.Key`."""
    lead = f"{name}." if name else ""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _fields(lead + key, inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _fields(f"{lead}member.{number}", inner)
    elif value is not None:
        yield name or "unheard_of", value if isinstance(value, str) else orjson.dumps(value).decode(errors="replace")
