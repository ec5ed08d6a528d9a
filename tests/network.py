"""Pytest plugin: no test reaches beyond this machine.

A test that needs a stranger's address to answer plays the stranger itself, on a loopback port.
"""

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest


class NetworkBlocked(RuntimeError):
    """A test tried to reach an address beyond the loopback interface.

    Deliberately no OSError: code that shrugs off an unreachable server must not hide it.
    """

    def __init__(self, host: object) -> None:
        super().__init__(f"tests stay on this machine: refused to reach {host!r}")


def is_local(host: object) -> bool:
    """Tell whether `host`, a name or a literal address, is this machine's loopback (or nobody: bind to any)."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or not isinstance(host, str):
        return host is None
    if host == "" or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def refuse_strangers(family: int, address: Any) -> None:
    """Raise NetworkBlocked unless `address` is a path (a Unix socket) or on the loopback interface."""
    if family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
        raise NetworkBlocked(address[0])


def is_literal(host: object) -> bool:
    """Tell whether resolving `host` asks no name server."""
    try:
        ip_address(str(host))
    except ValueError:
        return False
    return True


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Refuse every connection and every name look-up that would leave this machine."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse_strangers(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse_strangers(self.family, address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        if not is_local(host) and not is_literal(host):
            raise NetworkBlocked(host)
        return getaddrinfo(host, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield
