"""Policies that say which clients may name themselves by the URL of their metadata document, and as which app client.

Source: AWS API_CIMDPolicyType, API_ClientMetadataURLType; Amazon Cognito Developer Guide, "Client ID metadata documents".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from idp.domain.errors import InvalidParameter

SHORTEST_CACHE_S = 86_400
LONGEST_CACHE_S = 31_556_952
_SCHEME = "https://"
_HOST_END = re.compile("[/?#]")


@dataclass(frozen=True, slots=True)
class CimdPolicy:
    """A stored policy.

    Attributes:
        client_id: of the app client that the clients act as; None when it was deleted.
        cache_s: how long documents are kept that do not say so themselves.
        url_patterns: https URLs, in which `*` stands for any run of characters.
    """

    id: str
    pool_id: str
    client_id: str | None
    name: str
    cache_s: int
    url_patterns: Sequence[str]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ClientMetadataUrl:
    """A URL that a client has named itself by.

    Attributes:
        url: with https, as the API lists it.
        client_id: as the client spells it: the URL, but for http to this machine.
        document: the document's text; None when it was invalidated.
    """

    policy_id: str
    url: str
    client_id: str
    document: str | None
    cached_at: datetime | None
    expires_at: datetime | None

    def is_fresh(self, client_id: str, now: datetime) -> bool:
        """Say whether the document that is kept still stands for the client."""
        is_kept = self.document is not None and self.expires_at is not None and now < self.expires_at
        return is_kept and self.client_id == client_id


def check_patterns(patterns: Iterable[str]) -> None:
    """Check that no pattern lets in hosts that it does not show.

    A `*` in the host stands for its first labels only, as in `https://*.example.com/*`, and something with a dot follows.

    Raises:
        InvalidParameter.

    Unknown: Cognito's rule and sentence; `https://example.com*` would let in example.com.evil.example.
    """
    for pattern in patterns:
        host, path = _parts(pattern)
        name = host.removeprefix("*.")
        is_wide = "*" in host and ("*" in name or "." not in name.strip("."))
        if is_wide or not name or not path.startswith("/") or not set("@[]").isdisjoint(host):
            raise InvalidParameter(f"The URL pattern {pattern} must have a host, with a wildcard at most at its start.")


def find_policy(policies: Iterable[CimdPolicy], url: str) -> CimdPolicy | None:
    """Return the policy that a URL falls under: of several the one whose pattern says most; None without any.

    Unknown: which one Cognito takes of several.
    """
    matching = [
        (len(pattern.replace("*", "")), policy.id, policy)
        for policy in policies
        for pattern in policy.url_patterns
        if matches(pattern, url)
    ]
    return max(matching, key=lambda match: match[:2])[2] if matching else None


def matches(pattern: str, url: str) -> bool:
    """Say whether a URL fits a pattern, in linear time; a `*` in the host never reaches beyond the host.

    Args:
        url: with https, and a host in lower case.
    """
    (host_pattern, path_pattern), (host, path) = _parts(pattern), _parts(url)
    return _fits(host_pattern.lower(), host) and _fits(path_pattern, path)


def kept_for(policy: CimdPolicy, cache_control: str) -> timedelta:
    """Return how long a document is kept: as its Cache-Control says, if that is a day at least and a year at most."""
    for directive in cache_control.lower().split(","):
        name, _, value = directive.strip().partition("=")
        is_number = name == "max-age" and value.isascii() and value.isdecimal() and len(value) < len("100000000")
        if is_number and SHORTEST_CACHE_S <= int(value) <= LONGEST_CACHE_S:
            return timedelta(seconds=int(value))
    return timedelta(seconds=policy.cache_s)


def _parts(url: str) -> tuple[str, str]:
    """Return the host, with its port, and all that follows it."""
    rest = url.removeprefix(_SCHEME)
    host = _HOST_END.split(rest, maxsplit=1)[0]
    return host, rest[len(host) :]


def _fits(pattern: str, text: str) -> bool:
    """Match greedily: the leftmost place of every part leaves most text for the rest, so none is tried again."""
    start, *others = pattern.split("*")
    if not others:
        return pattern == text
    *middle, end = others
    last = len(text) - len(end)
    if last < len(start) or not text.startswith(start) or not text.endswith(end):
        return False
    position = len(start)
    for part in middle:
        found = text.find(part, position, last)
        if found < 0:
            return False
        position = found + len(part)
    return True
