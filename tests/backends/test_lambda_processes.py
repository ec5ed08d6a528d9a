"""Where functions run: which process, with which environment, and until when."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from idp.backends.lambda_runtime import RESERVED_NAMES, FunctionThrottled, LambdaRuntime
from tests.backends.functions import ARN, REGION, Meeting, a_function, a_runtime, called, packed, watched

PID = "import os\ndef handler(event, context): return os.getpid()"
COUNT = "calls = 0\ndef handler(event, context):\n    global calls\n    calls += 1\n    return calls"
ENVIRONMENT = "import os\ndef handler(event, context): return dict(os.environ)"
MEET = """
import os, socket
def handler(event, context):
    with socket.create_connection(("127.0.0.1", event)) as meeting:
        meeting.sendall(os.getpid().to_bytes(4, "big"))
        meeting.recv(1)
    return os.getpid()
"""
"""Reports its process id at the port in the event, and answers when the other end hangs up."""


def test_a_warm_process_takes_the_next_event(runtime: LambdaRuntime) -> None:
    function = a_function(COUNT)

    assert [called(runtime, function), called(runtime, function), called(runtime, function)] == [1, 2, 3]


def test_a_process_survives_an_exception_of_its_handler(runtime: LambdaRuntime) -> None:
    function = a_function(f"{COUNT} / event")

    assert called(runtime, function, 0)["errorType"] == "ZeroDivisionError"
    assert called(runtime, function, 1) == 2


def test_concurrent_events_go_to_separate_processes(runtime: LambdaRuntime, meeting: Meeting) -> None:
    function = a_function(MEET)

    with ThreadPoolExecutor(2) as callers:
        answers = [callers.submit(called, runtime, function, meeting.port) for _ in range(2)]
        met = {meeting.next_pid(), meeting.next_pid()}
        meeting.end()

    assert {answer.result() for answer in answers} == met
    assert len(met) == 2


def test_a_call_is_throttled_while_all_processes_are_busy(tmp_path: Path, meeting: Meeting) -> None:
    function = a_function(MEET)
    with a_runtime(tmp_path, max_processes=1, wait_s=0) as runtime, ThreadPoolExecutor(1) as callers:
        first = callers.submit(called, runtime, function, meeting.port)
        pid = meeting.next_pid()
        with pytest.raises(FunctionThrottled):
            called(runtime, function)
        meeting.end()

        assert first.result() == pid


def test_a_call_waits_for_a_process_to_become_free(tmp_path: Path, meeting: Meeting) -> None:
    with a_runtime(tmp_path, max_processes=1, wait_s=5) as runtime, ThreadPoolExecutor(2) as callers:
        busy = callers.submit(called, runtime, a_function(MEET), meeting.port)
        pid = meeting.next_pid()
        waiting = callers.submit(called, runtime, a_function(PID, arn=f"{ARN}-2"))
        meeting.end()

        assert busy.result() == pid
        assert isinstance(waiting.result(), int)


def test_an_idle_process_makes_room_for_another_function(tmp_path: Path) -> None:
    with (
        a_runtime(tmp_path, max_processes=1, wait_s=0) as runtime,
        watched(called(runtime, a_function(PID))) as has_ended,
    ):
        called(runtime, a_function(PID, arn=f"{ARN}-2"))

        assert has_ended()


@pytest.mark.parametrize("fatal", ["os._exit(1)", "time.sleep(60)"], ids=["exit", "timeout"])
def test_a_lost_process_is_replaced(runtime: LambdaRuntime, fatal: str) -> None:
    source = f"import os, time\ndef handler(event, context):\n    if event: {fatal}\n    return os.getpid()"
    function = a_function(source)
    pid = called(runtime, function)
    called(runtime, function, "fatal", timeout_s=0.2)

    assert called(runtime, function) != pid


def test_a_process_that_ends_between_events_is_replaced(runtime: LambdaRuntime) -> None:
    function = a_function(PID)
    pid = called(runtime, function)
    with watched(pid) as has_ended:
        os.kill(pid, signal.SIGKILL)
        assert has_ended()

    assert called(runtime, function) != pid


def test_an_event_that_a_warm_process_did_not_take_goes_to_another(runtime: LambdaRuntime) -> None:
    source = """
