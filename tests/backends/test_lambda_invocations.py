"""What an invocation answers, word for word."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from idp.backends.lambda_runtime import InvokeResult, LambdaRuntime
from tests.backends.functions import REGION, a_function, called

UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

ECHO = "def handler(event, context): return event"
LARGEST = 6291556


def invoked(runtime: LambdaRuntime, source: str, **different: Any) -> InvokeResult:
    return runtime.invoke(a_function(source, **different), b"{}", region=REGION)


def without_request_id(payload: bytes) -> str:
    return re.sub(UUID, "REQUEST-ID", payload.decode())


def test_the_handlers_answer_is_the_payload(runtime: LambdaRuntime) -> None:
    result = runtime.invoke(a_function(ECHO, version="7"), '{"name": "Zoë"}'.encode(), region=REGION)

    assert json.loads(result.payload) == {"name": "Zoë"}
    assert (result.function_error, result.executed_version) == (None, "7")


def test_an_exception_is_described_with_its_trace(runtime: LambdaRuntime) -> None:
    result = invoked(runtime, "def handler(event, context):\n    raise KeyError('absent')")

    description = json.loads(result.payload)
    assert result.function_error == "Unhandled"
    assert list(description) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert (description["errorMessage"], description["errorType"]) == ("'absent'", "KeyError")
    assert re.fullmatch(UUID, description["requestId"])
    assert description["stackTrace"][-1].endswith("in handler\n    raise KeyError('absent')\n")


@pytest.mark.parametrize(
    ("source", "handler", "error_type", "message"),
    [
        ("raise RuntimeError('no luck')", "app.handler", "RuntimeError", "no luck"),
        ("", "app.gone", "Runtime.HandlerNotFound", "Handler 'gone' missing on module 'app'"),
        ("", "gone.handler", "Runtime.ImportModuleError", "Unable to import module 'gone': No module named 'gone'"),
    ],
    ids=["module raises", "no such handler", "no such module"],
)
def test_a_module_that_does_not_load_is_described_without_a_request(
    runtime: LambdaRuntime, source: str, handler: str, error_type: str, message: str
) -> None:
    result = invoked(runtime, source, handler=handler)

    description = json.loads(result.payload)
    assert result.function_error == "Unhandled"
    assert (description["errorType"], description["errorMessage"]) == (error_type, message)
    assert description["requestId"] == ""


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("os._exit(3)", "Runtime exited with error: exit status 3"),
        ("os.kill(os.getpid(), 11)", "Runtime exited with error: signal: segmentation fault"),
    ],
)
def test_an_exit_is_noticed(runtime: LambdaRuntime, statement: str, reason: str) -> None:
    result = invoked(runtime, f"import os\ndef handler(event, context): {statement}")

    assert result.function_error == "Unhandled"
    assert without_request_id(result.payload) == (
        f'{{"errorType": "Runtime.ExitError", "errorMessage": "RequestId: REQUEST-ID Error: {reason}"}}'
    )


def test_an_exit_while_loading_is_noticed(runtime: LambdaRuntime) -> None:
    result = invoked(runtime, "import os\nos._exit(0)")

    assert json.loads(result.payload)["errorType"] == "Runtime.ExitError"


def test_a_handler_that_takes_too_long_is_stopped(runtime: LambdaRuntime) -> None:
    result = invoked(runtime, "def handler(event, context):\n    while True: pass", timeout_s=0.3)

    assert result.function_error == "Unhandled"
    assert without_request_id(result.payload) == (
        '{"errorType": "Sandbox.Timedout", "errorMessage": "RequestId: REQUEST-ID Error: Task timed out after 0.30 seconds"}'
    )
    assert b"Task timed out after 0.30 seconds" in result.log_tail


def test_a_caller_may_shorten_the_timeout(runtime: LambdaRuntime) -> None:
    function = a_function("import time\ndef handler(event, context): time.sleep(60)")

    assert "timed out after 0.20 seconds" in called(runtime, function, timeout_s=0.2)["errorMessage"]


def test_loading_the_module_does_not_count_towards_the_timeout(runtime: LambdaRuntime) -> None:
    assert invoked(runtime, f"import time\ntime.sleep(0.3)\n{ECHO}", timeout_s=0.2).function_error is None


def test_a_trickling_answer_does_not_outlast_the_timeout(runtime: LambdaRuntime) -> None:
    source = """
