"""Work that a request starts and does not wait for: a few threads and a bounded queue, none before the first use."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

THREADS = 2
MAX_WAITING = 1000


class Background:
    """Runs jobs in their order, a few at a time; thread-safe.

    Args:
        threads: how many run at once.
        max_waiting: how many may be unfinished.
    """

    def __init__(self, *, threads: int = THREADS, max_waiting: int = MAX_WAITING) -> None:
        self._threads = threads
        self._room = threading.BoundedSemaphore(max_waiting)
        self._starting = threading.Lock()
        self._executor: ThreadPoolExecutor | None = None

    def submit(self, job: Callable[[], None]) -> bool:
        """Queue a job, which must not raise; return False when there is no room for it."""
        if not self._room.acquire(blocking=False):
            return False
        try:
            self._started().submit(job).add_done_callback(self._leave)
        except RuntimeError:  # shut down
            self._room.release()
            return False
        return True

    def close(self) -> None:
        """Drop what waits; what runs ends by itself, and nothing is taken any more."""
        self._started().shutdown(wait=False, cancel_futures=True)

    def _started(self) -> ThreadPoolExecutor:
        with self._starting:
            if self._executor is None:
                self._executor = ThreadPoolExecutor(self._threads, thread_name_prefix="background")
            return self._executor

    def _leave(self, _job: Future[None]) -> None:
        self._room.release()
