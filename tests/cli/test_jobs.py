"""`idp jobs` does the work outside requests, once or until it is told to stop."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from idp.cli.jobs import command
from idp.outbound.sealer import Sealer
from idp.store.engine import Database
from idp.store.unit_of_work import UnitsOfWork

if TYPE_CHECKING:
    from collections.abc import Iterator

MASTER_KEY = "c29tZSBieXRlcyB0aGF0IGFyZSB0aGlydHktdHdvIGE="


@pytest.fixture
def environ(sqlite_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of a server with a migrated database."""
    return {"IDP_DATABASE_URL": sqlite_url, "IDP_MASTER_KEY": MASTER_KEY, "IDP_DATA": str(tmp_path)}


@pytest.fixture
def units(sqlite_url: str) -> Iterator[UnitsOfWork]:
    """The same database, with a ticket that has expired."""
    database = Database(sqlite_url)
    made = UnitsOfWork(database, Sealer(bytes(32)))
    with made.writing() as work:
        work.spent_tickets.spend("old", datetime.now(UTC) - timedelta(hours=1))
        work.commit()
    yield made
    database.dispose()


def is_kept(units: UnitsOfWork) -> bool:
    with units.reading() as work:
        return work.spent_tickets.is_spent("old")


def test_what_there_is_to_do_is_done_once(units: UnitsOfWork, environ: dict[str, str]) -> None:
    result = CliRunner().invoke(command, env=environ, catch_exceptions=False)

    assert (result.exit_code, is_kept(units)) == (0, False)


def test_a_database_without_the_schema_is_refused(tmp_path: Path, environ: dict[str, str]) -> None:
    empty = {**environ, "IDP_DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite'}"}
    result = CliRunner().invoke(command, env=empty)

    assert result.exit_code == 1
    assert "run: idp migrate" in result.output


def test_the_loop_ends_when_it_is_told_to(
    units: UnitsOfWork, environ: dict[str, str], until: Callable[[Callable[[], bool]], None]
) -> None:
    process = subprocess.Popen([sys.executable, "-m", "idp", "jobs", "--loop"], env=environ)
    try:
        until(lambda: not is_kept(units))
        process.send_signal(signal.SIGTERM)

        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """Wait until something is so."""

    def wait(is_so: Callable[[], bool]) -> None:
        deadline = datetime.now(UTC) + timedelta(seconds=30)
        while not is_so():
            assert datetime.now(UTC) < deadline, "it did not happen in time"

    return wait
