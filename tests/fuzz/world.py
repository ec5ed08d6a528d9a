"""A server in a known state, put back into it before each example."""

from __future__ import annotations

import sqlite3

from idp.services import Services
from tests.fakes import ScriptedTriggers


class World:
    """A server whose database can be put back as it was when the world was made."""

    def __init__(self, services: Services, triggers: ScriptedTriggers) -> None:
        self._services = services
        self._triggers = triggers
        self._now = sqlite3.connect(services.settings.data / "idp.sqlite", isolation_level=None)
        self._as_it_was = sqlite3.connect(":memory:")
        self._now.backup(self._as_it_was)
        self._version = self._data_version()

    def put_back(self) -> None:
        """Undo all that was stored since, and forget what the process kept of it."""
        if self._data_version() != self._version:
            self._as_it_was.backup(self._now)
            self._version = self._data_version()
        self._services.catalog.clear()
        self._triggers.calls.clear()

    def close(self) -> None:
        """Close the connections."""
        self._now.close()
        self._as_it_was.close()

    def _data_version(self) -> int:
        """Return a number that changes when anybody else commits a change."""
        version: int = self._now.execute("PRAGMA data_version").fetchone()[0]
        return version
