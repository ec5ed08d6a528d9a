"""Password hashing: argon2id through passlib, bounded so that it never takes the whole process.

A hash costs about 18 ms and 19 MiB. At most `slots` run at once in a process; a few more may wait; beyond that the caller
is told to come back, as Cognito does (spec PERFORMANCE, advice 3 and 4). Hashes that were imported verify too.

Hashing has threads of its own, one for each slot: a thread that has ever hashed keeps its 19 MiB, and memory that was just
used is in the processor's caches still.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from passlib.context import CryptContext
from passlib.utils import MAX_PASSWORD_SIZE

from idp.domain.errors import TooManyRequests
from idp.outbound import imported_hashes

WAIT_S = 10.0
WAITERS_PER_SLOT = 64

IMPORTED_SCHEMES = ("bcrypt", "scrypt", "pbkdf2_sha256")
BCRYPT_BYTES = 72
"""What bcrypt looks at of a password; those who made the hash cut it there too."""


class Argon2Hasher:
    """argon2id with OWASP's parameters by default; hashes of older parameters and other makers still verify."""

    def __init__(self, *, memory_kib: int, passes: int, lanes: int, slots: int) -> None:
        self._context = CryptContext(
            schemes=["argon2", *IMPORTED_SCHEMES],
            deprecated=[*IMPORTED_SCHEMES],
            argon2__type="ID",
            argon2__memory_cost=memory_kib,
            argon2__time_cost=passes,
            argon2__parallelism=lanes,
        )
        self._threads = ThreadPoolExecutor(slots, thread_name_prefix="password-hash")
        self._slots = threading.BoundedSemaphore(slots)
        self._queue = threading.BoundedSemaphore(slots * WAITERS_PER_SLOT)
        self._decoy: str | None = None

    def hash(self, password: str) -> str:
        """Return the modular-crypt text of a new hash."""
        with self._slot():
            return str(self._threads.submit(self._context.hash, password).result())

    def verify(self, password: str, password_hash: str) -> bool:
        """Say whether the password matches the hash; one that nobody could have set matches none, and costs nothing."""
        if "\0" in password or len(password) > MAX_PASSWORD_SIZE:
            return False
        secret: str | bytes = password
        if self._context.identify(password_hash) == "bcrypt":
            secret = password.encode()[:BCRYPT_BYTES]
        with self._slot():
            return bool(self._threads.submit(self._context.verify, secret, password_hash).result())

    def is_outdated(self, password_hash: str) -> bool:
        """Say whether the hash has another algorithm or other parameters than new ones get."""
        return bool(self._context.needs_update(password_hash))

    def is_importable(self, algorithm: str, password_hash: str) -> bool:
        """Say whether the text is a hash of that algorithm that `verify` takes and can afford."""
        return imported_hashes.is_importable(algorithm, password_hash)

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
