"""Messages that are kept instead of sent, on both databases."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from idp.domain.message import Message
from idp.store.tables.messages import outbox as table
from idp.store.unit_of_work import UnitOfWork, UnitsOfWork
from tests.fakes import START
from tests.store.rows import POOL

CODE = Message(
    pool_id=POOL,
    username="ann",
    kind="SignUp",
    medium="EMAIL",
    recipient="ann@example.com",
    subject="Your code",
    body="Your code is 314159",
    sent_at=START,
    code="314159",
)
NOTICE = replace(CODE, kind="NewDevice", body="You signed in from elsewhere", code=None)


def test_messages_come_back_newest_first(work: UnitOfWork) -> None:
    work.outbox.add(CODE)
    work.outbox.add(NOTICE)

    assert [replace(each, id=0) for each in work.outbox.list_newest(to="ann")] == [NOTICE, CODE]


def test_the_database_holds_no_code_that_can_be_read(units: UnitsOfWork, work: UnitOfWork) -> None:
    work.outbox.add(CODE)
    work.commit()

    with units.database.reading() as connection:
        stored = connection.execute(sa.select(table)).one()
    assert "314159" not in repr(stored)
