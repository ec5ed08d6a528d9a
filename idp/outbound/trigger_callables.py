"""Triggers as Python callables of the server's own process, for development: `module:function`, called as handlers are."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson

from idp.domain.errors import ResourceNotFound
from idp.services import FunctionResult

if TYPE_CHECKING:
    from idp.domain.trigger import TriggerCall

VERSION = "python"


class PythonCallables:
    """Calls `function(event, None)` in a thread, so that a slow one can be left behind."""

    def run(self, call: TriggerCall, payload: bytes, *, timeout_s: float | None) -> FunctionResult:
        """Call the function with an event of its own; what it raises is its refusal.

        Raises:
            ResourceNotFound: there is no such module or function.
        """
        function = _find(call.arn)
        results: list[FunctionResult] = []
        thread = threading.Thread(
            target=lambda: results.append(_called(function, payload)), name=call.source, daemon=True
        )
        thread.start()
        thread.join(timeout_s)
        if not results:
            return _error("Sandbox.Timedout", f"{call.arn} did not answer in time.")
        return results[0]


def _find(name: str) -> Callable[[Any, Any], Any]:
    module, _, attribute = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise ResourceNotFound(f"There is no {name}.") from error
    if not callable(found):
        raise ResourceNotFound(f"{name} cannot be called.")
    function: Callable[[Any, Any], Any] = found
    return function


def _called(function: Callable[[Any, Any], Any], payload: bytes) -> FunctionResult:
    try:
        return FunctionResult(orjson.dumps(function(orjson.loads(payload), None)), None, VERSION)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the function raises is its refusal
        return _error(type(error).__name__, str(error))


def _error(kind: str, message: str) -> FunctionResult:
    return FunctionResult(orjson.dumps({"errorType": kind, "errorMessage": message}), "Unhandled", VERSION)
