"""A round trip to a provider is the browser's that began it, in its pool, in time, and once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from idp.domain.upstream import ROUND_TRIP, UpstreamRequest
from idp.store.tables.federation import upstream_requests
from idp.store.unit_of_work import UnitOfWork, UnitsOfWork
from tests.fakes import START
from tests.store.rows import POOL, a_user_pool

AT_ONCE = 8
STATE, BROWSER = "the state", "the cookie"
IN_TIME = START + ROUND_TRIP - timedelta(microseconds=1)
REQUEST = UpstreamRequest(
    state=STATE,
    pool_id=POOL,
    client_id="client1",
    provider_name="Corporate",
    query="client_id=client1&state=abc",
    callback_url="https://acme.example/oauth2/idpresponse",
    nonce="the nonce",
    code_verifier="the verifier",
    request_id="_1",
    expires_at=START + ROUND_TRIP,
)
FOREIGN: list[dict[str, Any]] = [
    {"state": "another state"},
    {"browser": "another cookie"},
    {"browser": ""},
    {"pool_id": "us-east-1_another12"},
    {"moment": START + ROUND_TRIP},
]


@pytest.fixture
def begun(units: UnitsOfWork) -> UnitsOfWork:
    """The store with one round trip under way, and another pool."""
    with units.writing() as work:
        work.user_pools.add(a_user_pool(id="us-east-1_another12"))
        work.upstream_requests.add(REQUEST, BROWSER)
        work.commit()
    return units


def take(work: UnitOfWork, **changes: Any) -> UpstreamRequest | None:
    given = {"pool_id": POOL, "state": STATE, "moment": IN_TIME, "browser": BROWSER, **changes}
    return work.upstream_requests.take_unanswered(**given)


def test_the_browser_that_began_a_round_trip_ends_it(begun: UnitsOfWork) -> None:
    with begun.writing() as work:
        assert take(work) == REQUEST


@pytest.mark.parametrize("changes", FOREIGN, ids=["state", "browser", "no-browser", "pool", "expired"])
def test_nobody_else_ends_it_nor_uses_it_up(begun: UnitsOfWork, changes: dict[str, Any]) -> None:
    with begun.writing() as work:
        foreign = take(work, **changes)
        assert (foreign, take(work)) == (None, REQUEST)


def test_of_many_who_end_a_round_trip_at_once_one_succeeds(begun: UnitsOfWork) -> None:
    def end(_: int) -> bool:
        with begun.writing() as work:
            taken = take(work)
            work.commit()
        return taken is not None

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(end, range(AT_ONCE))) == 1


def test_of_many_who_answer_a_round_trip_at_once_one_is_heard(begun: UnitsOfWork) -> None:
    def answer(number: int) -> bool:
        with begun.writing() as work:
            is_kept = work.upstream_requests.answer(POOL, STATE, START, {"subject": number})
            work.commit()
        return is_kept

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(answer, range(AT_ONCE))) == 1


def test_a_kept_answer_is_handed_to_its_browser_with_the_round_trip(begun: UnitsOfWork) -> None:
    with begun.writing() as work:
        work.upstream_requests.answer(POOL, STATE, START, {"subject": "ann"})
        foreign = work.upstream_requests.take_answered(POOL, STATE, START, "another cookie")
        taken = work.upstream_requests.take_answered(POOL, STATE, START, BROWSER)
        again = work.upstream_requests.take_answered(POOL, STATE, START, BROWSER)
    assert (foreign, taken, again) == (None, (REQUEST, {"subject": "ann"}), None)


def test_an_answered_round_trip_takes_no_other_answer(begun: UnitsOfWork) -> None:
    with begun.writing() as work:
        work.upstream_requests.answer(POOL, STATE, START, {"subject": "ann"})
        assert work.upstream_requests.find_unanswered(POOL, STATE, START) is None
        assert take(work) is None


def test_a_round_trip_that_waits_has_no_answer_to_hand_out(begun: UnitsOfWork) -> None:
    with begun.writing() as work:
        assert work.upstream_requests.take_answered(POOL, STATE, START, BROWSER) is None
        assert work.upstream_requests.find_unanswered(POOL, STATE, START) == REQUEST


def test_the_stored_row_tells_none_of_its_secrets(begun: UnitsOfWork) -> None:
    with begun.writing() as work:
        work.upstream_requests.answer(POOL, STATE, START, {"subject": "ann"})
        work.commit()
    with begun.database.reading() as connection:
        row = str(connection.execute(sa.select(upstream_requests)).one())
    secrets = (STATE, BROWSER, REQUEST.nonce, REQUEST.code_verifier, REQUEST.query, '"ann"')
    assert [secret for secret in secrets if secret in row] == []


def test_only_round_trips_that_have_ended_are_deleted(begun: UnitsOfWork) -> None:
    with begun.writing() as work:
        early = work.upstream_requests.delete_expired(IN_TIME)
        late = work.upstream_requests.delete_expired(START + ROUND_TRIP + timedelta(microseconds=1))
    assert (early, late) == (0, 1)
