"""What a function is to the runtime that runs it, and what an invocation gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FunctionCode:
    """Everything needed to run one version of a function.

    Attributes:
        arn: what the handler sees as `invoked_function_arn`.
        version: `$LATEST` or a published number.
        revision: changes with code and configuration; a new revision gets new processes.
        environment: the user's variables, none of `RESERVED_NAMES`.
        zip_bytes: fetches the deployment package; called only when the code must be unpacked.
    """

    arn: str
    name: str
    version: str
    revision: str
    handler: str
    runtime: str
    timeout_s: float
    memory_mb: int
    environment: Mapping[str, str] = field(repr=False)
    zip_bytes: Callable[[], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class RoleCredentials:
    """A session of the function's execution role, valid for an hour or longer."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class InvokeResult:
    """The answer of one invocation.

    Attributes:
        payload: JSON; the handler's result, or the error's description when `function_error` is set.
        function_error: `Unhandled`, or `None` when the handler returned.
        log_tail: last 4 KB of the log, with its START, END and REPORT lines.
    """

    payload: bytes = field(repr=False)
    function_error: str | None
    executed_version: str
    log_tail: bytes = field(repr=False)


class FunctionThrottled(Exception):
    """Every process is busy, and none became free in time."""


class InvalidCode(Exception):
    """The deployment package cannot be unpacked; the message is Lambda's sentence."""
