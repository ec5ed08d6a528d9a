"""The database engine: SQLite or PostgreSQL, set up so that writers queue and readers never wait.

SQLite runs in WAL mode. A write transaction begins IMMEDIATE, so it fails or waits at its start, never in the middle;
with synchronous=FULL one in-process lock goes round each, because SQLite's own back-off sleeps (spec PERFORMANCE, advice 9).
Reads run outside transactions (advice 8).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa

BUSY_TIMEOUT_MS = 10_000
PAGE_CACHE_KIB = 8_192


class Database:
    """One process's engine and its two ways in: `writing` and `reading`."""

    def __init__(self, url: str, *, synchronous: str = "NORMAL", pool_size: int = 8) -> None:
        """Open no connection yet.

        Args:
            url: SQLAlchemy URL of SQLite or PostgreSQL (psycopg).
            synchronous: SQLite's level; FULL survives a power cut.
        """
        self.is_sqlite = url.startswith("sqlite")
        self._engine = sa.create_engine(
            url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=not self.is_sqlite
        )
        if self.is_sqlite:
            _set_up_sqlite(self._engine, synchronous)
            self._reading = self._engine.execution_options(idp_reading=True)
        else:
            self._reading = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._write_lock: AbstractContextManager[Any] = (
            threading.Lock() if self.is_sqlite and synchronous == "FULL" else nullcontext()
        )

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open a write transaction; what is not committed when it ends is rolled back."""
        with self._write_lock, self._engine.connect() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a connection for reads outside a transaction."""
        with self._reading.connect() as connection:
            yield connection

    def dispose(self) -> None:
        """Close all connections (before a fork, at the end of a process)."""
        self._engine.dispose()


def _set_up_sqlite(engine: sa.Engine, synchronous: str) -> None:
    @sa.event.listens_for(engine, "connect")
    def set_pragmas(dbapi_connection: Any, _record: object) -> None:
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA cache_size=-{PAGE_CACHE_KIB}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begin_immediate(connection: sa.Connection) -> None:
        if not connection.get_execution_options().get("idp_reading"):
            connection.connection.cursor().execute("BEGIN IMMEDIATE")
