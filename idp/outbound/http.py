"""The one outgoing HTTP client: time limits, size limits, no redirects, kept connections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import urllib3

TIMEOUT_S = 10.0
MAX_ANSWER_BYTES = 10 * 1024 * 1024


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


class HttpClient:
    """Sends requests over kept connections; thread-safe."""

    def __init__(self, *, timeout_s: float = TIMEOUT_S) -> None:
        timeout = urllib3.Timeout(connect=min(timeout_s, 3.0), read=timeout_s)
        self._timeout = timeout
        self._pool = urllib3.PoolManager(retries=False, maxsize=16)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | urllib3.HTTPHeaderDict | None = None,
        body: bytes = b"",
        timeout_s: float | None = None,
    ) -> HttpAnswer:
        """Send one request.

        Raises:
            HttpTimedOut: no answer in time.
            HttpFailed: no connection, or an answer larger than 10 MiB.
        """
        timeout = None if timeout_s is None else urllib3.Timeout(connect=min(timeout_s, 3.0), read=timeout_s)
        try:
            answer = self._pool.request(
                method,
                url,
                headers=headers,
                body=body or None,
                redirect=False,
                preload_content=False,
                timeout=timeout or self._timeout,
            )
            data = answer.read(MAX_ANSWER_BYTES + 1, decode_content=False)
            answer.release_conn()
        except urllib3.exceptions.ReadTimeoutError as error:
            raise HttpTimedOut(f"{method} {url.partition('?')[0]} got no answer in time") from error
        except urllib3.exceptions.HTTPError as error:
            raise HttpFailed(f"{method} {url.partition('?')[0]} failed: {type(error).__name__}") from error
        if len(data) > MAX_ANSWER_BYTES:
            raise HttpFailed(f"{method} {url.partition('?')[0]} answered more than {MAX_ANSWER_BYTES} bytes")
        return HttpAnswer(answer.status, tuple(answer.headers.iteritems()), data)
