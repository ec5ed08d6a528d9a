"""An OpenID provider on this machine for tests, which also stands in for the social ones; behaves well unless told otherwise.

A test plays the browser by `answer(location)`: whoever is sent to the provider is the user of `claims`. Then it may change
what the provider says: `id_claims` (None takes a claim away), `sign`, or any whole `answers[path]`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from idp.outbound.keyring import generate_key

CLIENT_ID = "ours"
CLIENT_SECRET = "hush-hush-secret"
ANN = {"sub": "ann-1", "email": "ann@corp.example", "email_verified": True, "groups": ["staff", "admins"]}

_TOKEN_PATHS = ("/token", "/oauth/access_token", "/oauth2/v4/token", "/auth/o2/token")
_KEY_PATHS = ("/keys", "/oauth2/v3/certs")
_USER_INFO_PATHS = ("/userinfo", "/v1/people/me", "/me", "/user/profile")

Sign = Callable[["OpenIdProvider", dict[str, Any]], str]


@dataclass(frozen=True)
class Reply:
    """What a path answers, whoever asks.

    Attributes:
        stalls: is silent after the first byte, until the provider is closed.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    stalls: bool = False


@dataclass(frozen=True)
class Asked:
    """A request that came.

    Attributes:
        sent: the parameters of query and form.
    """

    method: str
    path: str
    sent: Mapping[str, str]
    authorization: str


def says(value: object, status: int = 200) -> Reply:
    """Return a reply of JSON."""
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


def well_signed(provider: OpenIdProvider, claims: dict[str, Any]) -> str:
    """Return an ID token as it should be."""
    return jwt.encode(claims, provider.key, algorithm="RS256", headers={"kid": provider.key_id})


