"""HTTP and HTTP_PROXY: a web server answers.

Source: spec API_GATEWAY section 7; observed, test_http_integration_method and
test_http_proxy_integration_request_data_mappings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from idp.gateway.integrations.answer_headers import are_sendable, passed_back
from idp.gateway.integrations.changes import changed_answer, changed_visit
from idp.gateway.integrations.events import passed_headers, trace_id
from idp.gateway.integrations.mapping import (
    BackendAnswer,
    RequestMapping,
    ResponseMapping,
    mapped_headers,
    mapped_parameters,
    mapping_context,
)
from idp.gateway.integrations.paths import in_path
from idp.gateway.messages import Answer
from idp.gateway.refusals import Refusal, Refused
from idp.gateway.visit import Grant, Visit
from idp.outbound.http import HttpFailed, HttpTimedOut

if TYPE_CHECKING:
    from idp.domain.rest_api import ApiKind, Integration
    from idp.outbound.http import HttpAnswer
    from idp.services import Services

NOT_PROXIED = frozenset({"host", "content-encoding", "keep-alive", "proxy-authorization", "proxy-connection"})
_VARIABLE = re.compile(r"\{([A-Za-z0-9._-]{1,128})\+?\}")


class HttpProxyBackend:
    """Passes the request on as it came, and the answer back as it came."""

    def __init__(self, services: Services, integration: Integration, *, kind: ApiKind) -> None:
        self._services = services
        self._integration = integration
        self._kind = kind

    def __call__(self, visit: Visit, grant: Grant) -> Answer:
        """Send the request.

        Raises:
            Refused: BACKEND_UNREACHABLE, BACKEND_TIMED_OUT, MALFORMED or MISCONFIGURED.
        """
        changed = changed_visit(visit, self._integration, grant)
        return changed_answer(self._passed(changed, grant), self._integration, visit, grant)

    def _passed(self, visit: Visit, grant: Grant) -> Answer:
        context = mapping_context(visit, grant)
        parameters = self._integration.request_parameters
        passed = {name: value for name, value in passed_headers(visit) if name not in NOT_PROXIED}
        headers = passed | _lowered(mapped_headers(self._integration, visit, context))
        headers["x-amzn-apigateway-api-id"] = visit.rest_api.id
        headers.setdefault("user-agent", f"AmazonAPIGateway_{visit.rest_api.id}")
        url = with_query(
            _url(self._integration, visit, context),
            visit.request.raw_query,
            mapped_parameters(parameters, "querystring", visit, context),
        )
        method = self._integration.http_method
        answer = send(
            self._services,
            self._integration,
            method=visit.method if method == "ANY" else method,
            url=url,
            headers=headers,
            body=visit.request.body,
        )
        passed_headers_back = passed_back(answer.headers, remaps=self._kind == "REST")
        return Answer(answer.status, _with_type(passed_headers_back), answer.body)


class HttpBackend:
    """Sends what the mappings make of the request, and answers what they make of the answer."""

    def __init__(self, services: Services, integration: Integration) -> None:
        self._services = services
        self._integration = integration
        self._request = RequestMapping(integration)
        self._response = ResponseMapping(integration)

    def __call__(self, visit: Visit, grant: Grant) -> Answer:
        """Send a request.

        Raises:
            Refused: BACKEND_UNREACHABLE, BACKEND_TIMED_OUT, UNSUPPORTED_MEDIA_TYPE or MISCONFIGURED.
        """
        context = mapping_context(visit, grant)
        body = self._request.body(visit, context)
        parameters = self._integration.request_parameters
        headers = {
            "user-agent": f"AmazonAPIGateway_{visit.rest_api.id}",
            "accept": "application/json",
            "content-type": visit.request.header("content-type") or "application/json",
            "x-amzn-apigateway-api-id": visit.rest_api.id,
            "x-amzn-trace-id": trace_id(visit),
            **_lowered(mapped_headers(self._integration, visit, context)),
        }
        query = mapped_parameters(parameters, "querystring", visit, context)
        method = self._integration.http_method
        answer = send(
            self._services,
            self._integration,
            method=visit.method if method == "ANY" else method,
            url=with_query(_url(self._integration, visit, context), "", query),
            headers=headers,
            body=body,
        )
        backend = BackendAnswer(answer.status, answer.headers, answer.body, selector=str(answer.status))
        return self._response.answer(backend, visit, context)


def send(
    services: Services,
    integration: Integration,
    *,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
) -> HttpAnswer:
    """Send a request over a kept connection.

    Raises:
        Refused: BACKEND_UNREACHABLE or BACKEND_TIMED_OUT; MISCONFIGURED when a header cannot be sent.
    """
    if not are_sendable(headers.items()):
        raise Refused(Refusal.MISCONFIGURED, "A mapped header holds what no header may hold.")
    try:
        return services.http.request(method, url, headers=headers, body=body, timeout_s=integration.timeout_s)
    except HttpTimedOut as error:
        raise Refused(Refusal.BACKEND_TIMED_OUT, str(error)) from error
    except HttpFailed as error:
        raise Refused(Refusal.BACKEND_UNREACHABLE, str(error)) from error


def with_query(url: str, raw_query: str, mapped: Mapping[str, str]) -> str:
    """Return a URL with the client's query and the mapped one after its own."""
    parts = [part for part in (raw_query, urlencode(mapped)) if part]
    if not parts:
        return url
    return f"{url}{'&' if '?' in url else '?'}{'&'.join(parts)}"


def _url(integration: Integration, visit: Visit, context: dict[str, Any]) -> str:
    """Return the URL with its variables filled in, from the mapped path parameters or the route's own.

    Values are percent-encoded, so that none of them leaves its place in the path.
    """
    values = {**visit.path_parameters, **mapped_parameters(integration.request_parameters, "path", visit, context)}
    url = _VARIABLE.sub(lambda found: in_path(values.get(found.group(1), "")), integration.uri)
    if any(change.place == "path" for change in integration.request_changes):
        return urlsplit(url)._replace(path=visit.path).geturl()
    return url


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _with_type(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    if any(name.lower() == "content-type" for name, _ in headers):
        return headers
    return (*headers, ("Content-Type", "application/json"))
