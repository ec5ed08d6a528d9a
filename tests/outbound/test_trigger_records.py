"""What is remembered of triggers' runs: bounded, sealed, and without secrets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from idp.domain.errors import TriggerFailed, TriggerRefused
from idp.domain.trigger import TriggerCall
from idp.domain.trigger_invocation import MASK, TriggerInvocation
from idp.outbound.trigger_callables import PythonCallables
from idp.outbound.trigger_records import TriggerRecords
from idp.outbound.triggers import TRIES, TriggerRunner
from idp.store import trigger_invocations
from tests.fakes import START

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from idp.services import Services

POOL_ID = "us-east-1_abcdefghi"
EVENT: dict[str, Any] = {
    "version": "1",
    "userPoolId": POOL_ID,
    "request": {
        "password": "Passw0rd!",
        "userAttributes": {"email": "ann@example.com"},
        "privateChallengeParameters": {"answer": "42"},
        "challengeAnswer": "41",
        "code": "123456",
        "attributes": {"tokenResponse": {"access_token": "upstream"}, "idToken": {"email": "ann@example.com"}},
    },
    "response": {"privateChallengeParameters": None},
}


def echo(event: dict[str, Any], context: None) -> dict[str, Any]:
    return {**event, "response": {"privateChallengeParameters": {"answer": "43"}, "answerCorrect": True}}


def refuse(event: dict[str, Any], context: None) -> None:
    raise ValueError("No guests")


def call(function: str = "echo", name: str = "PreSignUp", pool_id: str = POOL_ID) -> TriggerCall:
    return TriggerCall(name, f"{name}_Story", f"{__name__}:{function}", {**EVENT, "userPoolId": pool_id})


def at_once(job: Callable[[], None]) -> bool:
    job()
    return True


@pytest.fixture
def runner(services: Services) -> TriggerRunner:
    """A runner that remembers, and does at once what nobody waits for."""
    callables = PythonCallables()
    records = TriggerRecords(services.unit_of_work, services.clock)
    return TriggerRunner(lambdas=callables, webhooks=callables, callables=callables, records=records, submit=at_once)


def runs(services: Services, **wanted: Any) -> list[TriggerInvocation]:
    with services.reading() as work:
        return work.trigger_invocations.list_newest(limit=50, **wanted)


def test_a_run_is_remembered_with_event_answer_and_duration(runner: TriggerRunner, services: Services) -> None:
    runner.invoke(call())
    (run,) = runs(services)
    assert (run.pool_id, run.name, run.source) == (POOL_ID, "PreSignUp", "PreSignUp_Story")
    assert run.event["request"]["userAttributes"] == {"email": "ann@example.com"}
    assert run.answer["response"]["answerCorrect"] is True
    assert run.error is None
    assert 0 < run.duration_ms < 5_000
    assert abs((START - run.started_at).total_seconds()) < 5


def test_secrets_are_not_remembered(runner: TriggerRunner, services: Services) -> None:
    runner.invoke(call())
    (run,) = runs(services)
    hidden = {"password": MASK, "privateChallengeParameters": MASK, "challengeAnswer": MASK, "code": MASK}
    claims = {"tokenResponse": MASK, "idToken": {"email": "ann@example.com"}}
    assert run.event["request"] == {**EVENT["request"], **hidden, "attributes": claims}
    assert run.answer["request"] == run.event["request"]
    assert run.answer["response"]["privateChallengeParameters"] == MASK


def test_a_refusal_is_remembered_with_its_sentence(runner: TriggerRunner, services: Services) -> None:
    with pytest.raises(TriggerRefused):
        runner.invoke(call("refuse"))
    (run,) = runs(services)
    assert (run.answer, run.error) == (None, "PreSignUp failed with error No guests.")


def test_a_queued_run_is_tried_again_until_it_is_given_up(runner: TriggerRunner, services: Services) -> None:
    runner.enqueue(call("refuse", "CustomEmailSender"))
    assert [run.error for run in runs(services)] == ["CustomEmailSender failed with error No guests."] * TRIES


def test_a_queued_run_needs_no_answer(runner: TriggerRunner, services: Services) -> None:
    runner.enqueue(call("echo", "CustomEmailSender"))
    assert [run.error for run in runs(services)] == [None]


def test_a_full_queue_refuses() -> None:
    callables = PythonCallables()
    full = TriggerRunner(lambdas=callables, webhooks=callables, callables=callables, submit=lambda _: False)
    with pytest.raises(TriggerFailed) as refusal:
        full.enqueue(call(name="CustomSMSSender"))
    assert refusal.value.message == "CustomSMSSender invocation failed due to error TooManyRequestsException."


def test_runs_are_found_by_pool_and_trigger_newest_first(runner: TriggerRunner, services: Services) -> None:
    runner.invoke(call(name="PreSignUp"))
    runner.invoke(call(name="PostConfirmation"))
    runner.invoke(call(name="PreSignUp", pool_id="us-east-1_other0000"))
    assert [run.name for run in runs(services, pool_id=POOL_ID)] == ["PostConfirmation", "PreSignUp"]
    assert [run.pool_id for run in runs(services, name="PreSignUp")] == ["us-east-1_other0000", POOL_ID]


def test_only_the_newest_are_kept(runner: TriggerRunner, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trigger_invocations, "KEPT", 3)
    for name in "abcde":
        runner.invoke(call(name=name))
    assert [run.name for run in runs(services)] == ["e", "d", "c"]


def test_the_database_does_not_show_what_went_through(runner: TriggerRunner, services: Services) -> None:
    runner.invoke(call())
    engine = sa.create_engine(services.settings.sqlalchemy_url)
    with engine.connect() as connection:
        row = str(connection.execute(sa.text("SELECT * FROM trigger_invocations")).one())
    engine.dispose()
    assert "ann@example.com" not in row


def test_developers_see_the_runs_by_a_door(runner: TriggerRunner, services: Services, web: FlaskClient) -> None:
    runner.invoke(call())
    runner.invoke(call(name="PostConfirmation"))
    answer = web.get("/_dev/triggers", query_string={"trigger": "PreSignUp", "pool": POOL_ID}).get_json()
    (run,) = answer["invocations"]
    assert (run["trigger"], run["error"], run["event"]["request"]["password"]) == ("PreSignUp", None, MASK)


def test_a_page_of_another_site_does_not_see_them(web: FlaskClient) -> None:
    assert web.get("/_dev/triggers", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_server_for_real_users_remembers_only_when_told(services: Services) -> None:
    serving = replace(services.settings, mode="serve")
    assert services.settings.remembers_triggers
    assert not serving.remembers_triggers
    assert replace(serving, record_triggers=True).remembers_triggers
