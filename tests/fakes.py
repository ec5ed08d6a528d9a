"""Fakes of the ports: a clock that is moved, triggers and functions that answer by script, keys made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric import rsa

from idp.domain.errors import ResourceNotFound
from idp.domain.trigger import TriggerCall
from idp.outbound.keyring import generate_key
from idp.services import FunctionResult

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class FakeClock:
    """Stands still until it is advanced."""

    def __init__(self, moment: datetime = START) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def advance(self, span: timedelta | float) -> None:
        """Move by a span, or by seconds."""
        self._moment += span if isinstance(span, timedelta) else timedelta(seconds=span)

    def set(self, moment: datetime) -> None:
        self._moment = moment


class ScriptedTriggers:
    """Answers each trigger by a function of its event, and remembers the calls."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {}
        self.calls: list[TriggerCall] = []

    def on(self, name: str, answer: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
        """Let the trigger of that name answer with `answer(event)`; by default it returns its event."""
        self.answers[name] = answer

    def invoke(self, call: TriggerCall) -> Mapping[str, object]:
        self.calls.append(call)
        return self.answers.get(call.name, dict)(call.event)

    def enqueue(self, call: TriggerCall) -> None:
        self.calls.append(call)


class ScriptedFunctions:
    """Answers each Lambda function by a Python function of its event, and remembers the events."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self._answers: dict[str, Callable[[dict[str, Any]], FunctionResult]] = {}

    def on(self, arn: str, answer: Callable[[dict[str, Any]], Any]) -> None:
        """Let the function answer with `answer(event)`, as JSON."""
        self._answers[arn] = lambda event: FunctionResult(orjson.dumps(answer(event)), None, "$LATEST")

    def fail(self, arn: str, message: str) -> None:
        """Let the function raise an exception with this message."""
        payload = orjson.dumps({"errorMessage": message, "errorType": "Exception", "stackTrace": []})
        self._answers[arn] = lambda _: FunctionResult(payload, "Unhandled", "$LATEST")

    def invoke(
        self, arn: str, payload: bytes, *, timeout_s: float | None = None, client_context: str | None = None
    ) -> FunctionResult:
        if arn not in self._answers:
            raise ResourceNotFound(f"Function not found: {arn}")
        event = orjson.loads(payload)
        self.events.append(event)
        return self._answers[arn](event)

    def enqueue(self, arn: str, payload: bytes, *, client_context: str | None = None) -> None:
        self.invoke(arn, payload, client_context=client_context)

    def forget(self, arn: str) -> None:
        """Have no processes."""

    def reset(self) -> None:
        """Have no processes."""

    def close(self) -> None:
        """Have no processes."""


class KeysMadeOnce:
    """Deals RSA keys from a small stock, so that a test need not wait for prime numbers."""

    def __init__(self, count: int) -> None:
        self._keys: Iterator[rsa.RSAPrivateKey] = cycle([generate_key() for _ in range(count)])

    def __call__(self) -> rsa.RSAPrivateKey:
        return next(self._keys)
