"""Understand what a Lambda authorizer answers, and decide a request by it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from idp.authorizer.policy import AccessRequest, MalformedPolicy, PolicyDocument, evaluate, parse_policy
from idp.authorizer.policy.evaluation import Effect

UNAUTHORIZED_ERROR: Final = "Unauthorized"
"""A function that fails with exactly this message answers 401; any other failure is a misconfiguration."""


class AuthorizerMisconfigured(Exception):
    """The function's answer is not one an authorizer may give; the client gets a 500."""


@dataclass(frozen=True, slots=True)
class AuthorizerAnswer:
    """An answer that carries a policy.

    Attributes:
        principal_id: whom the function recognised.
        policy: parsed once, asked for every request.
        context: what the function tells the backend; texts only in REST APIs.
        usage_identifier_key: the API key to count the request against.
    """

    principal_id: str
    policy: PolicyDocument
    context: Mapping[str, Any] = field(repr=False)
    usage_identifier_key: str | None = field(default=None, repr=False)

    def effect(self, request: AccessRequest) -> Effect:
        """Ask the policy about one request: `execute-api:Invoke` on the ARN of the method called."""
        return evaluate([self.policy], request).effect


@dataclass(frozen=True, slots=True)
class SimpleAnswer:
    """An HTTP API's `isAuthorized` answer, which is about every route alike."""

    is_authorized: bool
    context: Mapping[str, Any] = field(repr=False)

    def effect(self, request: AccessRequest) -> Effect:  # noqa: ARG002 - the same door as a policy's
        """Return the same for every request."""
        return "allow" if self.is_authorized else "explicit_deny"


def parse_answer(payload: object, *, nested_context: bool = False) -> AuthorizerAnswer:
    """Read an answer with a policy.

    Args:
        payload: what the function returned, parsed from JSON.
        nested_context: context values may be anything, as in HTTP APIs; otherwise they must be text, number or
            boolean, and become text.

    Raises:
        AuthorizerMisconfigured: the answer is incomplete or malformed.

    Source: API Gateway Developer Guide, "Output from an API Gateway Lambda authorizer".
    """
    answer = _object(payload, "The answer")
    principal_id = answer.get("principalId")
    if not isinstance(principal_id, str) or not principal_id:
        raise AuthorizerMisconfigured("The answer has no principalId.")
    usage_identifier_key = answer.get("usageIdentifierKey")
    if not isinstance(usage_identifier_key, str | None):
        raise AuthorizerMisconfigured("The answer's usageIdentifierKey is not a string.")
    context = _context(answer)
    return AuthorizerAnswer(
        principal_id=principal_id,
        policy=_policy(answer.get("policyDocument")),
        context=context if nested_context else {name: _rendered(name, value) for name, value in context.items()},
        usage_identifier_key=usage_identifier_key,
    )


def parse_simple_answer(payload: object) -> SimpleAnswer:
    """Read an HTTP API's simple response, of payload format 2.0.

    Raises:
        AuthorizerMisconfigured: `isAuthorized` is not a boolean, or the context not an object.

    Source: API Gateway Developer Guide, "Control access to HTTP APIs with AWS Lambda authorizers".
    """
    answer = _object(payload, "The answer")
    is_authorized = answer.get("isAuthorized")
    if not isinstance(is_authorized, bool):
        raise AuthorizerMisconfigured("The answer's isAuthorized is not a boolean.")
    return SimpleAnswer(is_authorized, _context(answer))


def _policy(document: object) -> PolicyDocument:
    try:
        return parse_policy(_object(document, "The answer's policyDocument"))
    except MalformedPolicy as error:
        raise AuthorizerMisconfigured("The answer's policyDocument is malformed.") from error


def _context(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    context = answer.get("context")
    return {} if context is None else _object(context, "The answer's context")


def _rendered(name: str, value: object) -> str:
    """Return a context value as the text that templates and backends see.

    Unknown: what a null does; it is refused as objects and arrays are.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise AuthorizerMisconfigured(f"The context value {name} is not a string, number or boolean.")


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise AuthorizerMisconfigured(f"{what} is not an object.")
    return value
