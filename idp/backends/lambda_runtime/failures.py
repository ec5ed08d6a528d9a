"""The payloads Lambda itself writes when a function gave no answer of its own.

Source: recorded from AWS in LocalStack's snapshots of TestLambdaErrors, TestLambdaBehavior and TestLambdaBaseFeatures.
"""

import json
import signal

MAX_PAYLOAD_BYTES = 6 * 1024 * 1024 + 100
"""What Lambda lets pass each way in a synchronous call: 6291556 bytes."""


def timed_out(request_id: str, timeout_s: float) -> bytes:
    """Describe an invocation that did not end within its function's timeout."""
    return _payload("Sandbox.Timedout", f"RequestId: {request_id} Error: {timeout_sentence(timeout_s)}")


def timeout_sentence(timeout_s: float) -> str:
    """Return what the log says of a timeout."""
    return f"Task timed out after {timeout_s:.2f} seconds"


def exited(request_id: str, returncode: int) -> bytes:
    """Describe a process that ended before it answered, by exit status or by the negative number of a signal."""
    return _payload("Runtime.ExitError", f"RequestId: {request_id} Error: {exit_sentence(returncode)}")


def exit_sentence(returncode: int) -> str:
    """Return what the log says of an exit.

    Unknown: the recordings show only the exit without a reason (status 0); the others are the sentences that
    Lambda's logs show for out-of-memory kills and failing extensions.
    """
    if returncode == 0:
        return "Runtime exited without providing a reason"
    if returncode > 0:
        return f"Runtime exited with error: exit status {returncode}"
    return f"Runtime exited with error: signal: {(signal.strsignal(-returncode) or str(-returncode)).lower()}"


def response_too_large() -> bytes:
    """Describe an answer larger than `MAX_PAYLOAD_BYTES`."""
    message = f"Response payload size exceeded maximum allowed payload size ({MAX_PAYLOAD_BYTES} bytes)."
    return json.dumps({"errorMessage": message, "errorType": "Function.ResponseSizeTooLarge"}).encode()


def _payload(error_type: str, message: str) -> bytes:
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()