import os, socket, time
def handler(event, context):
    host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
    with socket.create_connection((host, int(port))) as server:
        while True:
            server.sendall(b"X")
            time.sleep(0.01)
"""
    result = invoked(runtime, source, timeout_s=0.3)

    assert json.loads(result.payload)["errorType"] == "Sandbox.Timedout"


def test_the_largest_answer_passes(runtime: LambdaRuntime) -> None:
    result = invoked(runtime, f"def handler(event, context): return 'x' * {LARGEST - 2}")

    assert (len(result.payload), result.function_error) == (LARGEST, None)


def test_a_larger_answer_is_refused(runtime: LambdaRuntime) -> None:
    result = invoked(runtime, f"def handler(event, context): return 'x' * {LARGEST - 1}")

    assert result.function_error == "Unhandled"
    assert result.payload == (
        b'{"errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",'
        b' "errorType": "Function.ResponseSizeTooLarge"}'
    )


def test_a_chunked_answer_is_read(runtime: LambdaRuntime) -> None:
    source = """
import http.client, os
def handler(event, context):
    client = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    path = f"/2018-06-01/runtime/invocation/{context.aws_request_id}/response"
    client.request("POST", path, iter([b'{"in":', b'"parts"}']), encode_chunked=True)
    client.getresponse().read()
"""
    assert called(runtime, a_function(source)) == {"in": "parts"}


def test_an_answer_to_another_request_is_refused(runtime: LambdaRuntime) -> None:
    source = """
import http.client, json, os
def handler(event, context):
    client = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    client.request("POST", "/2018-06-01/runtime/invocation/forged/response", b'"forged"')
    answer = client.getresponse()
    return [answer.status, json.load(answer)]
"""
    assert called(runtime, a_function(source)) == [
        400,
        {"errorMessage": "Invalid request ID", "errorType": "InvalidRequestID"},
    ]


def test_the_handler_learns_about_its_call(runtime: LambdaRuntime) -> None:
    source = """
def handler(event, context):
    return {
        "arn": context.invoked_function_arn,
        "custom": context.client_context.custom,
        "identity": context.identity.cognito_identity_id,
        "has_time": 0 < context.get_remaining_time_in_millis() <= 5000,
    }
"""
    client_context = '{"custom":\r\n {"tier": "gold"}}'
    identity = {"cognitoIdentityId": "eu-west-1:ann", "cognitoIdentityPoolId": "eu-west-1:pool"}

    assert called(runtime, a_function(source), client_context=client_context, identity=identity) == {
        "arn": "arn:aws:lambda:eu-west-1:000000000000:function:greeter",
        "custom": {"tier": "gold"},
        "identity": "eu-west-1:ann",
        "has_time": True,
    }


def test_the_log_tail_frames_what_the_function_printed(runtime: LambdaRuntime) -> None:
    source = "import sys\ndef handler(event, context):\n    print('out')\n    print('err', end='', file=sys.stderr)"
    function = a_function(source, version="3")
    runtime.invoke(function, b"{}", region=REGION)

    log = runtime.invoke(function, b"{}", region=REGION).log_tail.decode()

    assert re.fullmatch(
        rf"START RequestId: ({UUID}) Version: 3\nout\nerr\nEND RequestId: \1\n"
        r"REPORT RequestId: \1\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB"
        r"\tMax Memory Used: \d+ MB\t\n",
        log,
    )


def test_the_first_report_tells_what_starting_took(runtime: LambdaRuntime) -> None:
    assert re.search(rb"Init Duration: [\d.]+ ms\t\n$", invoked(runtime, ECHO).log_tail)


def test_the_log_tail_is_the_last_four_kilobytes(runtime: LambdaRuntime) -> None:
    log = invoked(runtime, "def handler(event, context): print('x' * 300_000)").log_tail

    assert len(log) == 4096
    assert log.startswith(b"xxx")
    assert b"\nREPORT RequestId: " in log


def test_log_files_stay_small_and_private(runtime: LambdaRuntime, tmp_path: Path) -> None:
    invoked(runtime, "def handler(event, context): print('x' * 5_000_000)")

    files = [file.stat() for file in (tmp_path / "logs").iterdir()]
    assert sum(file.st_size for file in files) < 2_500_000
    assert {file.st_mode & 0o077 for file in files} == {0}
