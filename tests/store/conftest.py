"""A store of the test's own, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from idp.outbound.sealer import Sealer
from idp.store.engine import Database
from idp.store.unit_of_work import UnitOfWork, UnitsOfWork
from tests.store.rows import a_client, a_user_pool


@pytest.fixture
def units(database_url: str) -> Iterator[UnitsOfWork]:
    """The two ways in, with one pool and one client stored."""
    database = Database(database_url)
    made = UnitsOfWork(database, Sealer(bytes(32)))
    with made.writing() as work:
        work.user_pools.add(a_user_pool())
        work.clients.add(a_client())
        work.commit()
    yield made
    database.dispose()


@pytest.fixture
def work(units: UnitsOfWork) -> Iterator[UnitOfWork]:
    """One transaction."""
    with units.writing() as opened:
        yield opened
