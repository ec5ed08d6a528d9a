"""What has expired is deleted, by one worker, now and then."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from idp.jobs.expiry import EVERY, NAME
from idp.jobs.worker import Worker, run_once
from tests.aws.cognito_idp.imports import Imports
from tests.aws.cognito_idp.people import claims_of
from tests.sdk import refused

if TYPE_CHECKING:
    from idp.services import Services
    from tests.fakes import FakeClock


def is_spent(services: Services, ticket: str) -> bool:
    with services.reading() as work:
        return work.spent_tickets.is_spent(ticket)


def spend(services: Services, ticket: str, lifetime: timedelta) -> None:
    with services.unit_of_work() as work:
        work.spent_tickets.spend(ticket, services.clock.now() + lifetime)
        work.commit()


def test_only_what_has_expired_is_deleted(services: Services, clock: FakeClock) -> None:
    spend(services, "short", timedelta(minutes=3))
    spend(services, "long", timedelta(hours=1))
    clock.advance(timedelta(minutes=4))
    run_once(services)

    assert (is_spent(services, "short"), is_spent(services, "long")) == (False, True)


def test_a_session_is_kept_until_its_last_access_token_has_ended(
    imports: Imports, services: Services, clock: FakeClock
) -> None:
    imports.pool.sign_up()
    tokens = imports.pool.tokens()
    clock.advance(timedelta(days=30, minutes=30))
    run_once(services)
    kept = session_of(services, tokens)
    clock.advance(timedelta(days=1))
    run_once(services)

    assert kept is not None
    assert session_of(services, tokens) is None
    with refused("NotAuthorizedException"):
        imports.pool.refresh(tokens)


def session_of(services: Services, tokens: Any) -> Any:
    with services.reading() as work:
        return work.user_sessions.find_with_user(claims_of(tokens["AccessToken"])["origin_jti"])


def test_no_worker_looks_again_within_some_minutes(services: Services, clock: FakeClock) -> None:
    run_once(services, holder="one")
    spend(services, "short", timedelta(minutes=1))
    clock.advance(timedelta(minutes=2))
    run_once(services, holder="two")
    meanwhile = is_spent(services, "short")
    clock.advance(EVERY)
    run_once(services, holder="two")

    assert (meanwhile, is_spent(services, "short")) == (True, False)


def test_one_worker_at_a_time_deletes(services: Services, clock: FakeClock) -> None:
    spend(services, "short", timedelta())
    now = clock.now()
    with services.unit_of_work() as work:
        work.leases.take(NAME, "another", now=now, until=now + timedelta(minutes=1))
        work.commit()
    clock.advance(1)
    run_once(services)

    assert is_spent(services, "short")


def test_a_worker_in_a_thread_works_until_it_is_stopped(services: Services, clock: FakeClock) -> None:
    spend(services, "short", timedelta())
    clock.advance(1)
    worker = Worker(services, interval_s=0.01)
    worker.start()
    try:
        with services.reading() as work:
            while work.leases.done_at(NAME) is None:
                continue
    finally:
        worker.stop()

    assert not is_spent(services, "short")


def test_a_worker_lives_on_after_a_failure(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[str] = []

    def fail_once(*_: object, **__: object) -> None:
        rounds.append("begun")
        if len(rounds) == 1:
            raise RuntimeError("the disk is full")
        worker.stop()

    monkeypatch.setattr("idp.jobs.worker.run_once", fail_once)
    worker = Worker(services, interval_s=0)
    worker.run()

    assert len(rounds) == 2


def test_what_users_did_is_kept_for_two_years(idp: Any, services: Services, clock: FakeClock) -> None:
    protected = {"AdvancedSecurityMode": "AUDIT"}
    pool_id = idp.create_user_pool(PoolName="people", UserPoolAddOns=protected)["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH"]
    client = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="web", ExplicitAuthFlows=flows)[
        "UserPoolClient"
    ]
    ann = {"UserPoolId": pool_id, "Username": "ann"}
    idp.admin_create_user(**ann, MessageAction="SUPPRESS")
    idp.admin_set_user_password(**ann, Password="Correct-horse-7", Permanent=True)
    parameters = {"USERNAME": "ann", "PASSWORD": "Correct-horse-7"}
    idp.initiate_auth(ClientId=client["ClientId"], AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    clock.advance(timedelta(days=729))
    run_once(services)
    kept = idp.admin_list_user_auth_events(**ann)["AuthEvents"]
    clock.advance(timedelta(days=2))
    run_once(services)

    assert kept
    assert idp.admin_list_user_auth_events(**ann)["AuthEvents"] == []
