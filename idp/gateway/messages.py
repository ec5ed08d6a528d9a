"""Requests and answers of the gateway as plain records, free of any web framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from urllib.parse import parse_qsl

from idp.authorizer.sigv4 import WireRequest

Headers = tuple[tuple[str, str], ...]

MAX_BODY_BYTES: Final = 10 * 1024 * 1024
MAX_QUERY_FIELDS: Final = 1000


class TooManyFields(ValueError):
    """The query has more fields than anybody needs."""


@dataclass(frozen=True)
class Request:
    """A request as it came over the wire.

    Attributes:
        raw_path: percent-encoded, before any routing.
        raw_query: without the question mark.
        headers: names in lower case, as WSGI leaves nothing of their case; repeated ones joined by the server.
        body: at most one byte more than the limit, so that too much is seen and not held.
    """

    method: str
    raw_path: str
    raw_query: str
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    source_ip: str
    scheme: str = "http"
    protocol: str = "HTTP/1.1"

    @cached_property
    def by_name(self) -> Mapping[str, str]:
        """Return the headers by name in lower case."""
        return dict(self.headers)

    def header(self, name: str) -> str | None:
        """Return a header's value; `name` in lower case."""
        return self.by_name.get(name)

    @cached_property
    def query(self) -> tuple[tuple[str, str], ...]:
        """Return the query's names and values, decoded.

        Raises:
            TooManyFields: there are more than a thousand.
        """
        if not self.raw_query:
            return ()
        try:
            return tuple(parse_qsl(self.raw_query, keep_blank_values=True, max_num_fields=MAX_QUERY_FIELDS))
        except ValueError as error:
            raise TooManyFields from error

    @cached_property
    def query_by_name(self) -> Mapping[str, str]:
        """Return the query's last value of each name."""
        return dict(self.query)

    @property
    def media_type(self) -> str:
        """Return the Content-Type without its parameters, in lower case; empty when there is none."""
        return self.by_name.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def user_agent(self) -> str | None:
        """Return who the client says it is."""
        return self.by_name.get("user-agent")

    @property
    def wire(self) -> WireRequest:
        """Return the request as its signature covers it."""
        return WireRequest(self.method, self.raw_path, self.raw_query, self.headers, self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, but for the headers that the gateway adds."""

    status: int
    headers: Headers
    body: bytes = field(repr=False)


def multi_valued(pairs: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    """Return all values of each name."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values
