"""Documents of strangers are had from public addresses only."""

from __future__ import annotations

import pytest

from idp.outbound.http import HttpClient, HttpFailed


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "[::1]",
        "[fd00::1]",
        "[fe80::1]",
        "[::ffff:10.0.0.1]",
        "[2002:a00:1::]",
        "[64:ff9b::a00:1]",
    ],
)
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_an_address_that_is_not_public_is_not_asked(scheme: str, host: str) -> None:
    with pytest.raises(HttpFailed, match="is at an address that may not be asked"):
        HttpClient().fetch_document(f"{scheme}://{host}:1/", accept="*/*", max_bytes=10, timeout_s=0.5)


def test_a_public_address_is_not_taken_for_this_machine() -> None:
    with pytest.raises(HttpFailed, match="is at an address that may not be asked"):
        HttpClient().fetch_document("http://8.8.8.8/", accept="*/*", max_bytes=10, timeout_s=0.5, at_this_machine=True)


@pytest.mark.parametrize(
    "url", ["https://8.8.8.8:99999/", "https://8.8.8.8:-1/", "https://[", "https://[a]/", "https:///a"]
)
def test_what_is_no_address_is_not_asked(url: str) -> None:
    with pytest.raises(HttpFailed, match="address"):
        HttpClient().fetch_document(url, accept="*/*", max_bytes=10, timeout_s=0.5)
