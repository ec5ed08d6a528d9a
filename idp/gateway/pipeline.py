"""One request, in the gateway's order: API, stage, route, who may pass, what stands behind.

Source: spec API_GATEWAY section 0.
"""

from __future__ import annotations

import base64
import logging
from typing import TYPE_CHECKING, Any, Final

from idp.domain.rest_api import DEFAULT_STAGE
from idp.gateway.address import Address, after_stage
from idp.gateway.context import context_of
from idp.gateway.cors import is_preflight, preflight, with_cors
from idp.gateway.deployment import Deployment, Deployments, Stop
from idp.gateway.errors import answer_of, explanation
from idp.gateway.messages import MAX_BODY_BYTES, Answer, Request, TooManyFields
from idp.gateway.refusals import Refusal, Refused
from idp.gateway.routing import Match
from idp.gateway.visit import NOBODY, Visit

if TYPE_CHECKING:
    from idp.services import Services

EXTENDED_ID_BYTES: Final = 11
METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})

_log = logging.getLogger(__name__)


class Gateway:
    """Answers requests to the deployed APIs of a process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._deployments = Deployments(services)

    def answer(self, request: Request, address: Address) -> Answer:
        """Answer a request, whatever it is."""
        request_id = self._services.random.uuid()
        extended_id = base64.b64encode(self._services.random.bytes(EXTENDED_ID_BYTES)).decode()
        deployment = self._deployments.find(address.api_id)
        passage = _Passage(self._services, request, address, deployment, request_id, extended_id)
        answer = passage.answer()
        return Answer(answer.status, answer.headers + passage.id_headers, answer.body)


class _Passage:
    """A request on its way; holds what a refusal must know of how far it came."""

    def __init__(
        self,
        services: Services,
        request: Request,
        address: Address,
        deployment: Deployment | None,
        request_id: str,
        extended_id: str,
    ) -> None:
        self._services = services
        self._request = request
        self._address = address
        self._deployment = deployment
        self._request_id = request_id
        self._extended_id = extended_id
        self._visit: Visit | None = None

    @property
    def id_headers(self) -> tuple[tuple[str, str], ...]:
        """Return the headers that every answer has."""
        if self._deployment is not None and self._deployment.definition.kind == "HTTP":
            return (("apigw-requestid", self._extended_id),)
        return (("x-amzn-RequestId", self._request_id), ("x-amz-apigw-id", self._extended_id))

    def answer(self) -> Answer:
        """Return the backend's answer, or the refusal."""
        try:
            if self._deployment is None:
                raise Refused(Refusal.API_UNKNOWN, f"No API {self._address.api_id} is deployed.")
            return self._served(self._deployment)
        except Refused as refused:
            return self._refusal(refused)
        except TooManyFields:
            return self._refusal(Refused(Refusal.MALFORMED, "The query has too many fields."))
        except Exception:  # noqa: BLE001 - the face's edge
            _log.exception("request %s to API %s failed", self._request_id, self._address.api_id)
            return self._refusal(Refused(Refusal.INTERNAL, "The gateway failed; its log says why."))

    def _served(self, deployment: Deployment) -> Answer:
        request, cors = self._request, deployment.definition.cors
        path = _path_at_stage(deployment, self._address.path)
        if cors is not None and is_preflight(request):
            return preflight(cors, request)
        if len(request.body) > MAX_BODY_BYTES:
            raise Refused(Refusal.TOO_LARGE, f"The body is longer than {MAX_BODY_BYTES} bytes.")
        visit, stop = self._routed(deployment, path)
        answer = stop.backend(visit, stop.gate(visit))
        return answer if cors is None else with_cors(answer, cors, request)

    def _routed(self, deployment: Deployment, path: str) -> tuple[Visit, Stop]:
        method = _method(self._request, deployment)
        match: Match[Stop] | None = deployment.router.find(method, path)
        if match is None:
            raise Refused(Refusal.ROUTE_UNKNOWN, f"The API has no route for {method} {path}.")
        self._visit = Visit(
            request=self._request,
            rest_api=deployment.rest_api,
            route=match.target.route,
            method=method,
            path=path,
            path_parameters=match.path_parameters,
            arn=deployment.rest_api.arn_of_call(method, match.canonical_path),
            request_id=self._request_id,
            extended_id=self._extended_id,
            received_at=self._services.clock.now(),
            domain_name=self._address.domain_name,
        )
        return self._visit, match.target

    def _refusal(self, refused: Refused) -> Answer:
        definition = None if self._deployment is None else self._deployment.definition
        answer = answer_of(
            refused,
            "REST" if definition is None else definition.kind,
            responses={} if definition is None else definition.gateway_responses,
            context=self._context(),
            stage_variables={} if definition is None else definition.stage_variables,
            path_parameters={} if self._visit is None else self._visit.path_parameters,
            request=self._request,
        )
        if definition is not None and definition.cors is not None:
            answer = with_cors(answer, definition.cors, self._request)
        if not self._services.settings.dev_doors:
            return answer
        return Answer(answer.status, (*answer.headers, explanation(refused)), answer.body)

    def _context(self) -> dict[str, Any]:
        """Return `$context`, as far as the request came."""
        if self._visit is not None:
            return context_of(self._visit, NOBODY)
        return {"requestId": self._request_id, "extendedRequestId": self._extended_id, "apiId": self._address.api_id}


def _path_at_stage(deployment: Deployment, path: str) -> str:
    """Return what of the path comes after the stage.

    An HTTP API's `$default` stage has no segment of its own; that it be named all the same is for callers by path.
    """
    stage = deployment.rest_api.stage
    inner = after_stage(path, stage)
    if inner is not None:
        return inner
    if stage == DEFAULT_STAGE:
        return path or "/"
    raise Refused(
        Refusal.STAGE_UNKNOWN, f"The API is deployed at the stage {stage}, which the path does not begin with."
    )


def _method(request: Request, deployment: Deployment) -> str:
    """Return the method that is routed: a REST API lets a header override the request's."""
    override = request.header("x-http-method-override")
    if override is not None and deployment.definition.kind == "REST" and override.upper() in METHODS:
        return override.upper()
    return request.method
