"""Which URLs a client may name itself by, and which policy lets one in.

Source: draft-ietf-oauth-client-id-metadata-document section 3.
"""

from __future__ import annotations

from datetime import UTC, datetime
from time import perf_counter

import pytest

from idp.domain.cimd_policy import CimdPolicy, find_policy, matches
from idp.domain.client_metadata import is_acceptable

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/client.json",
        "https://example.com/",
        "https://example.com:8443/a/b?c=d",
        "https://example.com/..a/.b/c..",
    ],
)
def test_an_https_url_with_a_path_may_be_a_client(url: str) -> None:
    assert is_acceptable(url, allows_local=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/client.json",
        "http://localhost/client.json",
        "https://example.com",
        "https:///client.json",
        "https://example.com/client.json#top",
        "https://example.com/#",
        "https://ann:secret@example.com/client.json",
        "https://ann@example.com/client.json",
        "https://example.com/./client.json",
        "https://example.com/a/../client.json",
        "https://example.com/a/%2e%2E/client.json",
        "https://example.com/..",
        "https://EXAMPLE.com/client.json",
        "https://example.com/client.json\n",
        "https://example.com/a b",
        "https://example.com\\@evil.example/",
        "https://exämple.com/client.json",
        "https://example.com:99999/client.json",
        "https://example.com:0/client.json",
        "https://example.com:port/client.json",
        f"https://example.com/{'x' * 256}",
    ],
)
def test_another_url_may_not(url: str) -> None:
    assert not is_acceptable(url, allows_local=False)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:9000/client.json", True),
        ("http://127.0.0.1:9000/client.json", True),
        ("http://localhost.example.com/client.json", False),
        ("http://example.com/client.json", False),
    ],
)
def test_http_is_for_this_machine_where_that_is_allowed(url: str, *, expected: bool) -> None:
    assert is_acceptable(url, allows_local=True) is expected


@pytest.mark.parametrize(
    ("pattern", "url", "expected"),
    [
        ("https://example.com/a", "https://example.com/a", True),
        ("https://example.com/a", "https://example.com/ab", False),
        ("https://example.com/*", "https://example.com/", True),
        ("https://example.com/*.json", "https://example.com/a/b.json", True),
        ("https://example.com/*/b*d", "https://example.com/a/bcd", True),
        ("https://example.com/a*a", "https://example.com/a", False),
        ("https://EXAMPLE.com/a", "https://example.com/a", True),
        ("https://*.example.com/a", "https://a.b.example.com/a", True),
        ("https://*.example.com/a", "https://example.com/a", False),
        ("https://*.example.com/*", "https://evil.test/.example.com/a", False),
        ("https://*.example.com/*", "https://evil.test?.example.com/a", False),
        ("https://example.com/*", "https://example.com:8443/a", False),
    ],
)
def test_a_wildcard_never_reaches_from_the_host_into_the_path(pattern: str, url: str, *, expected: bool) -> None:
    assert matches(pattern, url) is expected


def test_no_pattern_makes_matching_slow() -> None:
    begun = perf_counter()
    matches("https://example.com/" + "a*" * 118, "https://example.com/" + "a" * 200_000 + "b")
    assert perf_counter() - begun < 0.5


def test_the_policy_whose_pattern_says_most_counts() -> None:
    wide = CimdPolicy("b", "p", "c", "wide", 86_400, ["https://*.example.com/*"], MOMENT, MOMENT)
    narrow = CimdPolicy("a", "p", "c", "narrow", 86_400, ["https://www.example.com/*"], MOMENT, MOMENT)

    assert find_policy([narrow, wide], "https://www.example.com/client.json") is narrow
    assert find_policy([narrow, wide], "https://api.example.com/client.json") is wide
    assert find_policy([narrow, wide], "https://example.org/client.json") is None
