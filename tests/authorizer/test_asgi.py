"""Somebody else's ASGI application, behind a token."""

import asyncio
import json
from typing import Any

import pytest

from idp.authorizer import RequireTokenAsgi, TokenVerifier
from idp.authorizer.asgi import Event, Receive, Scope, Send
from tests.authorizer.tokens_signed import CLIENT_ID, ISSUER, NOW, PublishedKeys, access_token

VERIFIER = TokenVerifier(PublishedKeys(), {ISSUER}, "access", audiences={CLIENT_ID}, clock=lambda: NOW)
GOOD = (b"authorization", f"Bearer {access_token()}".encode())


async def greeting(scope: Scope, receive: Receive, send: Send) -> None:
    """Tell who came through, in one event."""
    await send({"type": "greeting", "scope": scope["type"], "claims": scope.get("idp.claims")})


def events(type_: str, *headers: tuple[bytes, bytes], scopes: set[str] | None = None) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(event: Event) -> None:
        sent.append(dict(event))

    async def receive() -> Event:
        return {}

    app = RequireTokenAsgi(greeting, VERIFIER, scopes=scopes or set())
    asyncio.run(app({"type": type_, "headers": list(headers)}, receive, send))
    return sent


@pytest.mark.parametrize("type_", ["http", "websocket"])
def test_a_good_token_comes_through_with_its_claims(type_: str) -> None:
    (event,) = events(type_, GOOD, scopes={"pets/read"})

    assert (event["type"], event["scope"], event["claims"]["sub"]) == ("greeting", type_, "ann")


def test_the_lifespan_needs_no_token() -> None:
    assert events("lifespan") == [{"type": "greeting", "scope": "lifespan", "claims": None}]


@pytest.mark.parametrize(
    "headers", [(), (GOOD, GOOD), ((b"authorization", b"Basic YTpi"),)], ids=["no", "two", "basic"]
)
def test_without_exactly_one_token_a_request_is_unauthorized(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    start, body = events("http", *headers)

    assert start["status"] == 401
    assert dict(start["headers"])[b"www-authenticate"] == b"Bearer"
    assert json.loads(body["body"])["error"] == "unauthorized"


def test_a_bad_token_is_an_invalid_token() -> None:
    start, body = events("http", (b"Authorization", b"Bearer \xff.x.y"))

    assert start["status"] == 401
    assert dict(start["headers"])[b"content-length"] == str(len(body["body"])).encode()
    assert json.loads(body["body"])["error"] == "invalid_token"


def test_a_token_without_the_scope_is_forbidden() -> None:
    start, _ = events("http", GOOD, scopes={"pets/write"})

    assert start["status"] == 403


def test_a_handshake_without_a_token_is_closed() -> None:
    assert events("websocket") == [{"type": "websocket.close", "code": 1008}]
