"""What a page of any listing asks of the database: at most two SELECTs, each answered by an index.

A request may have to find out first whose list it is: whose access token, which user, group or role. That takes one SELECT,
which a request that lists nothing makes, too, and counts beside the page's two. What the process keeps for a second
(pools, clients, access keys) is not read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from botocore.model import OperationModel

from idp import aws, bootstrap
from idp.admin.routes import ROUTES
from idp.app import mount_faces
from idp.aws.models import service_model
from idp.aws.registry import collect
from idp.aws.types_generator import MODULES
from idp.outbound.keyring import KeyRing
from idp.settings import Settings
from idp.store.catalog import Catalog
from idp.store.engine import Database
from tests.aws.listings.plans import claim_many_rows, complaints
from tests.aws.listings.table import LISTINGS, MOST_PAGES, TOKENS, Listing
from tests.aws.listings.world import World, fill
from tests.fakes import FakeClock, KeysMadeOnce

SELECTS_OF_A_PAGE = 2


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, keys_made_once: KeysMadeOnce
) -> Iterator[World]:
    """A server with three of everything, that forgets nothing of what it keeps; none of the tests changes it."""
    new_database: Callable[[], str] = request.getfixturevalue(f"new_{request.param}_database")
    folder, url = tmp_path_factory.mktemp("listings"), new_database()
    settings = Settings(
        mode="dev",
        data=folder,
        keys=folder,
        database_url=url,
        argon2_memory_kib=8,
        argon2_time=1,
        sqlite_synchronous="OFF",
        any_credentials=True,
    )
    built, clock, database = bootstrap.build(settings), FakeClock(), Database(url)
    keyring = KeyRing(built.unit_of_work, clock, generate=keys_made_once)
    services = replace(built, clock=clock, keyring=keyring, catalog=Catalog(built.reading, lambda: 0.0))
    with database.writing() as connection:
        claim_many_rows(connection)
        connection.commit()
    yield fill(mount_faces(services), services, database)
    database.dispose()
    bootstrap.close(built)


@pytest.mark.parametrize("listing", LISTINGS, ids=str)
def test_no_page_asks_more_than_twice(world: World, listing: Listing) -> None:
    pages = listing.statements(world)

    assert listing.pages <= len(pages) < MOST_PAGES
    assert max(len(asked) for asked in pages) <= SELECTS_OF_A_PAGE + listing.is_of_one


@pytest.mark.parametrize("listing", LISTINGS, ids=str)
def test_every_page_is_found_by_an_index(world: World, listing: Listing) -> None:
    statements = [each for asked in listing.statements(world) for each in asked]

    with world.database.reading() as connection:
        found = [complaints(connection, each, is_short=listing.is_short, sifted=listing.sifted) for each in statements]

    assert not any(found), found


@pytest.mark.parametrize("service", MODULES)
def test_every_served_listing_is_measured(service: str) -> None:
    model = service_model(service)
    served = {name for name in collect([aws]).served(service) if _is_listing(model.operation_model(name))}

    assert {each.operation for each in LISTINGS if each.service == service} == served


def test_every_listing_of_the_operators_api_is_measured() -> None:
    paths = {re.sub("<.*?>", "{pool}", route.path) for route in ROUTES if route.name.startswith("list_")}

    assert {each.operation for each in LISTINGS if each.service == "admin"} == paths


def _is_listing(operation: OperationModel) -> bool:
    """Say whether an operation is called a list, or goes on by a token."""
    answer = operation.output_shape
    return re.match("(Admin)?List", operation.name) is not None or (
        answer is not None and not answer.members.keys().isdisjoint(TOKENS)
    )
