"""Lambda functions: what one is, and the rules that its settings obey.

Source: AWS API_CreateFunction, API_UpdateFunctionConfiguration; Lambda quotas; spec LAMBDA section 1.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict

from idp.domain.errors import AccessDenied, InvalidParameter

LATEST = "$LATEST"
RUNTIME_PREFIX = "python3."
DEFAULT_TIMEOUT_S, MAX_TIMEOUT_S = 3, 900
DEFAULT_MEMORY_MB, MAX_MEMORY_MB = 128, 10_240
MAX_ENVIRONMENT_BYTES = 4096
MAX_ZIP_BYTES = 50 * 1024 * 1024

_ENVIRONMENT_REFUSED = (
    "Lambda was unable to configure your environment variables because the environment variables you have provided"
)


class FunctionSettings(TypedDict, total=False):
    """What a request may set or change, by the names of `Function`'s fields."""

    role: str
    runtime: str
    handler: str
    description: str
    timeout_s: int
    memory_mb: int
    environment: Mapping[str, str]
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Function:
    """A stored function, without its deployment package.

    Attributes:
        role: ARN of the execution role, in the function's own account.
        environment: None when it was never given, which answers tell apart from an empty one.
        code_sha256: base64.
        revision_id: changes with every change of code or configuration.
    """

    account: str
    region: str
    name: str
    role: str
    code_sha256: str
    code_size: int
    revision_id: str
    updated_at: datetime
    runtime: str = ""
    handler: str = ""
    description: str = ""
    timeout_s: int = DEFAULT_TIMEOUT_S
    memory_mb: int = DEFAULT_MEMORY_MB
    environment: Mapping[str, str] | None = field(default=None, repr=False)
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        """Return the ARN without a qualifier."""
        return function_arn(self.region, self.account, self.name)


def function_arn(region: str, account: str, name: str) -> str:
    """Return the ARN of a function, without a qualifier."""
    return f"arn:aws:lambda:{region}:{account}:function:{name}"


def code_digest(zip_bytes: bytes) -> str:
    """Return a deployment package's CodeSha256: base64 of SHA-256."""
    return base64.b64encode(hashlib.sha256(zip_bytes).digest()).decode()


def check_function(function: Function, reserved: AbstractSet[str]) -> None:
    """Require settings that a function can run with.

    Args:
        reserved: names of variables that belong to the runtime.

    Raises:
        InvalidParameter: in Lambda's words where it has some.
        AccessDenied: the role is another account's.
    """
    check_runtime(function.runtime, function.handler)
    check_role(function.role, function.account)
    check_limits(function)
    check_environment(function.environment or {}, reserved)


def check_runtime(runtime: str, handler: str) -> None:
    """Require a runtime that can be run here, and a handler.

    Raises:
        InvalidParameter: one is missing, or the runtime is not Python's.
    """
    if not runtime or not handler:
        raise InvalidParameter(
            "Runtime and Handler are mandatory parameters for functions created with deployment packages."
        )
    if not runtime.startswith(RUNTIME_PREFIX):
        raise InvalidParameter(f"The runtime {runtime} is not served here; {RUNTIME_PREFIX}x runtimes are.")


def check_limits(function: Function) -> None:
    """Require what the model leaves open: the upper limits.

    Raises:
        InvalidParameter: more than 900 seconds, or more than 10240 MB.
    """
    for member, value, limit in (
        ("timeout", function.timeout_s, MAX_TIMEOUT_S),
        ("memorySize", function.memory_mb, MAX_MEMORY_MB),
    ):
        if value > limit:
            raise InvalidParameter(
                f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: "
                f"Member must have value less than or equal to {limit}"
            )


def check_environment(environment: Mapping[str, str], reserved: AbstractSet[str]) -> None:
    """Require variables that a user may set, 4 KB in all.

    Args:
        reserved: names that belong to the runtime.

    Raises:
        InvalidParameter: in Lambda's words.

    Source: spec LAMBDA section 1, "Limits"; the sentence on reserved keys: AWS API_CreateFunction as recorded by users.
    """
    taken = sorted(reserved & environment.keys())
    if taken:
        raise InvalidParameter(
            f"{_ENVIRONMENT_REFUSED} contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(taken)}"
        )
    measured = json.dumps(dict(environment), separators=(",", ":"), ensure_ascii=False)
    if len(measured.encode()) > MAX_ENVIRONMENT_BYTES:
        raise InvalidParameter(f"{_ENVIRONMENT_REFUSED} exceeded the 4KB limit. String measured: {measured}")


def check_role(role: str, account: str) -> None:
    """Require a role of the function's own account.

    Raises:
        AccessDenied: it is another account's.
    """
    if role.split(":")[4] != account:
        raise AccessDenied("Cross-account pass role is not allowed.")
