"""Migrations bring a database to the tables of the code, whoever runs them and how often."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from idp.outbound.sealer import Sealer
from idp.store import migrate
from idp.store.engine import Database
from idp.store.migrate import SchemaState
from idp.store.tables import metadata
from idp.store.unit_of_work import UnitOfWork
from tests.databases import name_database, run_as_administrator
from tests.store.rows import POOL, a_user_pool

AT_ONCE = 4
A_BROWSER_SESSION = f"""
    INSERT INTO browser_sessions (digest, pool_id, state, expires_at, is_fresh, source, device_name)
    VALUES ('digest', '{POOL}', '{{}}', 0, false, '192.0.2.1', 'a browser')
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite'}"
    postgres_url: str = request.getfixturevalue("postgres_url")
    name = f"empty_{abs(hash(tmp_path))}"
    run_as_administrator(postgres_url, f"CREATE DATABASE {name}")
    return name_database(postgres_url, name)


def migrate_to(database_url: str, revision: str, *, by: Callable[[Config, str], None] = command.upgrade) -> None:
    """Bring a database to the tables of some version."""
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    database = Database(database_url)
    with database.writing() as connection:
        config.attributes["connection"] = connection
        by(config, revision)
        connection.commit()
    database.dispose()


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


def test_a_database_of_the_first_version_keeps_its_browser_sessions(empty_database: str) -> None:
    migrate_to(empty_database, "0001")
    database = Database(empty_database)
    with database.writing() as connection:
        UnitOfWork(connection, Sealer(bytes(32))).user_pools.add(a_user_pool())
        connection.execute(sa.text(A_BROWSER_SESSION))
        connection.commit()
    migrate.upgrade(empty_database)
    with database.reading() as connection:
        found = UnitOfWork(connection, Sealer(bytes(32))).browser_sessions.find_with_user("digest")
    database.dispose()
    assert found is not None
    assert (found[0].source, found[0].identity_provider, found[0].upstream) == ("192.0.2.1", None, None)


def test_a_migration_can_be_undone(empty_database: str) -> None:
    migrate.upgrade(empty_database)
    migrate_to(empty_database, "0001", by=command.downgrade)
    state = SchemaState(Database(empty_database))
    before = state.state()
    migrate.upgrade(empty_database)
    after = state.state()
    state.close()
    assert (before, after) == ("outdated", "current")


def test_a_database_that_does_not_answer_is_unreachable() -> None:
    state = SchemaState(Database("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    assert state.state() == "unreachable"
