"""Requests to pages and endpoints: a place, and parameters that make sense, with hostile ones among them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlencode

import orjson
from werkzeug.routing import Rule

from tests.fuzz.choices import Choices
from tests.fuzz.door import ENVIRON
from tests.fuzz.samples import TEXTS, WRONG
from tests.sdk import call

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

Known = Mapping[str, Sequence[str]]
"""Values by the name of a parameter or a placeholder, or of a header in capitals; each name's first makes sense."""

PLACEHOLDER = re.compile(r"<(?:[^:<>]*:)?([^<>]+)>")
METHODS = {"GET", "POST", "PUT", "DELETE", "PATCH"}
HEADERS = (
    "AUTHORIZATION",
    "COOKIE",
    "ORIGIN",
    "REFERER",
    "ACCEPT_LANGUAGE",
    "SEC_FETCH_SITE",
    "X_FORWARDED_FOR",
    "HOST",
)
SCRIPT = "<script>alert(1)</script>"
HOSTILE = (*TEXTS, "a" * 5_000, "\r\nSet-Cookie: a=b", "\x00", SCRIPT, "{{ 7 * 7 }}")
ENCODINGS = (
    "application/x-www-form-urlencoded",
    "application/json",
    "multipart/form-data",
    "",
    "text/xml; charset=none",
)
MISENCODED = ("%", "%zz", "%ff", "%00", "a=b&a=c", "&&&=", "a[]=b", "=" * 200)


@dataclass(frozen=True)
class Place:
    """One method of one rule, such as `POST /_domain/<domain>/login`."""

    method: str
    rule: str


@dataclass(frozen=True)
class Asked:
    """A request, as the WSGI environment has it."""

    environ: Mapping[str, Any]
    body: bytes

    def __str__(self) -> str:
        told = {name: value for name, value in self.environ.items() if ENVIRON.get(name) != value}
        return f"{self.environ['REQUEST_METHOD']} {told} with {self.body!r}"

    def send(self, app: WSGIApplication) -> tuple[int, Mapping[str, str], bytes]:
        """Send it; return status, headers and body."""
        return call(app, {**self.environ, "wsgi.input": io.BytesIO(self.body), "wsgi.errors": io.StringIO()})


def places(rules: Iterable[Rule]) -> list[Place]:
    """Return every place of an application's rules that has an answer of its own."""
    return sorted(
        (Place(method, rule.rule) for rule in rules for method in (rule.methods or set()) & METHODS),
        key=lambda place: (place.rule, place.method),
    )


def a_request(place: Place, known: Known, choices: Choices, *, under: str = "") -> Asked:
    """Put a request together.

    Args:
        under: what stands before the rule's path.
    """
    path = under + PLACEHOLDER.sub(lambda name: quote(_value(known, name[1], choices), safe=""), place.rule)
    query, form = _parameters(known, choices), _parameters(known, choices)
    raw_query = choices.of(MISENCODED) if choices.below(12) == 11 else urlencode(query)
    body, encoding = _body(form, choices)
    environ = {
        **ENVIRON,
        "REQUEST_METHOD": place.method,
        "PATH_INFO": unquote(path, "latin-1"),
        "QUERY_STRING": raw_query,
        "REQUEST_URI": f"{path}?{raw_query}",
        "CONTENT_TYPE": encoding,
        "CONTENT_LENGTH": str(len(body)),
        **_headers(known, choices),
    }
    return Asked(environ, body)


def _parameters(known: Known, choices: Choices) -> dict[str, str]:
    """Return all known parameters as they make sense, or one; some are hostile instead, others left out."""
    names = [name for name in known if not name.isupper()]
    chosen = {name: known[name][0] for name in names} if choices.below(3) == 0 else {}
    for _ in range(choices.below(4)):
        chosen[choices.of(names)] = choices.of(HOSTILE)
    for _ in range(choices.below(4)):
        chosen.pop(choices.of(names), None)
    name = choices.of(names)
    return chosen | {name: choices.of(known[name])}


def _value(known: Known, name: str, choices: Choices) -> str:
    values = known.get(name, ())
    return choices.of(values) if values and choices.below(6) < 5 else choices.of(HOSTILE)


def _body(form: Mapping[str, str], choices: Choices) -> tuple[bytes, str]:
    kind = choices.below(8)
    if kind < 4:
        return urlencode(form).encode(), ENCODINGS[0]
    if kind == 4:
        return orjson.dumps(form), ENCODINGS[1]
    if kind == 5:
        return orjson.dumps({**form, choices.of(list(form)): choices.of(WRONG)}), ENCODINGS[1]
    return choices.of((b"", b"{", b"\xff\xfe", b"null", b"[]", b"a" * 40_000)), choices.of(ENCODINGS)


def _headers(known: Known, choices: Choices) -> dict[str, str]:
    sent = {f"HTTP_{name}": _as_wsgi(values[0]) for name, values in known.items() if name.isupper()}
    for _ in range(choices.below(3)):
        name = choices.of(HEADERS)
        text = choices.of((*known.get(name, ()), *HOSTILE)).replace("\r", "").replace("\n", "").replace("\x00", "")
        sent[f"HTTP_{name}"] = _as_wsgi(text)
    return sent


def _as_wsgi(text: str) -> str:
    return text.encode().decode("latin-1")
