"""Password hashing: argon2id through passlib, bounded so that it never takes the whole process.

A hash costs about 18 ms and 19 MiB. At most `slots` run at once in a process; a few more may wait; beyond that the caller
is told to come back, as Cognito does (spec PERFORMANCE, advice 3 and 4).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from passlib.context import CryptContext

from idp.domain.errors import TooManyRequests

WAIT_S = 10.0
WAITERS_PER_SLOT = 64


class Argon2Hasher:
    """argon2id with OWASP's parameters by default; hashes of older parameters still verify."""

    def __init__(self, *, memory_kib: int, passes: int, lanes: int, slots: int) -> None:
        self._context = CryptContext(
            schemes=["argon2"],
            argon2__type="ID",
            argon2__memory_cost=memory_kib,
            argon2__time_cost=passes,
            argon2__parallelism=lanes,
        )
        self._slots = threading.BoundedSemaphore(slots)
        self._queue = threading.BoundedSemaphore(slots * WAITERS_PER_SLOT)
        self._decoy: str | None = None

    def hash(self, password: str) -> str:
        """Return the modular-crypt text of a new hash."""
        with self._slot():
            return str(self._context.hash(password))

    def verify(self, password: str, password_hash: str) -> bool:
        """Say whether the password matches the hash."""
        with self._slot():
            return bool(self._context.verify(password, password_hash))

    def is_outdated(self, password_hash: str) -> bool:
        """Say whether the hash has other parameters than new ones get."""
        return bool(self._context.needs_update(password_hash))

    def verify_decoy(self, password: str) -> None:
        """Spend the time of one verification."""
        if self._decoy is None:
            self._decoy = self.hash("the password of nobody")
        self.verify(password, self._decoy)

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._queue.acquire(blocking=False):
            raise TooManyRequests
        try:
            if not self._slots.acquire(timeout=WAIT_S):
                raise TooManyRequests
            try:
                yield
            finally:
                self._slots.release()
        finally:
            self._queue.release()
