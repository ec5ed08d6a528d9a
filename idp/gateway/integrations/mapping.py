"""Templates and parameters between the client and a backend that is no proxy.

Source: API Gateway Developer Guide, "Data mapping for REST APIs"; spec API_GATEWAY section 7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson
import regex

from idp.domain.rest_api import Integration, IntegrationResponse
from idp.domain.velocity import Template, TemplateFailed, parse_template
from idp.domain.velocity.values import printed
from idp.gateway.context import context_of
from idp.gateway.integrations.answer_headers import are_sendable
from idp.gateway.integrations.parameters import request_value, response_value
from idp.gateway.integrations.template_objects import Input, Util
from idp.gateway.messages import Answer
from idp.gateway.refusals import Refusal, Refused
from idp.gateway.visit import Grant, Visit

if TYPE_CHECKING:
    from idp.gateway.messages import Headers

JSON_TYPE: Final = "application/json"
REGEX_TIMEOUT_S: Final = 0.25
UTIL: Final = Util()
_STATUS = re.compile(r"[1-5][0-9]{2}")
UNMAPPABLE: Final = frozenset({"content-length", "transfer-encoding", "x-amzn-trace-id"})
UNMAPPABLE_OF_AWS: Final = UNMAPPABLE | {"authorization", "connection", "expect", "proxy-authenticate", "te"}
_RESPONSE_HEADER: Final = "method.response.header."


@dataclass(frozen=True, slots=True)
class BackendAnswer:
    """What a backend answered.

    Attributes:
        selector: what the integration responses' patterns are matched against: the status, or an error's message.
    """

    status: int
    headers: Headers
    body: bytes
    selector: str


class RequestMapping:
    """What a backend gets of a request; templates are compiled once."""

    def __init__(self, integration: Integration) -> None:
        self._templates = {name: parse_template(text) for name, text in integration.request_templates.items()}
        self._passthrough = integration.passthrough

    def template_for(self, visit: Visit) -> Template | None:
        """Return the template for a request's type; None passes the body through.

        Raises:
            Refused: UNSUPPORTED_MEDIA_TYPE.
        """
        media_type = visit.request.media_type or JSON_TYPE
        found = self._templates.get(media_type) or self._templates.get("$default")
        if found is not None:
            return found
        if self._passthrough == "NEVER" or (self._passthrough == "WHEN_NO_TEMPLATES" and self._templates):
            raise Refused(Refusal.UNSUPPORTED_MEDIA_TYPE, f"No request template takes {media_type}.")
        return None

    def body(self, visit: Visit, context: dict[str, Any]) -> bytes:
        """Return the body that the backend gets.

        Args:
            context: `$context`, whose overrides the template may set.
        """
        template = self.template_for(visit)
        if template is None:
            return visit.request.body
        text = visit.request.body.decode("utf-8", "replace") or "{}"
        return rendered(template, text, visit, context).encode()


class ResponseMapping:
    """What the client gets of a backend's answer: the integration response that matches, rendered."""

    def __init__(self, integration: Integration) -> None:
        self._responses = [_CompiledResponse(each) for each in integration.responses]

    def answer(self, backend: BackendAnswer, visit: Visit, context: dict[str, Any]) -> Answer:
        """Return the client's answer.

        Raises:
            Refused: MISCONFIGURED when no response matches and there is no default.
        """
        response = next((each for each in self._responses if each.matches(backend.selector)), None)
        if response is None:
            raise Refused(Refusal.MISCONFIGURED, f"No integration response is for {backend.selector}.")
        return response.answer(backend, visit, context)


