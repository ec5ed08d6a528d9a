"""Work that a request starts and does not wait for: a few threads and a bounded queue, none before the first use."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

THREADS = 2
MAX_UNFINISHED = 1000

Job = Callable[[], None]


class Background:
    """Runs jobs in their order, a few at a time; thread-safe.  The process may end while jobs run or wait.

    Args:
        threads: how many run at once.
        max_unfinished: how many may run or wait.
    """

    def __init__(self, *, threads: int = THREADS, max_unfinished: int = MAX_UNFINISHED) -> None:
        self._free_threads = threads
        self._max_unfinished = max_unfinished
        self._changed = threading.Condition()
        self._waiting: deque[Job] = deque()
        self._running = 0
        self._is_closed = False

    def submit(self, job: Job) -> bool:
        """Queue a job, which must not raise; return False when there is no room for it."""
        with self._changed:
            if self._is_closed or self._running + len(self._waiting) >= self._max_unfinished:
                return False
            self._waiting.append(job)
            if self._free_threads:
                self._free_threads -= 1
                threading.Thread(target=self._work, name="background", daemon=True).start()
            self._changed.notify()
            return True

    def close(self) -> None:
        """Drop what waits; what runs ends by itself, and nothing is taken any more."""
        with self._changed:
            self._is_closed = True
            self._waiting.clear()
            self._changed.notify_all()

    def _work(self) -> None:
        while job := self._take():
            try:
                job()
            finally:
                with self._changed:
                    self._running -= 1

    def _take(self) -> Job | None:
        """Wait for a job; None when there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            if self._is_closed:
                return None
            self._running += 1
            return self._waiting.popleft()