class _Handler(BaseHTTPRequestHandler):
    """Hands every request to the provider."""

    server: OpenIdProvider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        sent = dict(parse_qsl(parts.query, keep_blank_values=True) + parse_qsl(body, keep_blank_values=True))
        asked = Asked(self.command, parts.path, sent, self.headers.get("Authorization", ""))
        self.server.asked.append(asked)
        self._write(self.server.reply_to(asked))

    do_POST = do_GET

    def _write(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body[:1] if reply.stalls else reply.body)
        if reply.stalls:
            self.server.closing.wait(30)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class OpenIdProvider(ThreadingHTTPServer):
    """The provider.

    Attributes:
        now: the time by which tokens are made; the tests' clock, usually.
        issuer: what it calls itself; its address, unless it stands in for another.
        claims: what is known of the user who signs in, told by ID tokens.
        user_info: what userInfo tells; the claims, when None.
        id_claims: changes of the ID token's claims; None takes one away.
        token_members: changes of the token endpoint's answer, likewise.
        configuration_members: changes of the discovery document, likewise.
        answers: path -> a reply in place of the right one.
        asked: the requests that came, oldest first.
    """

    daemon_threads = True

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_key: Callable[[], rsa.RSAPrivateKey] = generate_key,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.now = now
        self.issuer = self.url
        self.new_key = new_key
        self.key = new_key()
        self.key_id = "key-1"
        self.sign: Sign = well_signed
        self.claims: dict[str, Any] = dict(ANN)
        self.user_info: dict[str, Any] | None = None
        self.id_claims: dict[str, Any] = {}
        self.token_members: dict[str, Any] = {}
        self.configuration_members: dict[str, Any] = {}
        self.answers: dict[str, Reply] = {}
        self.asked: list[Asked] = []
        self.closing = Event()
        self._codes: dict[str, dict[str, str]] = {}
        self._numbers = count(1)

    @property
    def url(self) -> str:
        """Return its address, which is also the base under which it stands in for social providers."""
        return f"http://localhost:{self.server_port}"

    def details(self, **changes: str) -> dict[str, str]:
        """Return ProviderDetails that describe it; everything else is discovered."""
        return {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "attributes_request_method": "GET",
            "oidc_issuer": self.issuer,
            "authorize_scopes": "openid email",
            **changes,
        }

    def answer(self, location: str) -> dict[str, str]:
        """Return what the user's browser brings back to `redirect_uri`, after it was sent to a location."""
        sent = dict(parse_qsl(urlsplit(location).query))
        code = f"code-{next(self._numbers)}"
        self._codes[code] = sent
        return {"code": code, "state": sent["state"]}

    def rotate(self) -> None:
        """Sign by another key from now on, and publish only that one."""
        self.key = self.new_key()
        self.key_id = f"key-{next(self._numbers) + 1}"

    def paths(self) -> list[str]:
        """Return the paths that were asked for."""
        return [each.path for each in self.asked]

    def last_asked(self, path: str) -> Asked:
        """Return the newest request for a path."""
        return next(each for each in reversed(self.asked) if each.path == path)

    def reply_to(self, asked: Asked) -> Reply:
        """Return the reply to a request."""
        if asked.path in self.answers:
            return self.answers[asked.path]
        if asked.path == "/.well-known/openid-configuration":
            return says(_changed(self._configuration(), self.configuration_members))
        if asked.path.endswith(_KEY_PATHS):
            return says({"keys": [self._public_key()]})
        if asked.path.endswith(_TOKEN_PATHS):
            return self._token(asked)
        if asked.path.endswith(_USER_INFO_PATHS):
            return self._user_info(asked)
        return says({"error": "not_found"}, 404)

    def _configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
        }

    def _public_key(self) -> dict[str, Any]:
        jwk: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {**jwk, "kid": self.key_id, "use": "sig", "alg": "RS256"}

    def _token(self, asked: Asked) -> Reply:
        """Answer as the token endpoint: each code once, to the client it was given to, with its verifier."""
        request = self._codes.pop(asked.sent.get("code", ""), None)
        if request is None or asked.sent.get("redirect_uri") != request["redirect_uri"]:
            return says({"error": "invalid_grant", "error_description": "The code is not good."}, 400)
        if asked.sent.get("client_id") != request["client_id"] or not asked.sent.get("client_secret"):
            return says({"error": "invalid_client", "error_description": "Who are you?"}, 401)
        if challenge_of(asked.sent.get("code_verifier", "")) != request["code_challenge"]:
            return says({"error": "invalid_grant", "error_description": "The verifier is wrong."}, 400)
        answer = {
            "access_token": "upstream-access-token",
            "token_type": "Bearer",
            "expires_in": 3600,
            "id_token": self.sign(self, _changed(self._id_claims(request), self.id_claims)),
        }
        return says(_changed(answer, self.token_members))

    def _id_claims(self, request: Mapping[str, str]) -> dict[str, Any]:
        issued_at = int(self.now().timestamp())
        own = {"iss": self.issuer, "aud": request["client_id"], "iat": issued_at, "exp": issued_at + 600}
        nonce = {"nonce": request["nonce"]} if "nonce" in request else {}
        return {**self.claims, **own, **nonce}

    def _user_info(self, asked: Asked) -> Reply:
        if asked.authorization != "Bearer upstream-access-token":
            return says({"error": "invalid_token"}, 401)
        return says(self.claims if self.user_info is None else self.user_info)


def challenge_of(code_verifier: str) -> str:
    """Return the S256 challenge of a verifier."""
    return base64.urlsafe_b64encode(sha256(code_verifier.encode()).digest()).rstrip(b"=").decode()


@contextmanager
def running(
    now: Callable[[], datetime] = lambda: datetime.now(UTC), new_key: Callable[[], rsa.RSAPrivateKey] = generate_key
) -> Iterator[OpenIdProvider]:
    """Run a provider for as long as the block lasts."""
    with OpenIdProvider(now, new_key) as provider:
        thread = Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield provider
        finally:
            provider.closing.set()
            provider.shutdown()
            thread.join()


def _changed(given: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**given, **changes}.items() if value is not None}
