"""AWS_PROXY: a function answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import orjson

from idp.domain.errors import ResourceNotFound, TooManyRequests
from idp.gateway.integrations.changes import changed_answer, changed_visit
from idp.gateway.integrations.event_parameters import with_parameters
from idp.gateway.integrations.events import rest_event
from idp.gateway.integrations.events_v2 import http_event, http_event_1_0
from idp.gateway.integrations.function_answers import MalformedAnswer, proxy_answer, proxy_answer_v2
from idp.gateway.refusals import Refusal, Refused
from idp.gateway.visit import Grant, Visit

if TYPE_CHECKING:
    from idp.domain.rest_api import ApiKind, Integration
    from idp.gateway.messages import Answer
    from idp.services import FunctionResult, Services

_TIMED_OUT = re.compile(rb"Task timed out after ([0-9]{1,6}(?:\.[0-9]{1,6})?) seconds")
_ROUNDING_S: Final = 0.01


class FunctionBackend:
    """Tells a function of the request, and sends its answer."""

    def __init__(self, services: Services, integration: Integration, *, kind: ApiKind) -> None:
        self._services = services
        self._integration = integration
        self._kind = kind
        self._is_v2 = integration.payload_format == "2.0"

    def __call__(self, visit: Visit, grant: Grant) -> Answer:
        """Invoke the function.

        Raises:
            Refused: BACKEND_ANSWER_MALFORMED, BACKEND_TIMED_OUT, MALFORMED or MISCONFIGURED.
        """
        changed = changed_visit(visit, self._integration, grant)
        return changed_answer(self._invoked(changed, grant), self._integration, visit, grant)

    def _invoked(self, visit: Visit, grant: Grant) -> Answer:
        self._require_post()
        try:
            result = self._services.functions.invoke(
                self._integration.uri,
                orjson.dumps(self._event(visit, grant), default=list),
                timeout_s=self._integration.timeout_s,
            )
        except (ResourceNotFound, TooManyRequests) as error:
            raise Refused(Refusal.MISCONFIGURED, f"The function cannot be invoked: {error.message}") from error
        if result.function_error is not None:
            raise self._failure(result)
        return self._answer(result, visit)

    def _event(self, visit: Visit, grant: Grant) -> dict[str, object]:
        if self._is_v2:
            return http_event(visit, grant)
        event = rest_event(visit, grant)
        if self._kind == "HTTP":
            return http_event_1_0(event)
        return with_parameters(event, self._integration, visit, grant)

    def _answer(self, result: FunctionResult, visit: Visit) -> Answer:
        try:
            payload = orjson.loads(result.payload)
            if self._is_v2:
                return proxy_answer_v2(payload)
            return proxy_answer(payload, visit, kind=self._kind)
        except (MalformedAnswer, orjson.JSONDecodeError) as error:
            why = f"The function's answer is not what a proxy integration takes: {error}"
            raise Refused(Refusal.BACKEND_ANSWER_MALFORMED, why) from error

    def _failure(self, result: FunctionResult) -> Refused:
        timed_out = _TIMED_OUT.search(result.payload)
        if timed_out is not None and float(timed_out.group(1)) >= self._integration.timeout_s - _ROUNDING_S:
            return Refused(Refusal.BACKEND_TIMED_OUT, f"The function took over {self._integration.timeout_s:g} s.")
        return Refused(Refusal.BACKEND_ANSWER_MALFORMED, "The function failed; its log says why.")

    def _require_post(self) -> None:
        """Refuse what Lambda would refuse.  Source: observed, test_lambda_aws_proxy_integration_non_post_method."""
        if self._kind == "REST" and self._integration.http_method not in ("POST", "ANY"):
            raise Refused(Refusal.MISCONFIGURED, "The integration's httpMethod must be POST to invoke a function.")
