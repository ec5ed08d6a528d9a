"""The machine's clock and randomness."""

from __future__ import annotations

import secrets
import threading
import uuid
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


class ShiftedClock:
    """The real time plus a shift that can be changed: `/_dev/clock` moves it, so that nobody need sleep."""

    def __init__(self) -> None:
        self._shift = timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the shifted moment, aware, in UTC."""
        return datetime.now(UTC) + self._shift

    def advance(self, span: timedelta) -> None:
        """Move the clock by a span, from where it stands."""
        with self._lock:
            self._shift += span

    def set(self, moment: datetime) -> None:
        """Let the clock stand at a moment and go on from there."""
        with self._lock:
            self._shift = moment - datetime.now(UTC)

    def reset(self) -> None:
        """Go back to the real time."""
        with self._lock:
            self._shift = timedelta()


class SystemRandom:
    """The operating system's randomness."""

    def bytes(self, count: int) -> bytes:
        """Return `count` unpredictable bytes."""
        return secrets.token_bytes(count)

    def digits(self, count: int) -> str:
        """Return `count` unpredictable decimal digits, leading zeros included."""
        return str(secrets.randbelow(10**count)).zfill(count)

    def below(self, limit: int) -> int:
        """Return an unpredictable integer in [0, limit)."""
        return secrets.randbelow(limit)

    def uuid(self) -> str:
        """Return a random UUID in lower case."""
        return str(uuid.uuid4())
