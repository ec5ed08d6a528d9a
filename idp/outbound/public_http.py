"""Reads small documents that strangers point to, without letting them reach what only this machine can.

The host is resolved once, every address is checked, and the connection goes to the address that was checked, so that a
name server cannot change its mind in between.  Source: OWASP Server-Side Request Forgery Prevention Cheat Sheet;
draft-ietf-oauth-client-id-metadata-document section 6.
"""

from __future__ import annotations

import socket
import time
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

import urllib3

from idp.outbound.http_answer import HttpAnswer, HttpFailed, HttpTimedOut

_PORTS = {"https": 443, "http": 80}
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))  # ways to IPv4 addresses that look public
_CHUNK_BYTES = 1024


def fetch_document(
    url: str, *, accept: str, max_bytes: int, timeout_s: float, at_this_machine: bool = False
) -> HttpAnswer:
    """Get a document.  Redirects are not followed.

    Args:
        url: https or http, with a host.
        timeout_s: for all of the body, and for each step before it.
        at_this_machine: the host must be this machine; otherwise it must be a public one.

    Raises:
        HttpTimedOut, HttpFailed: it cannot be reached, may not be, is too slow, has more than `max_bytes`, or `url` is none.
    """
    parts = _split(url)
    address = _checked_address(parts, at_this_machine=at_this_machine)
    deadline = time.monotonic() + timeout_s
    try:
        with _connection_to(address, parts, timeout_s) as pool:
            answer = pool.urlopen(
                "GET",
                url.partition(parts.netloc)[2],
                headers={"Host": parts.netloc, "Accept": accept, "Accept-Encoding": "identity"},
                redirect=False,
                preload_content=False,
            )
            return HttpAnswer(answer.status, tuple(answer.headers.iteritems()), read_body(answer, max_bytes, deadline))
    except urllib3.exceptions.TimeoutError as error:
        raise HttpTimedOut(f"{parts.netloc} gave no document in time") from error
    except urllib3.exceptions.HTTPError as error:
        raise HttpFailed(f"{parts.netloc} gave no document: {type(error).__name__}") from error


def _split(url: str) -> SplitResult:
    """Return the parts of a URL, whose port is a number or absent."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise HttpFailed("there is no such address") from error
    return parts


def _checked_address(parts: SplitResult, *, at_this_machine: bool) -> str:
    """Return the first address of a host, when all of them may be asked."""
    try:
        found = socket.getaddrinfo(parts.hostname, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise HttpFailed(f"{parts.netloc} has no address") from error
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in addresses:
        if not (address.is_loopback if at_this_machine else _is_public(address)):
            raise HttpFailed(f"{parts.netloc} is at an address that may not be asked")
    return str(min(addresses, key=lambda address: address.version))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return _is_public(inner)
        if address.teredo is not None or any(address in network for network in _NAT64):
            return False
    return address.is_global and not address.is_multicast


def _connection_to(address: str, parts: SplitResult, timeout_s: float) -> urllib3.HTTPConnectionPool:
    """Return a connection to the address, whose certificate must be the host's."""
    timeout = urllib3.Timeout(connect=min(timeout_s, 3.0), read=timeout_s)
    port = parts.port or _PORTS[parts.scheme]
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, timeout=timeout, retries=False)
    host = parts.hostname
    return urllib3.HTTPSConnectionPool(
        address, port, timeout=timeout, retries=False, server_hostname=host, assert_hostname=host
    )


def read_body(answer: urllib3.BaseHTTPResponse, max_bytes: int, deadline: float) -> bytes:
    """Read to the end, which neither size nor time may put off.

    Args:
        deadline: by `time.monotonic()`.

    Raises:
        HttpTimedOut, HttpFailed: it is later, or there is more.
    """
    body = b""
    while chunk := answer.read1(_CHUNK_BYTES, decode_content=False):
        body += chunk
        if len(body) > max_bytes:
            raise HttpFailed(f"the document has more than {max_bytes} bytes")
        if time.monotonic() > deadline:
            raise HttpTimedOut("the document did not end in time")
    return body
