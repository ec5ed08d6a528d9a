"""What comes in and goes out is JSON; everything else is refused before any of it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from flask import request
from flask.json.provider import JSONProvider
from werkzeug.exceptions import BadRequest, NotAcceptable, UnsupportedMediaType

from idp.admin.problems import MEDIA_TYPE
from idp.authorizer.strict_json import require_unique_members

if TYPE_CHECKING:
    from flask import Flask

JSON = "application/json"
MAX_BODY_BYTES = 65_536


class MalformedBody(BadRequest):
    """The body is not one JSON object."""


class StrictJson(JSONProvider):
    """Reads JSON that every reader reads alike: UTF-8, no NaN, no deep nests, no member twice."""

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """Return what a JSON text says; raises ValueError."""
        parsed = orjson.loads(s)
        require_unique_members(s.encode() if isinstance(s, str) else s, parsed)
        return parsed

    def dumps(self, obj: Any, **_: Any) -> str:
        """Return a JSON text for people, too."""
        return orjson.dumps(obj, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def read_strictly(app: Flask) -> None:
    """Let an application read no more than it must, and nothing but strict JSON."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json = StrictJson(app)


def require_acceptable() -> None:
    """Refuse a request that does not take the answers there are.  Source: RFC 9110 section 12.5.1."""
    accepted = request.accept_mimetypes
    if accepted.provided and not (accepted[JSON] or accepted[MEDIA_TYPE]):
        raise NotAcceptable


def require_object() -> None:
    """Refuse a body that is no JSON object."""
    if request.mimetype != JSON:
        raise UnsupportedMediaType
    try:
        parsed = request.get_json()
    except BadRequest as error:
        raise MalformedBody from error
    if not isinstance(parsed, dict):
        raise MalformedBody
