"""Lambda functions, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from idp.domain.errors import ConcurrentModification, ResourceConflict
from idp.domain.function import Function
from idp.store.tables.functions import functions as table
from idp.store.unit_of_work import UnitOfWork, UnitsOfWork
from tests.fakes import START

ACCOUNT, REGION = "111122223333", "eu-west-1"
GREETER = Function(
    account=ACCOUNT,
    region=REGION,
    name="greeter",
    role="arn:aws:iam::111122223333:role/runner",
    code_sha256="digest",
    code_size=4,
    revision_id="first",
    updated_at=START,
    runtime="python3.11",
    handler="app.handler",
    environment={"WORD": "open sesame"},
    tags={"team": "blue"},
)


@pytest.fixture(autouse=True)
def _stored(work: UnitOfWork) -> None:
    work.functions.add(GREETER, b"code")


def test_a_function_comes_back_and_its_code_when_asked_for(work: UnitOfWork) -> None:
    assert work.functions.find(ACCOUNT, REGION, "greeter") == GREETER
    assert work.functions.find_code(ACCOUNT, REGION, "greeter") == b"code"


def test_accounts_and_regions_have_names_of_their_own(work: UnitOfWork) -> None:
    assert work.functions.find("444455556666", REGION, "greeter") is None
    assert work.functions.find_code(ACCOUNT, "us-east-1", "greeter") is None
    work.functions.add(replace(GREETER, region="us-east-1"), b"other code")


def test_a_name_is_taken_once(units: UnitsOfWork, work: UnitOfWork) -> None:
    work.commit()

    with units.writing() as other, pytest.raises(ResourceConflict):
        other.functions.add(GREETER, b"other code")


def test_an_environment_that_was_never_given_stays_none(work: UnitOfWork) -> None:
    work.functions.add(replace(GREETER, name="bare", environment=None), b"code")

    assert work.functions.find(ACCOUNT, REGION, "bare") == replace(GREETER, name="bare", environment=None)


def test_an_environment_is_stored_sealed(units: UnitsOfWork, work: UnitOfWork) -> None:
    work.commit()

    with units.database.reading() as connection:
        stored = connection.execute(sa.select(table.c.environment)).scalar_one()
    assert "sesame" not in stored


def test_a_change_replaces_the_code_only_with_other_code(work: UnitOfWork) -> None:
    second = replace(GREETER, revision_id="second", description="changed")
    third = replace(second, revision_id="third")

    work.functions.save(second, replaces="first")
    assert work.functions.find_code(ACCOUNT, REGION, "greeter") == b"code"

    work.functions.save(third, replaces="second", code=b"new code")
    assert work.functions.find(ACCOUNT, REGION, "greeter") == third
    assert work.functions.find_code(ACCOUNT, REGION, "greeter") == b"new code"


def test_a_change_of_an_older_revision_is_refused(work: UnitOfWork) -> None:
    work.functions.save(replace(GREETER, revision_id="second"), replaces="first")

    with pytest.raises(ConcurrentModification):
        work.functions.save(replace(GREETER, revision_id="third"), replaces="first")


def test_functions_are_listed_by_name(work: UnitOfWork) -> None:
    work.functions.add(replace(GREETER, name="Zebra"), b"code")

    names = [each.name for each in work.functions.list_page(ACCOUNT, REGION, limit=9)]

    assert names == ["Zebra", "greeter"]
    assert work.functions.list_page(ACCOUNT, REGION, after="greeter", limit=9) == []
    assert [each.name for each in work.functions.list_page(ACCOUNT, REGION, limit=1)] == ["Zebra"]


def test_a_function_is_deleted_once(work: UnitOfWork) -> None:
    assert work.functions.delete(ACCOUNT, REGION, "greeter")
    assert not work.functions.delete(ACCOUNT, REGION, "greeter")
