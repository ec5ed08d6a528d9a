"""DynamoDB at a URL: any DynamoDB-compatible server, or the one that the workers of `idp serve` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import urllib3

from idp.backends.dynamodb import CONTENT_TYPE, passed_on, target_of, unverified_signature
from idp.services import BackendResponse

if TYPE_CHECKING:
    from idp.services import BackendRequest

SECRET_HEADER = "X-Idp-Secret"  # noqa: S105 - the name of a header
SERVICE_HEADER = "X-Idp-Service"
TIMEOUT_S = 30.0


class ForwardToUrl:
    """A DynamoDB-compatible server, which tells accounts apart by access key id, and regions by signature scope.

    Args:
        url: of the server, without a path.
        secret: tells a server of `dynamodb_server` that the request comes from us; without one the server is a stranger's.
    """

    def __init__(self, url: str, secret: str | None = None) -> None:
        self._url = f"{url}/"
        self._secret = secret
        self._pool = urllib3.PoolManager(
            retries=False, maxsize=16, timeout=urllib3.Timeout(connect=3.0, read=TIMEOUT_S)
        )

    def call(self, request: BackendRequest) -> BackendResponse:
        """Send one request.

        Raises:
            urllib3.exceptions.HTTPError: the server cannot be reached, or is too slow.
        """
        headers = {
            "Content-Type": CONTENT_TYPE,
            "X-Amz-Target": target_of(request),
            "X-Amz-Date": "20260101T000000Z",
            "Authorization": unverified_signature(request),
        }
        if self._secret is not None:
            headers |= {SECRET_HEADER: self._secret, SERVICE_HEADER: request.service}
        answer = self._pool.request("POST", self._url, body=request.body, headers=headers, redirect=False)
        return BackendResponse(answer.status, passed_on(list(answer.headers.items())), answer.data)

    def reset(self) -> None:
        """Delete all tables of our own server; a stranger's are left alone."""
        if self._secret is not None:
            self._pool.request("DELETE", self._url, headers={SECRET_HEADER: self._secret}, redirect=False)

    def close(self) -> None:
        """Close all connections."""
        self._pool.clear()
