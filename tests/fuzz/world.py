"""A server in a known state, put back into it before each example."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from idp.services import Services
from tests.fakes import ScriptedTriggers


class World:
    """A server whose database can be put back as it was when the world was made."""

    def __init__(self, services: Services, triggers: ScriptedTriggers, database: Path) -> None:
        self._services = services
        self._triggers = triggers
        self._database = database
        self._as_it_was = sqlite3.connect(":memory:")
        with sqlite3.connect(database) as now:
            now.backup(self._as_it_was)
        now.close()

    def put_back(self) -> None:
        """Undo all that was stored since, and forget what the process kept of it."""
        now = sqlite3.connect(self._database)
        self._as_it_was.backup(now)
        now.close()
        self._services.catalog.clear()
        self._triggers.calls.clear()
