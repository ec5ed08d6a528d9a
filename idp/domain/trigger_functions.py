"""Which functions a pool may name as triggers: Lambda functions, webhooks, and Python callables of the server's own process.

Source: AWS API_LambdaConfigType; spec USER_POOLS section 8.1. Webhooks and callables are ours; AWS has Lambda functions only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from idp.domain.errors import InvalidParameter

VERSIONED = ("PreTokenGenerationConfig", "CustomEmailSender", "CustomSMSSender", "InboundFederation")
"""Members that hold a function with the version of the event it takes."""

SENDERS = ("CustomEmailSender", "CustomSMSSender")
KMS_KEY = "KMSKeyID"

_CALLABLE = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", re.ASCII)
_NUMBERED_VERSION = re.compile(r"arn:[^:]+:lambda:(?:[^:]*:){4}[0-9]+")
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def is_webhook(function: str) -> bool:
    """Say whether a function is reached by HTTP."""
    return function.startswith(("https://", "http://"))


def is_callable(function: str) -> bool:
    """Say whether a function is `module:name` of the server's own process."""
    return _CALLABLE.fullmatch(function) is not None


def check_triggers(config: Mapping[str, Any], *, is_development: bool, takes_callables: bool) -> None:
    """Check a pool's LambdaConfig, beyond what the model says.

    Args:
        config: LambdaConfig.
        is_development: functions may be reached on this machine without TLS.
        takes_callables: functions may be Python callables.

    Raises:
        InvalidParameter.  Unknown: AWS's sentences.
    """
    for function in _functions(config):
        _check_function(function, is_development=is_development, takes_callables=takes_callables)
    versioned = config.get("PreTokenGenerationConfig")
    if versioned and config.get("PreTokenGeneration", versioned["LambdaArn"]) != versioned["LambdaArn"]:
        raise InvalidParameter("PreTokenGeneration and the LambdaArn of PreTokenGenerationConfig must be the same.")
    if KMS_KEY not in config and any(sender in config for sender in SENDERS):
        raise InvalidParameter("KMSKeyID is required when a custom sender is configured.")


def _functions(config: Mapping[str, Any]) -> Iterator[str]:
    for name, value in config.items():
        if name in VERSIONED:
            yield value["LambdaArn"]
        elif name != KMS_KEY:
            yield value


def _check_function(function: str, *, is_development: bool, takes_callables: bool) -> None:
    if _NUMBERED_VERSION.fullmatch(function):
        raise InvalidParameter(f"A trigger cannot be a numbered version of a function: {function}")
    if is_webhook(function):
        _check_webhook(function, is_development=is_development)
    elif is_callable(function) and not takes_callables:
        raise InvalidParameter("Python callables are triggers in development only.")


def _check_webhook(url: str, *, is_development: bool) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise InvalidParameter(f"A trigger's URL is malformed: {error}.") from error
    if not host or parts.username is not None or parts.fragment:
        raise InvalidParameter("A trigger's URL must name a host, and no user or fragment.")
    if parts.scheme == "http" and not (is_development and host in _OWN_MACHINE):
        raise InvalidParameter("A trigger's URL must be https; in development http://localhost is taken too.")
