"""A client that costs little: kept connections, requests made beforehand, answers read to their end."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

REGION = "us-east-1"
TARGETS = {"cognito-idp": "AWSCognitoIdentityProviderService", "cognito-identity": "AWSCognitoIdentityService"}


class Connection:
    """One kept connection to the server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname or "localhost", parts.port or 80))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes, expected: int = 200) -> bytes:
        """Send a request; return the body of the answer, which must have the status expected."""
        self._socket.sendall(request)
        head, body = self._read_head()
        lines = head.split(b"\r\n")
        length = next(int(line[15:]) for line in lines if line.lower().startswith(b"content-length:"))
        while len(body) < length:
            body += self._socket.recv(65_536)
        if int(lines[0].split()[1]) != expected:
            raise AssertionError(f"{lines[0].decode()} for {request[:80]!r}: {body[:300]!r}")
        return body

    def call(self, request: bytes) -> Any:
        """Send a request; return the JSON of the answer."""
        return json.loads(self.send(request))

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _read_head(self) -> tuple[bytes, bytes]:
        received = b""
        while b"\r\n\r\n" not in received:
            more = self._socket.recv(65_536)
            if not more:
                raise ConnectionError("the server closed the connection")
            received += more
        head, _, body = received.partition(b"\r\n\r\n")
        return head, body


def plain(url: str, path: str, headers: Mapping[str, str] | None = None, *, method: str = "GET") -> bytes:
    """Return the bytes of a request without a body."""
    return _bytes(method, urlsplit(url).netloc, path, headers or {}, b"")


def aws(url: str, service: str, operation: str, parameters: Mapping[str, Any], key: Credentials | None = None) -> bytes:
    """Return the bytes of a call of an AWS operation, signed when a key is given."""
    body = json.dumps(parameters).encode()
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"{TARGETS[service]}.{operation}"}
    return signed(url, "/", service, key, method="POST", headers=headers, body=body)


def signed(
    url: str,
    path: str,
    service: str,
    key: Credentials | None,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> bytes:
    """Return the bytes of a request, signed when a key is given."""
    request = AWSRequest(method, url + path, headers=dict(headers or {}), data=body)
    if key is not None:
        SigV4Auth(key, service, REGION).add_auth(request)
    return _bytes(method, urlsplit(url).netloc, path, dict(request.headers), body)


def _bytes(method: str, host: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body