import os, time
from awslambdaric.lambda_runtime_client import runtime_client

def leave():
    time.sleep(0.1)
    os._exit(1)

def handler(event, context):
    if event == "take no more":
        runtime_client.next = leave
    return os.getpid()
"""
    function = a_function(source)
    called(runtime, function, "take no more")

    assert isinstance(called(runtime, function), int)


def test_what_a_function_started_ends_with_it(runtime: LambdaRuntime, meeting: Meeting) -> None:
    source = """
import os, socket, subprocess, time
def handler(event, context):
    child = subprocess.Popen(["sleep", "60"])
    with socket.create_connection(("127.0.0.1", event)) as meeting:
        meeting.sendall(child.pid.to_bytes(4, "big"))
    time.sleep(60)
"""
    with ThreadPoolExecutor(1) as callers:
        callers.submit(called, runtime, a_function(source), meeting.port, timeout_s=0.3)
        with watched(meeting.next_pid()) as has_ended:
            assert has_ended()


def test_a_new_revision_runs_new_code_in_a_new_process(runtime: LambdaRuntime) -> None:
    with watched(called(runtime, a_function(PID))) as has_ended:
        assert called(runtime, a_function("def handler(event, context): return 'new'", revision="2")) == "new"
        assert has_ended()


@pytest.mark.parametrize("arn", [ARN, f"{ARN}:1"], ids=["all versions", "this version"])
def test_a_forgotten_function_ends(runtime: LambdaRuntime, arn: str) -> None:
    with watched(called(runtime, a_function(PID, arn=f"{ARN}:1", version="1"))) as has_ended:
        runtime.forget(arn)

        assert has_ended()


def test_a_forgotten_function_finishes_its_event_first(runtime: LambdaRuntime, meeting: Meeting) -> None:
    with ThreadPoolExecutor(1) as callers:
        answer = callers.submit(called, runtime, a_function(MEET), meeting.port)
        pid = meeting.next_pid()
        with watched(pid) as has_ended:
            runtime.forget(ARN)
            meeting.end()

            assert answer.result() == pid
            assert has_ended()


def test_forgetting_one_function_leaves_others_warm(runtime: LambdaRuntime) -> None:
    other = a_function(COUNT, arn=f"{ARN}-2")
    called(runtime, other)

    runtime.forget(ARN)

    assert called(runtime, other) == 2


def test_an_idle_process_ends_by_itself(tmp_path: Path) -> None:
    with a_runtime(tmp_path, idle_s=0.05) as runtime, watched(called(runtime, a_function(PID))) as has_ended:
        assert has_ended()


def test_a_process_ends_before_its_role_session_does(tmp_path: Path) -> None:
    now_s = [0.0]
    function = a_function(COUNT)
    with a_runtime(tmp_path, monotonic=lambda: now_s[0]) as runtime:
        called(runtime, function)
        now_s[0] = 44 * 60.0
        assert called(runtime, function) == 2
        now_s[0] = 45 * 60.0
        assert called(runtime, function) == 1


def test_closing_ends_idle_and_busy_processes(runtime: LambdaRuntime, meeting: Meeting) -> None:
    idle_pid = called(runtime, a_function(PID, arn=f"{ARN}-2"))
    with ThreadPoolExecutor(1) as callers, watched(idle_pid) as has_idle_ended:
        answer = callers.submit(called, runtime, a_function(MEET), meeting.port)
        with watched(meeting.next_pid()) as has_busy_ended:
            runtime.close()

            assert has_idle_ended()
            assert has_busy_ended()
        assert answer.result()["errorType"] == "Runtime.ExitError"
    with pytest.raises(FunctionThrottled):
        called(runtime, a_function(PID))


SPIN = """
import os, socket
def handler(event, context):
    with socket.create_connection(("127.0.0.1", event)) as meeting:
        meeting.sendall(os.getpid().to_bytes(4, "big"))
    while True: pass
