"""Put a token check in front of any ASGI application."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from dataclasses import replace
from typing import Any

from idp.authorizer.bearer import CLAIMS_KEY, BearerRefusal, admitted
from idp.authorizer.jwt import TokenVerifier

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY_VIOLATION = 1008


class RequireTokenAsgi:
    """Let only requests with an acceptable bearer token through; the claims are in `scope["idp.claims"]`.

    HTTP requests are refused with 401 or 403, WebSocket handshakes are closed before they are accepted. Tokens are
    verified on a worker thread, because an unknown key id makes the issuer's keys be fetched.

    Args:
        app: the application to protect.
        verifier: what is demanded of a token.
        scopes: of these, a token must carry at least one; overrides the verifier's own.
    """

    def __init__(self, app: Application, verifier: TokenVerifier, *, scopes: Collection[str] = ()) -> None:
        self._app = app
        self._verifier = replace(verifier, scopes=scopes) if scopes else verifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; the application's own lifespan passes."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        outcome = await asyncio.to_thread(admitted, self._verifier, _authorization(scope))
        if not isinstance(outcome, BearerRefusal):
            await self._app({**scope, CLAIMS_KEY: outcome}, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            await _refuse(send, outcome)


def _authorization(scope: Scope) -> str | None:
    values = [value for name, value in scope["headers"] if name.lower() == b"authorization"]
    return values[0].decode("latin-1") if len(values) == 1 else None


async def _refuse(send: Send, refusal: BearerRefusal) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(refusal.body)).encode()),
        (b"www-authenticate", refusal.challenge.encode()),
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": refusal.body})
