"""Run Lambda functions: a Lambda Runtime API, and the processes that talk to it."""

from idp.backends.lambda_runtime.environment import RESERVED_NAMES
from idp.backends.lambda_runtime.failures import MAX_PAYLOAD_BYTES
from idp.backends.lambda_runtime.function import (
    FunctionCode,
    FunctionThrottled,
    InvalidCode,
    InvokeResult,
    RoleCredentials,
)
from idp.backends.lambda_runtime.runtime import LambdaRuntime
from idp.backends.lambda_runtime.task_root import MAX_UNPACKED_BYTES, verify_code

__all__ = [
    "MAX_PAYLOAD_BYTES",
    "MAX_UNPACKED_BYTES",
    "RESERVED_NAMES",
    "FunctionCode",
    "FunctionThrottled",
    "InvalidCode",
    "InvokeResult",
    "LambdaRuntime",
    "RoleCredentials",
    "verify_code",
]
