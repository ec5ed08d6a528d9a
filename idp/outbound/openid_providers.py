"""What OpenID providers publish of themselves, their configuration and their keys, kept in the process for a while.

Source: OpenID Connect Discovery 1.0 section 4; OpenID Connect Core 1.0 section 10.1.1.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

import orjson

from idp.authorizer.jwks import MAX_BYTES, JwksCache, JwksUnavailable
from idp.outbound.http_answer import HttpFailed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from idp.authorizer.jwt import KeySource
    from idp.outbound.http import HttpClient

CONFIGURATION_KEPT = timedelta(hours=1)
FAILURE_KEPT = timedelta(seconds=5)
MAX_PROVIDERS = 256
OK = 200


class DiscoveryFailed(Exception):
    """An issuer has no discovery document, or one that is not its own; the message says which, for the log."""


class OpenIdProviders:
    """Configurations by issuer, and keys by address; safe to share between threads."""

    def __init__(self, http: HttpClient, now: Callable[[], datetime]) -> None:
        self._http = http
        self._now = now
        self._keys = JwksCache(self._fetched_keys, clock=now, by_address=True, max_issuers=MAX_PROVIDERS)
        self._kept: OrderedDict[str, tuple[datetime, Mapping[str, Any] | DiscoveryFailed]] = OrderedDict()
        self._lock = Lock()

    def configuration(self, issuer: str) -> Mapping[str, Any]:
        """Return an issuer's discovery document.

        Args:
            issuer: an https or http URL; the document must name it to the letter.

        Raises:
            DiscoveryFailed: also for some seconds after the issuer was last asked in vain.
        """
        now = self._now()
        kept = self._kept.get(issuer)
        if kept is None or kept[0] <= now:
            kept = self._keep(issuer, now)
        if isinstance(kept[1], DiscoveryFailed):
            raise DiscoveryFailed(*kept[1].args)
        return kept[1]

    def keys_at(self, jwks_uri: str) -> KeySource:
        """Return the keys in the key set at an address, whichever issuer a token names."""
        return _KeysAt(self._keys, jwks_uri)

    def _keep(self, issuer: str, now: datetime) -> tuple[datetime, Mapping[str, Any] | DiscoveryFailed]:
        try:
            kept: tuple[datetime, Mapping[str, Any] | DiscoveryFailed]
            kept = (now + CONFIGURATION_KEPT, self._discovered(issuer))
        except DiscoveryFailed as error:
            kept = (now + FAILURE_KEPT, error)
        with self._lock:
            self._kept[issuer] = kept
            self._kept.move_to_end(issuer)
            while len(self._kept) > MAX_PROVIDERS:
                self._kept.popitem(last=False)
        return kept

    def _discovered(self, issuer: str) -> Mapping[str, Any]:
        try:
            document = orjson.loads(self._fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
        except (HttpFailed, orjson.JSONDecodeError) as error:
            raise DiscoveryFailed(f"no discovery document: {error}") from error
        if not isinstance(document, dict) or document.get("issuer") != issuer:
            raise DiscoveryFailed("the discovery document is another issuer's")
        return document

    def _fetched_keys(self, address: str) -> bytes:
        try:
            return self._fetched(address)
        except HttpFailed as error:
            raise JwksUnavailable("The issuer does not answer.") from error

    def _fetched(self, address: str) -> bytes:
        answer = self._http.exchange("GET", address, max_bytes=MAX_BYTES, headers={"Accept": "application/json"})
        if answer.status != OK:
            raise HttpFailed(f"{address} answered with status {answer.status}")
        return answer.body


class _KeysAt:
    """A `KeySource` of one key set."""

    def __init__(self, keys: JwksCache, jwks_uri: str) -> None:
        self._keys = keys
        self._jwks_uri = jwks_uri

    def key(self, issuer: str, kid: str) -> RSAPublicKey | None:  # noqa: ARG002 - the verifier has checked the issuer
        """Return the key under an id; None when there is none."""
        return self._keys.key(self._jwks_uri, kid)
