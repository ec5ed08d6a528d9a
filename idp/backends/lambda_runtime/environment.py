"""The environment variables a function's process sees: Lambda's own and the user's, none of the server's."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from idp.backends.lambda_runtime.function import FunctionCode, RoleCredentials

RESERVED_NAMES = frozenset(
    {
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_MAX_CONCURRENCY",
        "AWS_LAMBDA_METADATA_API",
        "AWS_LAMBDA_METADATA_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
    }
)
"""Names no user may set.  Source: Lambda developer guide, "Defined runtime environment variables"."""

_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
_USER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def function_environment(
    function: FunctionCode, task_root: Path, *, region: str, endpoint_url: str, credentials: RoleCredentials | None
) -> dict[str, str]:
    """Return the whole environment of a function's process, but for the Runtime API's address.

    The user's variables replace what is not reserved, such as PATH, TZ or AWS_ENDPOINT_URL. HOME is the task root, so
    that no SDK finds the server operator's own credentials in a home directory. SDKs inside the function call
    `endpoint_url`.

    Source: Lambda developer guide, "Defined runtime environment variables".
    """
    user = {name: value for name, value in function.environment.items() if _may_set(name)}
    python_path = filter(None, [str(task_root), user.get("PYTHONPATH")])
    return {
        "PATH": _SYSTEM_PATH,
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "HOME": str(task_root),
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_EC2_METADATA_DISABLED": "true",
        **user,
        "PYTHONPATH": ":".join(python_path),
        **_reserved(function, task_root),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        **_role_session(credentials),
    }


def _may_set(name: str) -> bool:
    return name not in RESERVED_NAMES and _USER_NAME.fullmatch(name) is not None


def _reserved(function: FunctionCode, task_root: Path) -> Mapping[str, str]:
    return {
        "_HANDLER": function.handler,
        "LAMBDA_TASK_ROOT": str(task_root),
        "LAMBDA_RUNTIME_DIR": str(task_root),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": f"{datetime.now(UTC):%Y/%m/%d}/[{function.version}]{uuid4().hex}",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
    }


def _role_session(credentials: RoleCredentials | None) -> Mapping[str, str]:
    if credentials is None:
        return {}
    return {
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        "AWS_SESSION_TOKEN": credentials.session_token,
    }
