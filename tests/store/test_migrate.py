"""Migrations bring a database to the tables of the code, whoever runs them and how often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from idp.store import migrate
from idp.store.engine import Database
from idp.store.migrate import SchemaState
from idp.store.tables import metadata
from tests.databases import name_database, run_as_administrator

AT_ONCE = 4


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite'}"
    postgres_url: str = request.getfixturevalue("postgres_url")
    name = f"empty_{abs(hash(tmp_path))}"
    run_as_administrator(postgres_url, f"CREATE DATABASE {name}")
    return name_database(postgres_url, name)


def test_the_migrations_give_the_tables_of_the_code(empty_database: str) -> None:
    migrate.upgrade(empty_database)
    database = Database(empty_database)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        differences = compare_metadata(context, metadata)
    database.dispose()
    assert differences == []


def test_an_empty_database_is_outdated_and_a_migrated_one_is_current(empty_database: str) -> None:
    state = SchemaState(Database(empty_database))
    before = state.state()
    migrate.upgrade(empty_database)
    after = state.state()
    state.close()
    assert (before, after) == ("outdated", "current")


def test_several_may_migrate_at_once(empty_database: str) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(migrate.upgrade, [empty_database] * AT_ONCE))
    state = SchemaState(Database(empty_database))
    assert state.state() == "current"
    state.close()


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    migrate.upgrade(database_url)
    state = SchemaState(Database(database_url))
    assert state.state() == "current"
    state.close()


def test_a_database_that_does_not_answer_is_unreachable() -> None:
    state = SchemaState(Database("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    assert state.state() == "unreachable"
