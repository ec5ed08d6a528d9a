"""Triggers as Python callables, for development."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from idp.domain.errors import TriggerAnswerInvalid, TriggerFailed, TriggerRefused
from idp.domain.trigger import TriggerCall
from idp.outbound import triggers
from idp.outbound.trigger_callables import PythonCallables
from idp.outbound.triggers import TriggerRunner

EVENT: dict[str, Any] = {"version": "1", "userPoolId": "us-east-1_abcdefghi", "response": {}}
never = threading.Event()
not_callable = 7


def confirm(event: dict[str, Any], context: None) -> dict[str, Any]:
    event["response"]["autoConfirmUser"] = True
    return event


def refuse(event: dict[str, Any], context: None) -> None:
    raise ValueError("No guests")


def leave(event: dict[str, Any], context: None) -> None:
    raise SystemExit("gone")


def answer_no_json(event: dict[str, Any], context: None) -> object:
    return object()


def answer_nothing(event: dict[str, Any], context: None) -> None:
    return None


def hang(event: dict[str, Any], context: None) -> None:
    never.wait(30)


def invoke(name: str, callables: PythonCallables | None = None) -> object:
    allowed = callables or PythonCallables()
    runner = TriggerRunner(lambdas=allowed, webhooks=allowed, callables=allowed)
    return runner.invoke(TriggerCall("PreSignUp", "PreSignUp_SignUp", f"{__name__}:{name}", EVENT))


def test_a_callable_is_called_as_a_handler_is() -> None:
    assert invoke("confirm") == {**EVENT, "response": {"autoConfirmUser": True}}


def test_a_callable_cannot_change_the_servers_event() -> None:
    invoke("confirm")
    assert EVENT["response"] == {}


@pytest.mark.parametrize(("name", "message"), [("refuse", "No guests"), ("leave", "gone")])
def test_what_it_raises_is_its_refusal(name: str, message: str) -> None:
    with pytest.raises(TriggerRefused) as refusal:
        invoke(name)
    assert refusal.value.message == f"PreSignUp failed with error {message}."


def test_an_answer_that_is_no_json_is_its_failure() -> None:
    with pytest.raises(TriggerRefused):
        invoke("answer_no_json")


def test_an_answer_of_nothing_is_unusable() -> None:
    with pytest.raises(TriggerAnswerInvalid):
        invoke("answer_nothing")


@pytest.mark.parametrize("name", ["missing", "not_callable"])
def test_a_name_without_a_function_is_not_found(name: str) -> None:
    with pytest.raises(TriggerFailed) as refusal:
        invoke(name)
    assert refusal.value.message == "PreSignUp invocation failed due to error ResourceNotFoundException."


def test_a_slow_one_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triggers, "TIMEOUT_S", 0.02)
    with pytest.raises(TriggerFailed) as refusal:
        invoke("hang")
    assert refusal.value.message.endswith("due to error Socket timeout while invoking Lambda function.")


def test_a_server_that_does_not_allow_them_runs_none() -> None:
    callables = PythonCallables()
    runner = TriggerRunner(lambdas=callables, webhooks=callables, callables=None)
    with pytest.raises(TriggerFailed) as refusal:
        runner.invoke(TriggerCall("PreSignUp", "PreSignUp_SignUp", f"{__name__}:confirm", EVENT))
    assert refusal.value.message == "PreSignUp invocation failed due to error AccessDeniedException."
