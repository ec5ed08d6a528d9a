"""AWS requests and answers as plain records, free of any web framework."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

Headers = tuple[tuple[str, str], ...]

CORS_HEADERS: Headers = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"),
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
HEADER_NAMES = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~, -]{1,4096}")


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it came over the wire.

    Attributes:
        raw_path: percent-encoded, before any routing.
        raw_query: without the question mark.
        headers: names in lower case; repeated ones joined by the server with commas.
        body: at most one byte more than the service's limit, so that too much is seen and not held.
    """

    method: str
    raw_path: str
    raw_query: str
    headers: Headers = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    source_ip: str = "127.0.0.1"
    _by_name: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", dict(self.headers))

    def header(self, name: str) -> str | None:
        """Return a header's value; `name` in lower case."""
        return self._by_name.get(name)

    @property
    def media_type(self) -> str:
        """Return the Content-Type without its parameters, in lower case; empty when there is none."""
        return self._by_name.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An answer, complete."""

    status: int
    headers: Headers
    body: bytes = field(repr=False)


def preflight(asked: HttpRequest) -> HttpResponse:
    """Let a browser of any origin send what it asks to send.  Source: Fetch Standard, "CORS-preflight request"."""
    wanted = asked.header("access-control-request-headers") or ""
    allowed = wanted if HEADER_NAMES.fullmatch(wanted) else "*"
    return HttpResponse(
        200,
        (
            ("Access-Control-Allow-Methods", ", ".join(METHODS)),
            ("Access-Control-Allow-Headers", allowed),
            ("Access-Control-Max-Age", "172800"),
            ("Vary", "Access-Control-Request-Headers"),
        ),
        b"",
    )
