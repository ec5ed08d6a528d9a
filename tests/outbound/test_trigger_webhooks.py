"""Triggers as webhooks: signed events, and what statuses mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator

import orjson
import pytest

from idp.domain.errors import DomainError, TriggerAnswerInvalid, TriggerFailed, TriggerRefused
from idp.domain.trigger import TriggerCall
from idp.outbound import triggers
from idp.outbound.http import HttpClient
from idp.outbound.sealer import Sealer
from idp.outbound.system import SystemRandom
from idp.outbound.trigger_webhooks import Webhooks, webhook_secret
from idp.outbound.triggers import TriggerRunner
from tests.fakes import START, FakeClock
from tests.gateway.web_server import WebServer, serve

POOL_ID = "us-east-1_abcdefghi"
SEALER = Sealer(bytes(32))
EVENT = {"version": "1", "userPoolId": POOL_ID, "response": {}}
ANSWER = b'{"response":{"autoConfirmUser":true}}'


@pytest.fixture
def server() -> Iterator[WebServer]:
    """The webhook's server, which answers well."""
    with serve() as web:
        web.answers["/hook"] = ANSWER
        yield web


def invoke(url: str) -> object:
    webhooks = Webhooks(HttpClient(), SEALER, FakeClock(), SystemRandom())
    runner = TriggerRunner(lambdas=webhooks, webhooks=webhooks, callables=None)
    return runner.invoke(TriggerCall("PreSignUp", "PreSignUp_SignUp", url, EVENT))


def test_the_event_is_posted_and_the_answer_counts(server: WebServer) -> None:
    assert invoke(f"{server.url}/hook") == {"response": {"autoConfirmUser": True}}
    sent = server.requests[0]
    assert (sent.method, sent.headers["content-type"]) == ("POST", "application/json")
    assert orjson.loads(sent.body) == EVENT


def test_the_event_is_signed_as_standard_webhooks_are(server: WebServer) -> None:
    invoke(f"{server.url}/hook")
    sent = server.requests[0]
    assert sent.headers["webhook-timestamp"] == str(int(START.timestamp()))
    key = base64.b64decode(webhook_secret(SEALER, POOL_ID).removeprefix("whsec_"))
    signed = f"{sent.headers['webhook-id']}.{sent.headers['webhook-timestamp']}.".encode() + sent.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert sent.headers["webhook-signature"] == f"v1,{expected}"


def test_every_pool_has_a_secret_of_its_own() -> None:
    assert webhook_secret(SEALER, POOL_ID) != webhook_secret(SEALER, "us-east-1_other0000")
    assert webhook_secret(SEALER, POOL_ID) != webhook_secret(Sealer(bytes(31) + b"1"), POOL_ID)


STATUSES: list[tuple[int, bytes, type[DomainError], str]] = [
    (400, b'{"errorMessage":"No guests"}', TriggerRefused, "PreSignUp failed with error No guests."),
    (500, b'{"errorMessage":"No guests"}', TriggerRefused, "PreSignUp failed with error No guests."),
    (401, b"", TriggerFailed, "PreSignUp invocation failed due to error AccessDeniedException."),
    (403, b"<html>", TriggerFailed, "PreSignUp invocation failed due to error AccessDeniedException."),
    (404, b"[]", TriggerFailed, "PreSignUp invocation failed due to error ResourceNotFoundException."),
    (429, b"", TriggerFailed, "PreSignUp invocation failed due to error TooManyRequestsException."),
    (302, b"", TriggerFailed, "PreSignUp invocation failed due to error ServiceException."),
    (500, b'{"errorMessage":7}', TriggerFailed, "PreSignUp invocation failed due to error ServiceException."),
    (200, b"not json", TriggerAnswerInvalid, "Invalid lambda function output : Invalid JSON"),
    (200, b"[]", TriggerAnswerInvalid, "Unrecognizable lambda output"),
]


@pytest.mark.parametrize(("status", "body", "kind", "message"), STATUSES, ids=lambda value: str(value)[:30])
def test_what_a_webhook_answers_is_told_as_a_functions_answer_is(
    server: WebServer, status: int, body: bytes, kind: type[DomainError], message: str
) -> None:
    server.status, server.answers["/hook"] = status, body
    with pytest.raises(kind) as refusal:
        invoke(f"{server.url}/hook")
    assert refusal.value.message == message
    assert len(server.requests) == 1


def test_a_webhook_is_not_followed_elsewhere(server: WebServer) -> None:
    server.status, server.headers = 307, {"Location": f"{server.url}/hook"}
    with pytest.raises(TriggerFailed):
        invoke(f"{server.url}/hook")
    assert len(server.requests) == 1


def test_a_server_that_is_not_there_is_a_failure() -> None:
    with pytest.raises(TriggerFailed) as refusal:
        invoke("http://127.0.0.1:9/hook")
    assert refusal.value.message == "PreSignUp invocation failed due to error ServiceException."


def test_a_webhook_that_is_too_slow_is_tried_three_times(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triggers, "TIMEOUT_S", 0.05)
    server.delay_s = 30.0
    with pytest.raises(TriggerFailed) as refusal:
        invoke(f"{server.url}/hook")
    assert refusal.value.message.endswith("due to error Socket timeout while invoking Lambda function.")
    assert len(server.requests) == 3
