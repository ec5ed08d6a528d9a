"""Running functions through the API: now, later, or not at all."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from idp.flows.invocations import StoredFunctions
from idp.services import Services
from idp.store.catalog import Catalog
from tests.aws.lambda_.code import answered, created
from tests.backends.functions import Meeting
from tests.sdk import refused

ARN = "arn:aws:lambda:us-east-1:000000000000:function:greeter"

REPORTER = """
import os, socket

def handler(event, context):
    with socket.create_connection(("127.0.0.1", event["port"])) as meeting:
        meeting.sendall(os.getpid().to_bytes(4, "big"))
        meeting.recv(1)
    if event.get("fails"):
        raise ValueError("no")
"""


@pytest.fixture
def meeting() -> Iterator[Meeting]:
    """Meet handlers while they run."""
    with closing(Meeting()) as meeting:
        yield meeting


def test_a_function_answers(functions: Any) -> None:
    created(functions)

    answer = functions.invoke(FunctionName="greeter", Payload=b'{"name": "Ann"}')

    assert json.loads(answer["Payload"].read()) == {"hello": "Ann", "arn": ARN}
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    assert "FunctionError" not in answer
    assert "LogResult" not in answer


def test_an_invocation_without_payload_gets_an_empty_event(functions: Any) -> None:
    created(functions, "handler = lambda event, context: event")

    assert functions.invoke(FunctionName="greeter")["Payload"].read() == b"{}"


def test_a_function_sees_its_environment(functions: Any) -> None:
    source = "import os\nhandler = lambda *_: os.environ['WORD']"
    created(functions, source, Environment={"Variables": {"WORD": "open sesame"}})

    assert answered(functions, {}) == "open sesame"


def test_sdks_in_a_function_call_this_server(functions: Any, services: Services) -> None:
    created(functions, "import os\nhandler = lambda *_: os.environ['AWS_ENDPOINT_URL']")

    assert answered(functions, {}) == services.settings.base_url


def test_a_function_whose_role_does_not_exist_has_no_credentials(functions: Any) -> None:
    created(functions, "import os\nhandler = lambda *_: [name for name in os.environ if 'ACCESS_KEY' in name]")

    assert answered(functions, {}) == []


def test_an_error_of_the_handler_is_told(functions: Any) -> None:
    created(functions, "def handler(event, context):\n    raise ValueError('no')")

    answer = functions.invoke(FunctionName="greeter")

    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    told = json.loads(answer["Payload"].read())
    assert (told["errorType"], told["errorMessage"]) == ("ValueError", "no")


def test_the_end_of_the_log_comes_with_the_answer_when_asked_for(functions: Any) -> None:
    created(functions, "def handler(event, context):\n    print('said hello')")

    log = base64.b64decode(functions.invoke(FunctionName="greeter", LogType="Tail")["LogResult"]).decode()

    assert log.startswith("START RequestId: ")
    assert "said hello\n" in log
    assert "\nREPORT RequestId: " in log


def test_the_clients_context_reaches_the_function(functions: Any) -> None:
    created(functions, "handler = lambda event, context: context.client_context.custom")
    context = base64.b64encode(b'{"custom": {"page": "home"}}').decode()

    answer = functions.invoke(FunctionName="greeter", ClientContext=context)

    assert json.loads(answer["Payload"].read()) == {"page": "home"}


def test_a_warm_invocation_reads_no_database(functions: Any, services: Services) -> None:
    created(functions)
    within_a_second = replace(services, catalog=Catalog(services.reading, monotonic=lambda: 0.0))
    with closing(StoredFunctions(lambda: within_a_second)) as stored:
        stored.invoke(ARN, b"{}")
        services.database.close()
        (services.settings.data / "idp.sqlite").rename(services.settings.data / "away.sqlite")

        assert stored.invoke(ARN, b"{}").function_error is None


def test_a_dry_run_runs_nothing(functions: Any) -> None:
    created(functions, "def handler(event, context):\n    raise ValueError('ran')")

    answer = functions.invoke(FunctionName="greeter", InvocationType="DryRun")

    assert (answer["StatusCode"], answer["Payload"].read()) == (204, b"")


def test_an_event_is_run_after_the_answer(functions: Any, meeting: Meeting) -> None:
    created(functions, REPORTER)

    answer = functions.invoke(
        FunctionName="greeter", InvocationType="Event", Payload=json.dumps({"port": meeting.port})
    )

    assert (answer["StatusCode"], answer["Payload"].read()) == (202, b"")
    assert meeting.next_pid() > 0


def test_an_event_whose_function_fails_is_tried_twice_more(functions: Any, meeting: Meeting) -> None:
    created(functions, REPORTER)
    functions.invoke(
        FunctionName="greeter", InvocationType="Event", Payload=json.dumps({"port": meeting.port, "fails": True})
    )

    for _ in range(3):
        meeting.next_pid()
        meeting.end()

    with pytest.raises(TimeoutError):
        meeting.next_pid(within_s=0.3)


@pytest.mark.parametrize("kind", ["RequestResponse", "Event", "DryRun"])
@pytest.mark.parametrize(
    ("named", "arn"),
    [
        ({"FunctionName": "nobody"}, "arn:aws:lambda:us-east-1:000000000000:function:nobody:$LATEST"),
        ({"FunctionName": "greeter", "Qualifier": "live"}, f"{ARN}:live"),
        ({"FunctionName": "greeter:7"}, f"{ARN}:7"),
    ],
)
def test_what_does_not_exist_cannot_be_invoked(functions: Any, named: dict[str, str], arn: str, kind: str) -> None:
    created(functions)

    with refused("ResourceNotFoundException", f"Function not found: {arn}"):
        functions.invoke(InvocationType=kind, **named)


def test_a_payload_that_is_not_json_is_refused(functions: Any) -> None:
    created(functions)

    with refused("InvalidRequestContentException") as caught:
        functions.invoke(FunctionName="greeter", Payload=b"{'name'}")

    assert caught.value.response["Error"]["Message"].startswith("Could not parse request body into json: ")


@pytest.mark.parametrize(("kind", "limit"), [("RequestResponse", 6_291_456), ("Event", 1_048_576)])
def test_a_payload_that_is_too_large_is_refused(functions: Any, kind: str, limit: int) -> None:
    created(functions)

    with refused(
        "RequestTooLargeException", f"Request must be smaller than {limit} bytes for the InvokeFunction operation"
    ) as caught:
        functions.invoke(FunctionName="greeter", InvocationType=kind, Payload=b'"' + b"x" * limit + b'"')

    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413


def test_a_context_that_is_not_base64_of_json_is_refused(functions: Any) -> None:
    created(functions)

    with refused("InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object."):
        functions.invoke(FunctionName="greeter", ClientContext="{}")
