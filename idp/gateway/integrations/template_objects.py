"""`$input` and `$util`: what mapping templates may ask.

Source: API Gateway Developer Guide, "Mapping template and access logging variable reference"; spec API_GATEWAY section 7.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_plus, unquote_plus

import orjson

from idp.domain.json_path import MalformedPath, find
from idp.domain.velocity import TemplateFailed
from idp.domain.velocity.values import json_text, printed
from idp.gateway.integrations.events import canonical_name

if TYPE_CHECKING:
    from idp.gateway.visit import Visit

_ESCAPES: Final = str.maketrans(
    {
        "\\": "\\\\",
        '"': '\\"',
        "'": "\\'",
        "/": "\\/",
        "\b": "\\b",
        "\f": "\\f",
        "\n": "\\n",
        "\r": "\\r",
        "\t": "\\t",
    }
)


class Input:
    """`$input`: the body, and the request's parameters."""

    def __init__(self, body: str, visit: Visit) -> None:
        self._body = body
        self._visit = visit

    def member(self, name: str) -> Any:
        """Return `$input.body`."""
        return self._body if name == "body" else None

    def call(self, name: str, arguments: list[Any]) -> Any:
        """Call `json(path)`, `path(path)`, `params()` or `params(name)`."""
        match name, arguments:
            case "json", [path]:
                value = self._found(printed(path))
                # Unknown: how AWS writes what is missing; an empty text keeps the document JSON.
                return '""' if value is None else json_text(value)
            case "path", [path]:
                return self._found(printed(path))
            case "params", []:
                return self._parameters
            case "params", [parameter]:
                return self._parameter(printed(parameter))
        raise TemplateFailed(f"$input has no {name} with {len(arguments)} arguments.")

    def _found(self, path: str) -> Any:
        try:
            return find(self._document, path)
        except MalformedPath as error:
            raise TemplateFailed(f"{path} is no path.") from error

    @cached_property
    def _document(self) -> Any:
        try:
            return orjson.loads(self._body)
        except orjson.JSONDecodeError:
            return self._body

    @cached_property
    def _parameters(self) -> Mapping[str, Mapping[str, str]]:
        visit = self._visit
        return {
            "path": dict(visit.path_parameters),
            "querystring": dict(visit.request.query_by_name),
            "header": {canonical_name(name): value for name, value in visit.request.headers},
        }

    def _parameter(self, name: str) -> str | None:
        """Return a parameter from path, query or headers, in this order."""
        visit = self._visit
        for values, wanted in (
            (visit.path_parameters, name),
            (visit.request.query_by_name, name),
            (visit.request.by_name, name.lower()),
        ):
            if wanted in values:
                return values[wanted]
        return None


class Util:
    """`$util`."""

    def member(self, name: str) -> Any:  # noqa: ARG002
        """Have no properties."""
        return None

    def call(self, name: str, arguments: list[Any]) -> Any:
        """Call a function of one text."""
        function = _FUNCTIONS.get(name)
        if function is None or len(arguments) != 1:
            raise TemplateFailed(f"$util has no {name} with {len(arguments)} arguments.")
        try:
            return function(printed(arguments[0]))
        except (ValueError, binascii.Error) as error:
            raise TemplateFailed(f"$util.{name} cannot read its argument.") from error


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()


def _from_base64(text: str) -> str:
    return base64.b64decode(text, validate=True).decode()


_FUNCTIONS: Final[Mapping[str, Callable[[str], Any]]] = {
    "base64Decode": _from_base64,
    "base64Encode": _base64,
    "escapeJavaScript": _escaped,
    "parseJson": orjson.loads,
    "urlDecode": unquote_plus,
    "urlEncode": quote_plus,
}
