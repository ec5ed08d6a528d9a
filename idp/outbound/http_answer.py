"""What a request to another server ends in: an answer, or none."""

from __future__ import annotations

from dataclasses import dataclass


class HttpFailed(OSError):
    """The server could not be reached, was too slow, or its answer is too large."""


class HttpTimedOut(HttpFailed):
    """The server took the request and was too slow to answer."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Status, headers (names as sent; repeated ones in order) and body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
