"""MOCK: the gateway answers by itself.

Source: API Gateway Developer Guide, "Mock integrations for REST APIs"; spec API_GATEWAY section 7.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from idp.gateway.integrations.mapping import BackendAnswer, RequestMapping, ResponseMapping, json_body, mapping_context
from idp.gateway.refusals import Refusal, Refused
from idp.gateway.visit import Grant, Visit

if TYPE_CHECKING:
    from idp.domain.rest_api import Integration
    from idp.gateway.messages import Answer

# Templates may leave the quotes out: `{statusCode: 200}`.  Source: observed.
_LOOSE_STATUS = re.compile(r"""\{\s*["']?statusCode["']?\s*:\s*["']?([1-5][0-9]{2})["']?\s*[,}]""")


class MockBackend:
    """Answers with the integration response of the status that the request template names."""

    def __init__(self, integration: Integration) -> None:
        self._request = RequestMapping(integration)
        self._response = ResponseMapping(integration)

    def __call__(self, visit: Visit, grant: Grant) -> Answer:
        """Answer.

        Raises:
            Refused: MISCONFIGURED when the template names no status, or no response is for it.
        """
        context = mapping_context(visit, grant)
        status = _status(self._request.body(visit, context))
        if status is None:
            raise Refused(
                Refusal.MISCONFIGURED, 'The request template of MOCK must yield {"statusCode": 200}, or such.'
            )
        backend = BackendAnswer(status, (), b"", selector=str(status))
        return self._response.answer(backend, visit, context)


def _status(body: bytes) -> int | None:
    parsed: Any = json_body(body)
    if isinstance(parsed, dict):
        status = parsed.get("statusCode")
        return status if isinstance(status, int) and not isinstance(status, bool) else None
    loose = _LOOSE_STATUS.match(body.decode("utf-8", "replace").strip())
    return None if loose is None else int(loose.group(1))
