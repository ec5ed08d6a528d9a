"""Imports survive workers that die, are stopped, or are many; each line is done once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from idp.domain.user_import import LineOutcome, ReportedLine
from idp.jobs import lease
from idp.jobs.lease import held
from idp.jobs.user_import import BATCH_LINES, MAX_CRASHES
from idp.jobs.worker import run_once
from idp.outbound.system import SystemRandom
from idp.store.user_batches import UserBatches
from tests.aws.cognito_idp.imports import Imports, counts, named, people
from tests.aws.cognito_idp.pools import PASSWORD, named_values

if TYPE_CHECKING:
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork
    from tests.fakes import FakeClock

USERS = 2 * BATCH_LINES + 50
ALL_DONE = (USERS, 0, 1)
TAKEN_NAMES = UserBatches.taken_names
REPORT = [f"[FAILED] Line Number {USERS + 2} - The User Record does not contain a username."]


class PowerCut(Exception):
    """The worker is gone."""


class DyingRandom(SystemRandom):
    """Lets a worker die at the so-manieth user: each takes a UUID."""

    def __init__(self, after: int) -> None:
        self._left = after

    def uuid(self) -> str:
        self._left -= 1
        if self._left < 0:
            raise PowerCut
        return super().uuid()


def dies_after(services: Services, users: int) -> Services:
    return replace(services, random=DyingRandom(users))


def many(imports: Imports) -> Any:
    """Return a started job of several batches, whose last line is no user."""
    return imports.ready(*people(USERS), named(""))


def stops_after(batches: int) -> Callable[[], bool]:
    """Return what a worker asks before each batch, and before each job."""
    answers = iter([False] * (batches + 1))
    return lambda: next(answers, True)


def usernames(imports: Imports) -> list[str]:
    pages = imports.pool.idp.get_paginator("list_users").paginate(UserPoolId=imports.pool.pool_id)
    return sorted(user["Username"] for page in pages for user in page["Users"])


def test_a_worker_that_dies_in_the_middle_loses_and_repeats_nobody(imports: Imports) -> None:
    job = many(imports)
    run_once(dies_after(imports.services, BATCH_LINES + 20), holder="dying")
    interrupted = imports.describe(job)
    run_once(imports.services, holder="next")
    finished = imports.describe(job)

    assert (interrupted["Status"], counts(interrupted)) == ("InProgress", (BATCH_LINES, 0, 0))
    assert (finished["Status"], counts(finished)) == ("Succeeded", ALL_DONE)
    assert usernames(imports) == [each["cognito:username"] for each in people(USERS)]
    assert imports.report(job) == REPORT


def test_a_worker_that_dies_while_it_stores_leaves_no_half_batch(
    imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = many(imports)

    def die(*_: object) -> bool:
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr("idp.store.user_imports.UserImports.advance", die)
        run_once(imports.services)
    assert usernames(imports) == []
    run_once(imports.services)

    assert counts(imports.describe(job)) == ALL_DONE


def test_the_lease_of_a_dead_worker_ends(imports: Imports, clock: FakeClock) -> None:
    job = many(imports)
    now = clock.now()
    with imports.services.unit_of_work() as work:
        work.leases.take(f"user-import:{job['JobId']}", "dead", now=now, until=now + lease.LIFETIME)
        work.commit()
    run_once(imports.services)
    meanwhile = imports.describe(job)
    clock.advance(lease.LIFETIME)
    run_once(imports.services)

    assert (meanwhile["Status"], counts(meanwhile)) == ("Pending", (0, 0, 0))
    assert counts(imports.describe(job)) == ALL_DONE


def test_a_worker_that_slept_past_its_lease_stores_nothing_more(imports: Imports, clock: FakeClock) -> None:
    job = many(imports)
    services = imports.services
    asked = iter([False, False])

    def falls_asleep() -> bool:
        if next(asked, True):
            clock.advance(lease.LIFETIME + timedelta(seconds=1))
            run_once(services, holder="awake")
        return False

    run_once(services, holder="sleepy", is_stopping=falls_asleep)

    assert counts(imports.describe(job)) == ALL_DONE
    assert len(usernames(imports)) == USERS


def test_nothing_is_stored_without_a_lease(imports: Imports, clock: FakeClock) -> None:
    job = many(imports)
    asked = iter([False])

    def falls_asleep() -> bool:
        if next(asked, True):
            clock.advance(lease.LIFETIME + timedelta(seconds=1))
        return False

    run_once(imports.services, is_stopping=falls_asleep)

    assert counts(imports.describe(job)) == (0, 0, 0)
    assert usernames(imports) == []


def test_the_same_lines_are_counted_once(imports: Imports) -> None:
    job_id = many(imports)["JobId"]
    line = ReportedLine(2, LineOutcome.FAILED, "why")
    with imports.services.unit_of_work() as work:
        job = work.user_imports.find(job_id)
        assert job is not None
        progress = job.progress.after(position=10, line=2, failed=1)
        stored = [work.user_imports.advance(job, progress, [line]) for _ in range(2)]
        work.commit()

    assert stored == [True, False]


def test_a_stopping_worker_leaves_the_rest_to_the_next(imports: Imports) -> None:
    job = many(imports)
    run_once(imports.services, is_stopping=stops_after(1))
    left = imports.describe(job)
    run_once(imports.services)

    assert (left["Status"], counts(left)) == ("InProgress", (BATCH_LINES, 0, 0))
    assert counts(imports.describe(job)) == ALL_DONE


def test_a_job_is_stopped_between_batches(imports: Imports) -> None:
    job = many(imports)
    run_once(imports.services, is_stopping=stops_after(1))
    imports.pool.idp.stop_user_import_job(**imports.key(job))
    run_once(imports.services)
    stopped = imports.describe(job)

    assert (stopped["Status"], counts(stopped)) == ("Stopped", (BATCH_LINES, 0, 0))


def test_of_several_workers_one_runs_a_job(imports: Imports) -> None:
    job = many(imports)
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda number: run_once(imports.services, holder=f"worker-{number}"), range(4)))
    run_once(imports.services)

    assert counts(imports.describe(job)) == ALL_DONE
    assert len(usernames(imports)) == USERS


def test_a_batch_that_loses_a_race_for_a_name_is_looked_at_again(
    imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = imports.ready(*people(3))
    seen: list[set[str]] = []

    def overtaken(batches: UserBatches, pool_id: str, names: set[str]) -> set[str]:
        """Say that every name is free, the first time, although one is taken meanwhile."""
        seen.append(names)
        return set() if len(seen) == 1 else TAKEN_NAMES(batches, pool_id, names)

    monkeypatch.setattr(UserBatches, "taken_names", overtaken)
    imports.pool.idp.sign_up(
        ClientId=imports.pool.client_id,
        Username="user-00001",
        Password=PASSWORD,
        UserAttributes=named_values(email="one@example.com"),
    )
    run_once(imports.services)

    assert (len(seen), counts(imports.describe(job))) == (2, (2, 1, 0))


def test_a_job_that_fails_again_and_again_ends(imports: Imports) -> None:
    job = many(imports)
    dying = replace(imports.services, random=DyingRandom(0))
    for _ in range(MAX_CRASHES):
        run_once(dying, holder="dying")
    ended = imports.describe(job)

    assert (ended["Status"], counts(ended)) == ("Failed", (0, 0, 0))
    assert ended["CompletionMessage"] == "The user import job failed because of an internal error."


def test_a_finished_job_keeps_no_file(imports: Imports) -> None:
    job = many(imports)
    with imports.services.reading() as work:
        stored = work.user_imports.find(job["JobId"])
    assert stored is not None
    assert piece_of(imports.services, stored.upload_id)
    run_once(imports.services)

    assert piece_of(imports.services, stored.upload_id) is None


def piece_of(services: Services, upload_id: str | None) -> bytes | None:
    with services.reading() as work:
        return work.user_import_files.find_piece(upload_id or "", 0)


def test_two_workers_never_hold_one_lease(imports: Imports) -> None:
    services = imports.services
    with held(services, "work", "one") as first, held(services, "work", "two") as second:
        assert first is not None
        assert second is None
    with held(services, "work", "two") as third:
        assert third is not None


def test_a_lease_is_taken_once_when_many_come_at_the_same_moment(imports: Imports) -> None:
    now = imports.services.clock.now()

    def take(number: int) -> bool:
        work: UnitOfWork
        with imports.services.unit_of_work() as work:
            is_taken = work.leases.take("work", f"worker-{number}", now=now, until=now + lease.LIFETIME)
            work.commit()
        return is_taken

    with ThreadPoolExecutor(6) as workers:
        taken = list(workers.map(take, range(6)))

    assert taken.count(True) == 1
