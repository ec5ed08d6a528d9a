"""`idp triggers`."""

from __future__ import annotations

import base64
import json

import pytest
from click.testing import CliRunner, Result

from idp.cli import main
from idp.domain.errors import TriggerRefused
from idp.domain.trigger import TriggerCall
from idp.outbound.sender_codes import sender_key
from idp.outbound.trigger_records import TriggerRecords
from idp.outbound.trigger_webhooks import webhook_secret
from idp.services import Services

POOL_ID = "us-east-1_abcdefghi"
KMS_KEY = "arn:aws:kms:us-east-1:000000000000:key/abc"


def shown(services: Services, *arguments: str) -> Result:
    """Run the command on the database of a server."""
    settings = services.settings
    environment = {"IDP_KEYS": str(settings.keys)}
    return CliRunner().invoke(main, ["triggers", "--data", str(settings.data), *arguments], env=environment)


@pytest.fixture
def records(services: Services) -> TriggerRecords:
    """What a server remembers."""
    return TriggerRecords(services.unit_of_work, services.clock)


def remember(records: TriggerRecords, name: str = "PreSignUp", error: str | None = None) -> None:
    event = {"userPoolId": POOL_ID, "request": {"password": "Passw0rd!"}}
    call = TriggerCall(name, f"{name}_Story", "https://hooks.example.com/", event)
    records.add(call, None if error else {"response": {"autoConfirmUser": True}}, error=error, duration_s=0.0042)


def test_a_run_is_shown_with_event_answer_and_duration(services: Services, records: TriggerRecords) -> None:
    remember(records)
    assert shown(services).output.splitlines() == [
        "2026-03-02 11:59:59.995  PreSignUp_Story  4.2 ms  us-east-1_abcdefghi  https://hooks.example.com/",
        '    event   {"userPoolId":"us-east-1_abcdefghi","request":{"password":"********"}}',
        '    answer  {"response":{"autoConfirmUser":true}}',
        "",
    ]


def test_an_error_is_shown_in_place_of_an_answer(services: Services, records: TriggerRecords) -> None:
    remember(records, error=TriggerRefused("PreSignUp failed with error No guests.").message)
    assert "    error   PreSignUp failed with error No guests." in shown(services).output.splitlines()


def test_runs_of_one_trigger_can_be_asked_for_as_json(services: Services, records: TriggerRecords) -> None:
    remember(records)
    remember(records, "PostConfirmation")
    (line,) = shown(services, "--trigger", "PostConfirmation", "--json").output.splitlines()
    assert json.loads(line)["trigger"] == "PostConfirmation"


def test_no_run_is_said_so(services: Services) -> None:
    assert shown(services).output == "No trigger has run.\n"


def test_the_secret_of_a_pools_webhooks_is_told(services: Services) -> None:
    assert shown(services, "webhook-secret", POOL_ID).output.strip() == webhook_secret(services.sealer, POOL_ID)


def test_the_key_of_a_custom_sender_is_told(services: Services) -> None:
    told = shown(services, "sender-key", KMS_KEY).output.strip()
    assert base64.b64decode(told) == sender_key(services.sealer, KMS_KEY)


def test_a_folder_that_no_server_has_used_is_refused(tmp_path: object) -> None:
    answer = CliRunner().invoke(main, ["triggers", "--data", f"{tmp_path}/nothing"])
    assert answer.exit_code == 1
    assert "There is no master key" in answer.output