class _CompiledResponse:
    def __init__(self, response: IntegrationResponse) -> None:
        self._response = response
        self._pattern = None if response.pattern is None else regex.compile(response.pattern)
        self._templates = {name: parse_template(text) for name, text in response.templates.items()}

    def matches(self, selector: str) -> bool:
        """Say whether the response is for what a backend answered; one that takes too long is not."""
        if self._pattern is None:
            return True
        try:
            return self._pattern.fullmatch(selector, timeout=REGEX_TIMEOUT_S) is not None
        except TimeoutError:
            return False

    def answer(self, backend: BackendAnswer, visit: Visit, context: dict[str, Any]) -> Answer:
        media_type, body = self._body(backend, visit, context)
        headers = {"content-type": ("Content-Type", media_type)}
        for target, source in self._response.parameters.items():
            name = target.removeprefix(_RESPONSE_HEADER)
            value = response_value(source, backend.headers, backend.body, visit, context)
            if value is not None:
                headers[name.lower()] = (name, value)
        status, overrides = _overrides(context)
        headers |= {name.lower(): (name, value) for name, value in overrides.items()}
        sent = tuple(headers.values())
        if not are_sendable(sent):
            raise Refused(Refusal.MISCONFIGURED, "A mapped header holds what no header may hold.")
        return Answer(status or self._response.status, sent, body)

    def _body(self, backend: BackendAnswer, visit: Visit, context: dict[str, Any]) -> tuple[str, bytes]:
        """Return type and body, by the template for the type that the client accepts, else by the first one."""
        if not self._templates:
            return _type_of(backend.headers), backend.body
        accepted = (visit.request.header("accept") or JSON_TYPE).partition(",")[0].partition(";")[0].strip().lower()
        media_type = accepted if accepted in self._templates else next(iter(self._templates))
        text = backend.body.decode("utf-8", "replace")
        return media_type, rendered(self._templates[media_type], text, visit, context).encode()


def rendered(template: Template, body: str, visit: Visit, context: dict[str, Any]) -> str:
    """Render a mapping template.

    Args:
        body: what `$input` speaks of.

    Raises:
        Refused: MISCONFIGURED when the template asks for what cannot be given.
    """
    variables = {
        "input": Input(body, visit),
        "util": UTIL,
        "context": context,
        "stageVariables": dict(visit.stage_variables),
    }
    try:
        return template.render(variables)
    except TemplateFailed as error:
        raise Refused(Refusal.MISCONFIGURED, f"A mapping template failed: {error}") from error


def mapping_context(visit: Visit, grant: Grant) -> dict[str, Any]:
    """Return `$context` with room for overrides."""
    return {
        **context_of(visit, grant),
        "requestOverride": {"header": {}, "path": {}, "querystring": {}},
        "responseOverride": {"header": {}},
    }


def mapped_parameters(
    parameters: Mapping[str, str], place: str, visit: Visit, context: dict[str, Any]
) -> dict[str, str]:
    """Return the request parameters of one place (`header`, `querystring`, `path`) that have a value."""
    prefix = f"integration.request.{place}."
    values = {
        target.removeprefix(prefix): request_value(source, visit, context)
        for target, source in parameters.items()
        if target.startswith(prefix)
    }
    overrides = context["requestOverride"].get(place) or {}
    present = {name: value for name, value in values.items() if value is not None}
    return present | {name: printed(value) for name, value in overrides.items()}


def mapped_headers(integration: Integration, visit: Visit, context: dict[str, Any]) -> dict[str, str]:
    """Return the request headers that mappings set.

    Raises:
        Refused: MISCONFIGURED when one is the gateway's own.

    Source: observed, test_apigateway_header_remapping_http and test_apigateway_header_remapping_aws.
    """
    headers = mapped_parameters(integration.request_parameters, "header", visit, context)
    unmappable = UNMAPPABLE_OF_AWS if integration.kind.startswith("AWS") else UNMAPPABLE
    if refused := next((name for name in headers if name.lower() in unmappable), None):
        raise Refused(Refusal.MISCONFIGURED, f"The header {refused} is the gateway's to set.")
    return headers


def _overrides(context: dict[str, Any]) -> tuple[int | None, dict[str, str]]:
    override = context["responseOverride"]
    status = printed(override.get("status"))
    headers = override.get("header")
    named = {name: printed(value) for name, value in headers.items()} if isinstance(headers, dict) else {}
    return (int(status) if _STATUS.fullmatch(status) else None), named


def _type_of(headers: Headers) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), JSON_TYPE)


def json_body(body: bytes) -> Any:
    """Return a JSON body parsed; None for another."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
