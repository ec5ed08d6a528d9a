"""What every test of the store relies on: a database of its own, migrated, on each kind."""

import pytest
from sqlalchemy import create_engine, text


@pytest.mark.parametrize("again", ["first", "second"])
def test_no_test_sees_what_another_wrote(database_url: str, again: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_behind (again VARCHAR(10))"))
        connection.execute(text("INSERT INTO left_behind VALUES (:again)"), {"again": again})
        assert connection.scalar(text("SELECT count(*) FROM left_behind")) == 1
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1
    engine.dispose()
