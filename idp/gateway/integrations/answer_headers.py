"""Headers of a backend's answer: which reach the client, and under which name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from idp.gateway.messages import Headers

REMAPPED: Final = frozenset({"connection", "content-length", "date", "server", "www-authenticate"})
DROPPED: Final = frozenset({"transfer-encoding", "keep-alive", "te", "trailer", "upgrade", "proxy-authenticate"})
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


def passed_back(headers: Iterable[tuple[str, str]], *, remaps: bool) -> Headers:
    """Return the headers that reach the client.

    Args:
        headers: of the backend.
        remaps: call those that the gateway writes itself `x-amzn-Remapped-…`, as REST APIs do; else leave them out,
            but for `WWW-Authenticate`.

    Source: observed, test_apigateway_header_remapping_http.
    """
    passed: list[tuple[str, str]] = []
    for name, value in headers:
        lowered = name.lower()
        if lowered in DROPPED:
            continue
        if lowered not in REMAPPED:
            passed.append((name, value))
        elif remaps:
            passed.append((f"x-amzn-Remapped-{name}", value))
        elif lowered == "www-authenticate":
            passed.append((name, value))
    return tuple(passed)


def are_sendable(headers: Iterable[tuple[str, str]]) -> bool:
    """Say whether names and values may stand in an answer: no line end hides in them."""
    return all(_NAME.fullmatch(name) and _VALUE.fullmatch(value) for name, value in headers)
