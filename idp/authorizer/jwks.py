"""Fetch the public keys of token issuers, and keep them through rotations and outages."""

import binascii
import time
from base64 import urlsafe_b64decode
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, Final

import orjson
import urllib3
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

MAX_BYTES: Final = 150_000
MIN_KEY_BITS: Final = 2_048
MAX_KEY_BITS: Final = 8_192
TIMEOUT_S: Final = 1.5


class JwksUnavailable(Exception):
    """An issuer's keys could not be fetched or read."""


@dataclass(slots=True)
class _Issuer:
    """What is known of one issuer; `lock` lets one thread at a time fetch."""

    keys: Mapping[str, RSAPublicKey] = field(default_factory=dict)
    fetched_at: datetime | None = None
    may_fetch_at: datetime | None = None
    lock: Lock = field(default_factory=Lock)


class JwksCache:
    """Public keys by issuer and key id; safe to share between threads.

    An unknown key id makes the issuer's keys be fetched again, because a rotation looks like that; but only after
    `min_interval`, because an attacker's invention looks like that, too. While an issuer does not answer, its last
    known keys stay good. Give `verify_token` its allowed issuers: this cache asks whichever it is told to.

    Args:
        fetch: returns the body of a URL, or raises JwksUnavailable.
        clock: aware UTC.
        max_age: after it the keys are fetched again, so that withdrawn keys disappear.
        min_interval: between two fetches from one issuer.
        retry_interval: the same after a failed fetch.
        by_address: issuers go by the addresses of their key sets.
        discover: read `jwks_uri` from the issuer's discovery document instead of assuming Cognito's path.
        max_issuers: the least recently used ones beyond it are forgotten.

    Source: Amazon Cognito Developer Guide, "Verifying JSON web tokens"; OpenID Connect Core 1.0 section 10.1.1; limits
    of size and time as in API Gateway Developer Guide, "Control access to HTTP APIs with JWT authorizers".
    """

    def __init__(
        self,
        fetch: Callable[[str], bytes] | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        max_age: timedelta = timedelta(hours=2),
        min_interval: timedelta = timedelta(seconds=10),
        retry_interval: timedelta = timedelta(seconds=1),
        by_address: bool = False,
        discover: bool = False,
        max_issuers: int = 256,
    ) -> None:
        self._fetch = fetch or fetch_over_http
        self._clock = clock
        self._max_age = max_age
        self._min_interval = min_interval
        self._retry_interval = retry_interval
        self._by_address = by_address
        self._discover = discover
        self._max_issuers = max_issuers
        self._issuers: OrderedDict[str, _Issuer] = OrderedDict()
        self._lock = Lock()

    def key(self, issuer: str, kid: str) -> RSAPublicKey | None:
        """Return the key an issuer publishes under a key id, fetching the issuer's keys when that may help."""
        known = self._known(issuer)
        key = known.keys.get(kid)
        if key is not None and not self._is_stale(known):
            return key
        if known.lock.acquire(blocking=key is None):
            try:
                if kid not in known.keys or self._is_stale(known):
                    self._refresh(issuer, known)
            finally:
                known.lock.release()
        return known.keys.get(kid)

    def _known(self, issuer: str) -> _Issuer:
        with self._lock:
            known = self._issuers.setdefault(issuer, _Issuer())
            self._issuers.move_to_end(issuer)
            while len(self._issuers) > self._max_issuers:
                self._issuers.popitem(last=False)
            return known

    def _is_stale(self, known: _Issuer) -> bool:
        return known.fetched_at is None or self._clock() - known.fetched_at >= self._max_age

    def _refresh(self, issuer: str, known: _Issuer) -> None:
        """Fetch an issuer's keys unless it was asked too recently; keep the old ones when that fails."""
        now = self._clock()
        if known.may_fetch_at is not None and now < known.may_fetch_at:
            return
        try:
            known.keys = self._fetched_keys(issuer)
            known.fetched_at = now
            known.may_fetch_at = now + self._min_interval
        except JwksUnavailable:
            known.may_fetch_at = now + self._retry_interval

    def _fetched_keys(self, issuer: str) -> Mapping[str, RSAPublicKey]:
        if self._by_address:
            return parse_jwks(self._fetch(issuer))
        base = issuer.rstrip("/")
        if not self._discover:
            return parse_jwks(self._fetch(f"{base}/.well-known/jwks.json"))
        document = _object(self._fetch(f"{base}/.well-known/openid-configuration"))
        jwks_uri = document.get("jwks_uri")
        if document.get("issuer") != issuer or not isinstance(jwks_uri, str):
            raise JwksUnavailable("The discovery document is another issuer's, or names no keys.")
        return parse_jwks(self._fetch(jwks_uri))


def parse_jwks(document: bytes) -> Mapping[str, RSAPublicKey]:
    """Return the RSA signature keys of a JWK set by key id; other keys are ignored.

    Raises:
        JwksUnavailable: the document is too large or not a JWK set.

    Source: RFC 7517 section 5.
    """
    if len(document) > MAX_BYTES:
        raise JwksUnavailable("The key set is too large.")
    jwks = _object(document).get("keys")
    if not isinstance(jwks, list):
        raise JwksUnavailable("The document is not a key set.")
    keys = {jwk["kid"]: _rsa_key(jwk) for jwk in jwks if _may_verify(jwk)}
    return {kid: key for kid, key in keys.items() if key is not None}


def fetch_over_http(url: str) -> bytes:
    """Return the body of an http or https URL, without following redirects.

    Raises:
        JwksUnavailable: no 200 with at most 150,000 bytes within 1.5 seconds for each of connecting and answering.
    """
    if not url.startswith(("https://", "http://")):
        raise JwksUnavailable("Keys are fetched over HTTP only.")
    deadline = time.monotonic() + 2 * TIMEOUT_S
    body = b""
    try:
        with (
            urllib3.PoolManager(timeout=urllib3.Timeout(connect=TIMEOUT_S, read=TIMEOUT_S), retries=False) as http,
            http.request("GET", url, redirect=False, preload_content=False) as response,
        ):
            if response.status != 200:
                raise JwksUnavailable(f"The issuer answered with status {response.status}.")
            while chunk := response.read1(MAX_BYTES + 1, decode_content=False):
                body += chunk
                if len(body) > MAX_BYTES or time.monotonic() > deadline:
                    raise JwksUnavailable("The issuer's answer is too large or too slow.")
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise JwksUnavailable("The issuer does not answer.") from error
    return body


def _may_verify(jwk: object) -> bool:
    return (
        isinstance(jwk, dict)
        and isinstance(jwk.get("kid"), str)
        and jwk.get("kty") == "RSA"
        and jwk.get("use", "sig") == "sig"
    )


def _rsa_key(jwk: dict[str, Any]) -> RSAPublicKey | None:
    """Return the key, or None when its numbers make no key of an acceptable size."""
    try:
        modulus, exponent = _integer(jwk.get("n")), _integer(jwk.get("e"))
        if not MIN_KEY_BITS <= modulus.bit_length() <= MAX_KEY_BITS:
            return None
        return RSAPublicNumbers(exponent, modulus).public_key()
    except (ValueError, binascii.Error):
        return None


def _integer(text: object) -> int:
    if not isinstance(text, str):
        raise ValueError
    return int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def _object(document: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(document)
    except orjson.JSONDecodeError as error:
        raise JwksUnavailable("The issuer's answer is not JSON.") from error
    if not isinstance(value, dict):
        raise JwksUnavailable("The issuer's answer is not a JSON object.")
    return value
