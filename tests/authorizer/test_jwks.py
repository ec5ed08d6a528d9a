"""Published keys survive rotations, outages and attempts to make us hammer an issuer."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from hypothesis import given, strategies as st

from idp.authorizer.jwks import JwksCache, JwksUnavailable, fetch_over_http, parse_jwks
from tests.authorizer.tokens_signed import ISSUER, KEY, KID, NOW, OTHER_ISSUER, OTHER_KEY, jwk

JWKS_URL = f"{ISSUER}/.well-known/jwks.json"
SECOND = timedelta(seconds=1)


class Clock:
    """Stands still until told otherwise."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, span: timedelta) -> None:
        self.now += span


class Publisher:
    """Answers URLs with the documents it was given, and counts how often it was asked."""

    def __init__(self, **documents: object) -> None:
        self.documents: dict[str, object] = {JWKS_URL: {"keys": [jwk()]}, **documents}
        self.asked: list[str] = []

    def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        if url not in self.documents:
            raise JwksUnavailable("down")
        return json.dumps(self.documents[url]).encode()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def publisher() -> Publisher:
    return Publisher()


@pytest.fixture
def cache(publisher: Publisher, clock: Clock) -> JwksCache:
    return JwksCache(publisher, clock=clock)


def numbers(key: RSAPublicKey | None) -> object:
    return key.public_numbers() if key else None


KEY_NUMBERS, OTHER_NUMBERS = KEY.public_key().public_numbers(), OTHER_KEY.public_key().public_numbers()


def test_a_key_is_fetched_once_and_kept(cache: JwksCache, publisher: Publisher, clock: Clock) -> None:
    first = cache.key(ISSUER, KID)
    clock.advance(timedelta(minutes=119))

    assert numbers(first) == KEY_NUMBERS
    assert cache.key(ISSUER, KID) is first
    assert publisher.asked == [JWKS_URL]


def test_a_new_key_is_found_after_a_rotation(cache: JwksCache, publisher: Publisher, clock: Clock) -> None:
    cache.key(ISSUER, KID)
    publisher.documents[JWKS_URL] = {"keys": [jwk(), jwk(OTHER_KEY, "new")]}
    clock.advance(10 * SECOND)

    assert numbers(cache.key(ISSUER, "new")) == OTHER_NUMBERS


def test_invented_key_ids_do_not_make_us_hammer_the_issuer(
    cache: JwksCache, publisher: Publisher, clock: Clock
) -> None:
    cache.key(ISSUER, KID)

    found = [cache.key(ISSUER, f"garbage-{number}") for number in range(1000)]

    assert found == [None] * 1000
    assert len(publisher.asked) == 1


def test_a_withdrawn_key_disappears_when_the_keys_are_due(cache: JwksCache, publisher: Publisher, clock: Clock) -> None:
    cache.key(ISSUER, KID)
    publisher.documents[JWKS_URL] = {"keys": [jwk(OTHER_KEY, "new")]}
    clock.advance(timedelta(hours=2))

    assert cache.key(ISSUER, KID) is None


def test_known_keys_stay_good_while_the_issuer_is_down(cache: JwksCache, publisher: Publisher, clock: Clock) -> None:
    cache.key(ISSUER, KID)
    publisher.documents.clear()
    clock.advance(timedelta(days=2))

    assert numbers(cache.key(ISSUER, KID)) == KEY_NUMBERS


def test_an_issuer_that_was_down_is_asked_again_soon(cache: JwksCache, publisher: Publisher, clock: Clock) -> None:
    documents = dict(publisher.documents)
    publisher.documents.clear()
    assert cache.key(ISSUER, KID) is None
    publisher.documents.update(documents)
    assert cache.key(ISSUER, KID) is None

    clock.advance(SECOND)

    assert numbers(cache.key(ISSUER, KID)) == KEY_NUMBERS


def test_issuers_do_not_share_keys(cache: JwksCache) -> None:
    cache.key(ISSUER, KID)

    assert cache.key(OTHER_ISSUER, KID) is None


