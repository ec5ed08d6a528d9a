"""Bringing a database to the schema this version needs; several processes may start at once."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import sqlalchemy as sa

from idp.store.engine import Database

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
LOCK = 0x1D9_1D9


def upgrade(database_url: str) -> None:
    """Run the migrations that the database lacks; a current one is left after one query."""
    database = Database(database_url)
    try:
        if not is_current(database):
            _upgrade(database)
    finally:
        database.dispose()


class SchemaState:
    """Tells whether a database answers and has the newest schema."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def state(self) -> Literal["current", "outdated", "unreachable"]:
        """Ask the database."""
        try:
            with self._database.reading() as connection:
                connection.execute(sa.text("SELECT 1"))
        except sa.exc.OperationalError:
            return "unreachable"
        return "current" if is_current(self._database) else "outdated"

    def close(self) -> None:
        """Close all connections."""
        self._database.dispose()


def is_current(database: Database) -> bool:
    """Say whether the schema is the newest that this version knows."""
    try:
        with database.reading() as connection:
            found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    except (sa.exc.OperationalError, sa.exc.ProgrammingError):
        return False
    return found == newest_revision()


def newest_revision() -> str:
    """Return the last migration's id: files are numbered."""
    return max(path.stem.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _upgrade(database: Database) -> None:
    # Alembic takes 0.2 s to load; a start with a current schema goes without it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.writing() as connection:
        # One process migrates, the others wait here: SQLite by BEGIN IMMEDIATE, PostgreSQL by an advisory lock.
        connection.execute(
            sa.text("SELECT 1") if database.is_sqlite else sa.select(sa.func.pg_advisory_xact_lock(LOCK))
        )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
