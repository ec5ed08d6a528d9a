"""Doing the work outside requests: once, or again and again in a thread of each process that serves."""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from idp.jobs.expiry import delete_expired
from idp.jobs.lease import LeaseLost
from idp.jobs.saml_metadata import refresh_saml_metadata
from idp.jobs.user_import import run_user_imports

if TYPE_CHECKING:
    from idp.services import Services

STOP_WITHIN_S = 10

log = logging.getLogger(__name__)


def run_once(services: Services, *, holder: str | None = None, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Do all that there is to do now; what other workers are at is left to them.

    Args:
        holder: names this worker; a new name when None.
        is_stopping: asked often; the rest then waits for another worker.
    """
    holder = holder or services.random.uuid()
    run_user_imports(services, holder, is_stopping=is_stopping)
    try:
        delete_expired(services, holder, is_stopping=is_stopping)
        refresh_saml_metadata(services, holder, is_stopping=is_stopping)
    except LeaseLost as error:
        log.warning("the lease on %s ended, another worker goes on", error)


class Worker:
    """Does the work again and again, in a thread of its own."""

    def __init__(self, services: Services, *, interval_s: float) -> None:
        self._services = services
        self._interval_s = interval_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin; the work stops by itself when the process ends."""
        atexit.register(self.stop)
        self._thread.start()

    def stop(self) -> None:
        """Let what runs come to a good place, and end."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_WITHIN_S)

    def run(self) -> None:
        """Work until `stop`, in the calling thread."""
        holder = self._services.random.uuid()
        while not self._stopping.is_set():
            try:
                run_once(self._services, holder=holder, is_stopping=self._stopping.is_set)
            except Exception:
                log.exception("work outside requests was interrupted")
            self._stopping.wait(self._interval_s)


def start_worker(services: Services) -> None:
    """Start the worker of a process that serves, unless the settings leave the work to `idp jobs`."""
    if services.settings.jobs_interval_s > 0:
        Worker(services, interval_s=services.settings.jobs_interval_s).start()