def test_the_least_recently_used_issuer_is_forgotten(publisher: Publisher, clock: Clock) -> None:
    cache = JwksCache(publisher, clock=clock, max_issuers=1)
    cache.key(ISSUER, KID)
    cache.key(OTHER_ISSUER, KID)

    cache.key(ISSUER, KID)

    assert publisher.asked.count(JWKS_URL) == 2


def test_threads_that_miss_together_fetch_once(clock: Clock) -> None:
    together = threading.Barrier(8)
    publisher = Publisher()
    cache = JwksCache(publisher, clock=clock)

    def ask(_: int) -> object:
        together.wait(timeout=5)
        return numbers(cache.key(ISSUER, KID))

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(ask, range(8)))

    assert found == [KEY_NUMBERS] * 8
    assert publisher.asked == [JWKS_URL]


def test_the_discovery_document_says_where_the_keys_are(clock: Clock) -> None:
    discovery = {"issuer": ISSUER, "jwks_uri": "https://keys.example.com/all"}
    documents = {
        f"{ISSUER}/.well-known/openid-configuration": discovery,
        "https://keys.example.com/all": {"keys": [jwk()]},
    }

    cache = JwksCache(Publisher(**documents), clock=clock, discover=True)

    assert numbers(cache.key(ISSUER, KID)) == KEY_NUMBERS


@pytest.mark.parametrize(
    "discovery",
    [{"issuer": OTHER_ISSUER, "jwks_uri": JWKS_URL}, {"issuer": ISSUER}, {"issuer": ISSUER, "jwks_uri": 7}, []],
)
def test_a_discovery_document_of_another_issuer_or_without_keys_is_refused(discovery: object, clock: Clock) -> None:
    publisher = Publisher(**{f"{ISSUER}/.well-known/openid-configuration": discovery})

    assert JwksCache(publisher, clock=clock, discover=True).key(ISSUER, KID) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"use": "enc"},
        {"kty": "EC"},
        {"kty": "oct"},
        {"kid": None},
        {"n": "AQAB"},
        {"n": 7},
        {"e": ""},
        {"e": "AA"},
        {"n": "é"},
        {"n": "A"},
    ],
)
def test_a_key_that_cannot_verify_rs256_is_ignored(changes: dict[str, object]) -> None:
    document = json.dumps({"keys": [{**jwk(), **changes}, jwk(OTHER_KEY, "good")]}).encode()

    assert list(parse_jwks(document)) == ["good"]


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b'{"keys": {}}', b"{", b'{"keys": [' + b" " * 150_000 + b"]}"])
def test_a_document_that_is_no_key_set_is_refused(document: bytes) -> None:
    with pytest.raises(JwksUnavailable):
        parse_jwks(document)


@given(st.dictionaries(st.sampled_from(["kid", "kty", "use", "n", "e"]), st.text() | st.just("RSA") | st.integers()))
def test_any_key_is_ignored_or_read_and_nothing_else(wild: dict[str, object]) -> None:
    assert parse_jwks(json.dumps({"keys": [wild, 7, None, []]}, ensure_ascii=True).encode("utf-8")) == {}


class IssuerPages(BaseHTTPRequestHandler):
    """Three pages: keys, a redirect to them, and far too much."""

    def do_GET(self) -> None:
        status, body = {"/keys": (200, b"{}"), "/moved": (302, b""), "/huge": (200, b"x" * 150_001)}[self.path]
        self.send_response(status)
        self.send_header("Location", "/keys")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def site() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), IssuerPages) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_document_is_fetched_over_http(site: str) -> None:
    assert fetch_over_http(f"{site}/keys") == b"{}"


@pytest.mark.parametrize("path", ["/moved", "/huge"])
def test_redirects_and_huge_answers_are_not_followed_or_read(site: str, path: str) -> None:
    with pytest.raises(JwksUnavailable):
        fetch_over_http(site + path)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://127.0.0.1:1/", "http://[", ""])
def test_other_places_are_unavailable(url: str) -> None:
    with pytest.raises(JwksUnavailable):
        fetch_over_http(url)
