"""The one outgoing HTTP client: time limits, size limits, no redirects, kept connections."""

from __future__ import annotations

import time
from collections.abc import Mapping

import urllib3

from idp.outbound.http_answer import HttpAnswer, HttpFailed, HttpTimedOut
from idp.outbound.public_http import fetch_document, read_body

__all__ = ["HttpAnswer", "HttpClient", "HttpFailed", "HttpTimedOut"]

TIMEOUT_S = 10.0
MAX_ANSWER_BYTES = 10 * 1024 * 1024


class HttpClient:
    """Sends requests over kept connections; thread-safe."""

    def __init__(self, *, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._timeout = urllib3.Timeout(connect=min(timeout_s, 3.0), read=timeout_s)
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

    def exchange(
        self, method: str, url: str, *, max_bytes: int, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> HttpAnswer:
        """Send one request whose answer is small.

        Raises:
            HttpTimedOut, HttpFailed: it has more than `max_bytes`, goes on after the client's time limit, or there is none.
        """
        place = url.partition("?")[0]
        deadline = time.monotonic() + self._timeout_s
        try:
            answer = self._pool.request(
                method,
                url,
                headers={"Accept-Encoding": "identity", **(headers or {})},
                body=body or None,
                redirect=False,
                preload_content=False,
                timeout=self._timeout,
            )
            try:
                data = read_body(answer, max_bytes, deadline)
            except (HttpFailed, urllib3.exceptions.HTTPError):
                answer.close()
                raise
            answer.release_conn()
        except urllib3.exceptions.TimeoutError as error:
            raise HttpTimedOut(f"{method} {place} got no answer in time") from error
        except urllib3.exceptions.HTTPError as error:
            raise HttpFailed(f"{method} {place} failed: {type(error).__name__}") from error
        return HttpAnswer(answer.status, tuple(answer.headers.iteritems()), data)

    def fetch_document(
        self, url: str, *, accept: str, max_bytes: int, timeout_s: float, at_this_machine: bool = False
    ) -> HttpAnswer:
        """Get a small document that a stranger points to, as `public_http.fetch_document` says."""
        return fetch_document(
            url, accept=accept, max_bytes=max_bytes, timeout_s=timeout_s, at_this_machine=at_this_machine
        )
