"""Running stored functions for triggers and routes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from idp.domain.errors import ResourceNotFound, TooManyRequests
from idp.flows.invocations import StoredFunctions
from idp.services import Services
from tests.aws.lambda_.code import created
from tests.backends.functions import watched
from tests.sdk import client_of

ARN = "arn:aws:lambda:us-east-1:000000000000:function:greeter"
PID = "import os\nhandler = lambda *_: os.getpid()"


@pytest.fixture
def functions(app: Any) -> Any:
    """A boto3 client of Lambda, signed by the account's root."""
    return client_of(app, "lambda")


@pytest.fixture
def stored(services: Services) -> Iterator[StoredFunctions]:
    """Stored functions, none of which has run."""
    with closing(StoredFunctions(lambda: services)) as stored:
        yield stored


def test_nothing_is_started_before_the_first_invocation(services: Services) -> None:
    threads = threading.active_count()

    with closing(StoredFunctions(lambda: services)) as stored:
        stored.forget(ARN)

        assert threading.active_count() == threads
        assert not (services.settings.data / "functions").exists()


@pytest.mark.parametrize("arn", [ARN, f"{ARN}:$LATEST"])
def test_a_function_goes_by_its_arn(functions: Any, stored: StoredFunctions, arn: str) -> None:
    created(functions)

    assert json.loads(stored.invoke(arn, b'{"name": "Ann"}').payload)["hello"] == "Ann"


def test_a_function_that_does_not_exist_is_not_found_under_its_qualified_name(stored: StoredFunctions) -> None:
    with pytest.raises(ResourceNotFound) as caught:
        stored.invoke(ARN, b"{}")

    assert caught.value.message == f"Function not found: {ARN}:$LATEST"


def test_a_shorter_time_than_the_functions_own_ends_it(functions: Any, stored: StoredFunctions) -> None:
    created(functions, "import time\ndef handler(*_):\n    time.sleep(60)", Timeout=60)

    result = stored.invoke(ARN, b"{}", timeout_s=0.2)

    assert result.function_error == "Unhandled"
    assert json.loads(result.payload)["errorType"] == "Sandbox.Timedout"


def test_the_process_of_a_deleted_function_ends(functions: Any, services: Services) -> None:
    created(functions, PID)

    with watched(int(services.functions.invoke(ARN, b"{}").payload)) as has_ended:
        functions.delete_function(FunctionName="greeter")

        assert has_ended()


def test_a_reset_ends_every_process_and_functions_run_again_after_it(functions: Any, stored: StoredFunctions) -> None:
    created(functions, PID)

    with watched(int(stored.invoke(ARN, b"{}").payload)) as has_ended:
        stored.reset()

        assert has_ended()
    assert stored.invoke(ARN, b"{}").function_error is None


def test_closed_functions_are_throttled(functions: Any, stored: StoredFunctions) -> None:
    created(functions)
    stored.close()

    with pytest.raises(TooManyRequests):
        stored.invoke(ARN, b"{}")
    with pytest.raises(TooManyRequests):
        stored.enqueue(ARN, b"{}")
