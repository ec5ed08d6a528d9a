"""What every test relies on: no way out of the machine, and a browser without a past."""

import socket
from typing import Any

import pytest
from playwright.sync_api import Error, Page

from tests.network import NetworkBlocked


@pytest.mark.parametrize(
    ("family", "address"),
    # Addresses that no packet would leave for, were they not refused: broadcast, multicast and a reserved name.
    [
        (socket.AF_INET, ("255.255.255.255", 443)),
        (socket.AF_INET6, ("ff02::1", 443)),
        (socket.AF_INET, ("a.invalid", 80)),
    ],
)
@pytest.mark.parametrize("call", ["connect", "connect_ex"])
def test_a_connection_beyond_this_machine_is_refused(family: int, address: Any, call: str) -> None:
    with socket.socket(family) as stranger, pytest.raises(NetworkBlocked, match="tests stay on this machine"):
        getattr(stranger, call)(address)


def test_a_name_beyond_this_machine_is_not_looked_up() -> None:
    with pytest.raises(NetworkBlocked, match=r"a\.invalid"):
        socket.getaddrinfo("a.invalid", 443)


def test_a_server_on_the_loopback_address_can_be_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1])) as connection,
    ):
        assert connection.getpeername()[0] == "127.0.0.1"


@pytest.mark.parametrize("again", ["first", "second"])
def test_each_page_starts_without_the_cookies_of_another(page: Page, again: str) -> None:
    page.context.add_cookies([{"name": again, "value": "1", "domain": "localhost", "path": "/"}])
    assert [cookie.get("name") for cookie in page.context.cookies()] == [again]


def test_the_browser_finds_no_name_beyond_this_machine(page: Page) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://a.invalid/")
