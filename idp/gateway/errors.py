"""Refusals as answers, in the words of the kind of API, and in its owner's when they were given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import orjson

from idp.domain.rest_api import ApiKind, GatewayResponse
from idp.domain.velocity.values import printed
from idp.gateway.messages import Answer, TooManyFields
from idp.gateway.refusals import HTTP, REST, Refused, RestRefusal

if TYPE_CHECKING:
    from idp.gateway.messages import Request

JSON: Final = ("Content-Type", "application/json")
_VARIABLE = re.compile(r"\$(context|stageVariables|method\.request)\.([A-Za-z0-9_.-]{1,200})")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
MAX_WHY: Final = 1000


def answer_of(
    refused: Refused,
    kind: ApiKind,
    *,
    responses: Mapping[str, GatewayResponse],
    context: Mapping[str, Any],
    stage_variables: Mapping[str, str],
    path_parameters: Mapping[str, str],
    request: Request,
) -> Answer:
    """Return the answer that refuses a request.

    Args:
        responses: the API's gateway responses.
        context: `$context`, as far as it is known.
        stage_variables: of the API.
        path_parameters: of the route, when the request came as far.
        request: for responses that repeat parts of it.
    """
    if kind == "HTTP":
        return _http_answer(refused)
    table = REST[refused.refusal]
    answer = _rest_answer(refused, table)
    own = _own_response(table, responses)
    if own is None:
        return answer
    variables = _Variables(
        refused, table, context, stage_variables=stage_variables, path_parameters=path_parameters, request=request
    )
    return _customized(answer, own, variables)


def explanation(refused: Refused) -> tuple[str, str]:
    """Return the header that tells those who learn what refused a request."""
    why = refused.why.encode("ascii", "replace").decode().replace("\n", " ").replace("\r", " ")
    return ("x-idp-explain", why[:MAX_WHY])


def _http_answer(refused: Refused) -> Answer:
    table = HTTP[refused.refusal]
    challenge = () if refused.challenge is None else (("WWW-Authenticate", refused.challenge),)
    return Answer(table.status, (JSON, *challenge), orjson.dumps({"message": table.message}))


def _rest_answer(refused: Refused, table: RestRefusal) -> Answer:
    error_type = ("x-amzn-ErrorType", refused.error_type or table.error_type)
    return Answer(table.status, (JSON, error_type), orjson.dumps({table.member: _message(refused, table)}))


def _message(refused: Refused, table: RestRefusal) -> str | None:
    return table.message if refused.message is None else refused.message


def _own_response(table: RestRefusal, responses: Mapping[str, GatewayResponse]) -> GatewayResponse | None:
    """Return the owner's response for a type, else for its class."""
    if table.response_type is None:
        return None
    return responses.get(table.response_type) or responses.get(f"DEFAULT_{table.status // 100}XX")


class _Variables:
    """What a gateway response may name: simple substitution, no template language."""

    def __init__(
        self,
        refused: Refused,
        table: RestRefusal,
        context: Mapping[str, Any],
        *,
        stage_variables: Mapping[str, str],
        path_parameters: Mapping[str, str],
        request: Request,
    ) -> None:
        message = _message(refused, table)
        error = {
            "message": message or "",
            "messageString": orjson.dumps(message).decode(),
            "responseType": table.response_type,
        }
        self._known = {"context": {**context, "error": error}, "stageVariables": stage_variables}
        self._path_parameters = path_parameters
        self._request = request

    def value(self, expression: str) -> str:
        """Return the value of `context.x`, `method.request.header.x` and so on, or of a text in quotes."""
        if expression.startswith("'"):
            return expression.strip("'")
        if expression.startswith("method.request."):
            place, _, name = expression.removeprefix("method.request.").partition(".")
            return self._of_request(place).get(name.lower() if place == "header" else name, "")
        found: Any = self._known
        for step in expression.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
        return printed(found)

    def _of_request(self, place: str) -> Mapping[str, str]:
        """Return the request's headers, path parameters or query; none of a query with too many fields."""
        match place:
            case "header":
                return self._request.by_name
            case "path":
                return self._path_parameters
            case "querystring":
                with suppress(TooManyFields):
                    return self._request.query_by_name
        return {}

    def filled_in(self, template: str) -> str:
        """Return a template with its variables filled in."""
        return _VARIABLE.sub(lambda found: self.value(found.group()[1:]), template)


def _customized(answer: Answer, own: GatewayResponse, variables: _Variables) -> Answer:
    added = ((name, variables.value(source)) for name, source in own.headers.items())
    headers = tuple((name, value) for name, value in added if _HEADER_VALUE.fullmatch(value))
    kept = tuple(held for held in answer.headers if held[0].lower() not in {name.lower() for name, _ in headers})
    body = answer.body if own.template is None else variables.filled_in(own.template).encode()
    return Answer(own.status or answer.status, kept + headers, body)
