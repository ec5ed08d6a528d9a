"""Fakes of the ports: a clock that is moved, triggers that answer by script, keys made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from idp.domain.trigger import TriggerCall
from idp.outbound.keyring import generate_key

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


class KeysMadeOnce:
    """Deals RSA keys from a small stock, so that a test need not wait for prime numbers."""

    def __init__(self, count: int) -> None:
        self._keys: Iterator[rsa.RSAPrivateKey] = cycle([generate_key() for _ in range(count)])

    def __call__(self) -> rsa.RSAPrivateKey:
        return next(self._keys)
