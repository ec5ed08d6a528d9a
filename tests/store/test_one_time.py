"""What may be used once is used once, whoever is first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from idp.domain.user import User
from idp.store.confirmation_codes import StoredCode
from idp.store.unit_of_work import UnitsOfWork
from tests.fakes import START
from tests.store.rows import POOL, a_session, a_user

AT_ONCE = 8
HOUR = timedelta(hours=1)


def stored_user(units: UnitsOfWork) -> User:
    with units.writing() as work:
        user = work.users.add(a_user())
        work.commit()
    return user


def test_of_many_who_spend_a_refresh_token_at_once_one_succeeds(units: UnitsOfWork) -> None:
    user = stored_user(units)
    with units.writing() as work:
        work.user_sessions.add(a_session(user), "digest")
        work.commit()

    def spend(_: int) -> bool:
        with units.writing() as work:
            spent = work.user_sessions.spend_refresh_token("digest", START)
            work.commit()
        return spent

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(spend, range(AT_ONCE))) == 1


def test_of_many_who_spend_a_ticket_at_once_one_succeeds(units: UnitsOfWork) -> None:
    def spend(_: int) -> bool:
        with units.writing() as work:
            spent = work.spent_tickets.spend("ticket", START)
            work.commit()
        return spent

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(spend, range(AT_ONCE))) == 1


def test_of_many_who_spend_a_code_at_once_one_succeeds(units: UnitsOfWork) -> None:
    code = StoredCode(stored_user(units).id, "sign_up", "mac", "email", START + timedelta(hours=1))
    with units.writing() as work:
        work.confirmation_codes.put(code)
        work.commit()

    def spend(_: int) -> bool:
        with units.writing() as work:
            spent = work.confirmation_codes.spend(code)
            work.commit()
        return spent

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(spend, range(AT_ONCE))) == 1


@pytest.mark.parametrize("failures", [0, 1])
def test_of_many_who_count_on_from_what_they_saw_one_counts(units: UnitsOfWork, failures: int) -> None:
    with units.writing() as work:
        for _ in range(failures):
            work.attempts.increase(POOL, "ann", "password", START, seen=None, idle_since=START - HOUR)
        seen = work.attempts.find(POOL, "ann", "password")
        work.commit()

    def fail(_: int) -> bool:
        with units.writing() as work:
            is_counted = work.attempts.increase(POOL, "ann", "password", START, seen=seen, idle_since=START - HOUR)
            work.commit()
        return is_counted

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(fail, range(AT_ONCE))) == 1
    with units.reading() as work:
        counted = work.attempts.find(POOL, "ann", "password")
    assert counted is not None
    assert counted.count == failures + 1


def test_no_more_attempts_than_allowed_are_counted_when_all_come_at_once(units: UnitsOfWork) -> None:
    def attempt(_: int) -> bool:
        with units.writing() as work:
            is_within = work.attempts.increase_within(POOL, "ann", "try", START, limit=5, since=START - HOUR)
            work.commit()
        return is_within

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(attempt, range(AT_ONCE))) == 5


def test_a_limit_counts_anew_when_its_time_is_over(units: UnitsOfWork) -> None:
    with units.writing() as work:
        within = [
            work.attempts.increase_within(POOL, "ann", "try", moment, limit=1, since=moment - HOUR)
            for moment in (START, START + HOUR / 2, START + HOUR)
        ]
    assert within == [True, False, True]


def test_a_new_code_ends_the_older_one(units: UnitsOfWork) -> None:
    user = stored_user(units)
    older, newer = (StoredCode(user.id, "sign_up", mac, "email", START) for mac in ("older", "newer"))
    with units.writing() as work:
        work.confirmation_codes.put(older)
        work.confirmation_codes.put(newer)
        assert not work.confirmation_codes.spend(older)
        assert work.confirmation_codes.find(user.id, "sign_up") == newer


def test_a_revoked_session_tells_when(units: UnitsOfWork) -> None:
    user = stored_user(units)
    with units.writing() as work:
        work.user_sessions.add(a_session(user), "digest")
        work.user_sessions.revoke_of_user(user.id, START)
        found = work.user_sessions.find_refresh_token("digest")
    assert found is not None
    assert found.session.revoked_at == START