"""
SERVER = """
import sys
from pathlib import Path
from tests.backends.functions import a_function, a_runtime, called

directory, port, source = sys.argv[1:]
with a_runtime(Path(directory)) as runtime:
    called(runtime, a_function(source, timeout_s=60.0), int(port))
"""


@pytest.mark.parametrize("fatal", [signal.SIGKILL, signal.SIGTERM])
def test_functions_do_not_outlive_the_server(tmp_path: Path, meeting: Meeting, fatal: signal.Signals) -> None:
    command = [sys.executable, "-c", SERVER, str(tmp_path), str(meeting.port), SPIN]
    with subprocess.Popen(command) as server, watched(meeting.next_pid()) as has_ended:
        server.send_signal(fatal)

        assert has_ended()


def test_nothing_of_the_servers_environment_is_seen(runtime: LambdaRuntime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDP_MASTER_KEY", "secret")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example")

    environment = called(runtime, a_function(ENVIRONMENT))

    unreserved = {"PATH", "LANG", "TZ", "HOME", "PYTHONPATH", "AWS_ENDPOINT_URL", "AWS_EC2_METADATA_DISABLED"}
    assert set(environment) <= RESERVED_NAMES | unreserved | {"LC_CTYPE"}


def test_the_environment_is_the_functions(runtime: LambdaRuntime) -> None:
    function = a_function(ENVIRONMENT, environment={"TABLE": "people", "TZ": "Europe/Zurich", "_HANDLER": "app.other"})

    environment = called(runtime, function)

    assert (
        environment.items()
        >= {
            "TABLE": "people",
            "TZ": "Europe/Zurich",
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": "http://localhost:9229",
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.11",
            "AWS_LAMBDA_FUNCTION_NAME": "greeter",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/greeter",
            "AWS_ACCESS_KEY_ID": "ASIAROLE",
            "AWS_SECRET_ACCESS_KEY": "role-secret",
            "AWS_SESSION_TOKEN": "role-token",
            "_HANDLER": "app.handler",
        }.items()
    )
    assert environment["HOME"] == environment["LAMBDA_TASK_ROOT"] == environment["PYTHONPATH"]


def test_a_handler_may_use_boto3_as_its_role(runtime: LambdaRuntime) -> None:
    source = """
import boto3
def handler(event, context):
    client = boto3.client("dynamodb")
    return [client.meta.endpoint_url, client.meta.region_name, boto3.Session().get_credentials().access_key]
"""
    assert called(runtime, a_function(source)) == ["http://localhost:9229", REGION, "ASIAROLE"]


def test_no_descriptor_of_the_server_is_inherited(runtime: LambdaRuntime, tmp_path: Path) -> None:
    source = """
import os
def handler(event, context):
    names = os.listdir("/proc/self/fd")
    return [os.readlink(f"/proc/self/fd/{name}") for name in names if os.path.exists(f"/proc/self/fd/{name}")]
"""
    with (tmp_path / "secret").open("wb") as secret:
        os.set_inheritable(secret.fileno(), True)

        descriptors = called(runtime, a_function(source))

    assert "/dev/null" in descriptors
    assert str(tmp_path / "secret") not in descriptors


def test_a_module_is_not_shadowed_by_the_runtimes_own(runtime: LambdaRuntime) -> None:
    files = {"app.py": "import pool\ndef handler(event, context): return pool.OWNER", "pool.py": "OWNER = 'user'"}

    assert called(runtime, a_function("", zip_bytes=lambda: packed(files))) == "user"
