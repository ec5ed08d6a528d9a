"""CUSTOM: a function says who calls, and what they may call.

Source: API Gateway Developer Guide, "Use API Gateway Lambda authorizers" and "Control access to HTTP APIs with AWS Lambda
authorizers"; spec API_GATEWAY sections 2 and 3.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import orjson

from idp.authorizer.answer_cache import Answer, AnswerCache, AnswerKey, IdentitySourceMissing, answer_key
from idp.authorizer.lambda_authorizer import (
    UNAUTHORIZED_ERROR,
    AuthorizerAnswer,
    AuthorizerMisconfigured,
    SimpleAnswer,
    parse_answer,
    parse_simple_answer,
)
from idp.domain.errors import ResourceNotFound, TooManyRequests
from idp.domain.policy import combine_with_resource_policy
from idp.gateway.authorizers.function_events import authorizer_event
from idp.gateway.authorizers.resource_policy import access_denied, access_request, denied_by_policy, effect_of
from idp.gateway.authorizers.sources import is_match, value_of
from idp.gateway.refusals import Refusal, Refused
from idp.gateway.visit import Grant, Visit

if TYPE_CHECKING:
    from idp.authorizer.policy import Effect, PolicyDocument
    from idp.domain.rest_api import ApiKind, LambdaAuthorizer
    from idp.services import FunctionResult, Services

TIMEOUT_S: Final[dict[ApiKind, float]] = {"REST": 29.0, "HTTP": 10.0}
DENIED: Final = "User is not authorized to access this resource"


class FunctionGate:
    """Lets in whom a function's policy lets in; its answers are kept, and asked anew for each call."""

    def __init__(
        self,
        services: Services,
        authorizer: LambdaAuthorizer,
        answers: AnswerCache,
        *,
        kind: ApiKind,
        policy: PolicyDocument | None,
    ) -> None:
        self._services = services
        self._authorizer = authorizer
        self._answers = answers
        self._kind = kind
        self._policy = policy

    def __call__(self, visit: Visit) -> Grant:
        """Decide by the answer that is kept for the caller, or by a new one.

        Raises:
            Refused: UNAUTHORIZED, ACCESS_DENIED or AUTHORIZER_BROKEN.
        """
        said_by_api = effect_of(self._services, visit, self._policy) if self._policy else None
        if said_by_api == "explicit_deny":
            raise access_denied(visit, "anonymous", denied_by_policy(said_by_api))
        values, key = self._identity(visit)
        answer = None if key is None else self._answers.find(key)
        latency_ms = 0
        if answer is None:
            started_at = time.monotonic()
            answer = self._asked(visit, values)
            latency_ms = int((time.monotonic() - started_at) * 1000)
            if key is not None:
                self._answers.keep(key, answer, lifetime=self._authorizer.lifetime)
        self._require_allowed(answer, visit, said_by_api)
        return _grant(answer, latency_ms)

    def _identity(self, visit: Visit) -> tuple[list[str], AnswerKey | None]:
        """Return the values that identify the caller, and under which key their answer is kept (None: it is not).

        A REST API's REQUEST authorizer that keeps no answers needs no identity source; where one is needed and is
        missing, the function is not asked.
        """
        authorizer = self._authorizer
        values = [value_of(source, visit) for source in authorizer.identity_sources]
        demanded = bool(authorizer.lifetime) or authorizer.takes_token or self._kind == "HTTP"
        if not demanded or not authorizer.identity_sources:
            return [value or "" for value in values], None
        try:
            key = answer_key(authorizer.name, visit.rest_api.stage, values)
        except IdentitySourceMissing as error:
            raise Refused(Refusal.UNAUTHORIZED, f"{_names(authorizer)}: a value is missing or empty.") from error
        present = [value or "" for value in values]
        expression = authorizer.validation_expression
        if authorizer.takes_token and expression is not None and not is_match(expression, present[0]):
            raise Refused(Refusal.UNAUTHORIZED, "The token does not match identityValidationExpression.")
        return present, key if authorizer.lifetime else None

    def _asked(self, visit: Visit, values: list[str]) -> Answer:
        event = authorizer_event(visit, self._authorizer, values, self._kind)
        try:
            result = self._services.functions.invoke(
                self._authorizer.function_arn, orjson.dumps(event), timeout_s=TIMEOUT_S[self._kind]
            )
        except (ResourceNotFound, TooManyRequests) as error:
            raise Refused(
                Refusal.AUTHORIZER_BROKEN, f"The authorizer's function cannot be invoked: {error.message}"
            ) from error
        payload = _payload(result)
        if result.function_error is not None:
            raise _failure(payload)
        return self._understood(payload)

    def _understood(self, payload: object) -> Answer:
        try:
            if self._authorizer.simple_responses:
                return parse_simple_answer(payload)
            return parse_answer(payload, nested_context=self._kind == "HTTP")
        except AuthorizerMisconfigured as error:
            raise Refused(Refusal.AUTHORIZER_BROKEN, f"The authorizer's answer is none: {error}") from error

    def _require_allowed(self, answer: Answer, visit: Visit, said_by_api: Effect | None) -> None:
        effect = answer.effect(access_request(self._services, visit))
        if said_by_api is not None:
            effect = combine_with_resource_policy(effect, said_by_api)
        if effect == "allow":
            return
        message = f"{DENIED} with an explicit deny in an identity-based policy" if effect == "explicit_deny" else DENIED
        why = f"The authorizer's answer does not allow {visit.arn} ({effect.replace('_', ' ')})."
        raise Refused(Refusal.ACCESS_DENIED, why, message=message)


def _grant(answer: Answer, latency_ms: int) -> Grant:
    if isinstance(answer, SimpleAnswer):
        return Grant(authorizer=answer.context, authorizer_v2={"lambda": answer.context})
    return _grant_by_policy(answer, latency_ms)


def _grant_by_policy(answer: AuthorizerAnswer, latency_ms: int) -> Grant:
    context: dict[str, Any] = {
        **answer.context,
        "principalId": answer.principal_id,
        "integrationLatency": latency_ms,
    }
    return Grant(authorizer=context, authorizer_v2={"lambda": answer.context})


def _payload(result: FunctionResult) -> object:
    try:
        payload: object = orjson.loads(result.payload)
    except orjson.JSONDecodeError:
        return None
    return payload


def _failure(payload: object) -> Refused:
    """Return 401 for a function that fails with exactly `Unauthorized`, else 500."""
    message = payload.get("errorMessage") if isinstance(payload, dict) else None
    if message == UNAUTHORIZED_ERROR:
        return Refused(Refusal.UNAUTHORIZED, "The authorizer's function failed with Unauthorized.")
    return Refused(Refusal.AUTHORIZER_BROKEN, "The authorizer's function failed; its log says why.")


def _names(authorizer: LambdaAuthorizer) -> str:
    return ", ".join(f"{source.place} {source.name}" for source in authorizer.identity_sources)
