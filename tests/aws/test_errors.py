"""Every refusal has a wire code in every service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from idp.authorizer.sigv4 import SignatureRefused
from idp.aws.directory import SERVICES
from idp.aws.errors import (
    COGNITO_CODES,
    GENERAL_QUERY_CODES,
    SIGNATURE_CODES,
    Invalid,
    Refusal,
    ServiceError,
    refusal_of,
)
from idp.aws.models import service_model
from idp.domain import errors
from idp.domain.errors import DomainError
from tests.sdk import refused


def descendants(kind: type[DomainError]) -> list[type[DomainError]]:
    return [kind for child in kind.__subclasses__() for kind in (child, *descendants(child))]


def internal_words(service: str) -> dict[str, str]:
    """Return what each operation that has a word for an internal failure calls it."""
    model = service_model(service)
    shapes = [
        (name, shape.name) for name in model.operation_names for shape in model.operation_model(name).error_shapes
    ]
    return {operation: error for operation, error in shapes if error in INTERNAL}


INTERNAL = {"InternalErrorException", "InternalServerException", "ServiceException"}
FACTS = descendants(DomainError)
NOT_USER_POOLS = {errors.InvalidIdentityPoolConfiguration, errors.AccessDenied}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__name__)
def test_every_domain_error_has_a_wire_code_in_every_service(service: str, fact: type[DomainError]) -> None:
    refusal = refusal_of(fact(), SERVICES[service])

    assert refusal.code
    assert refusal.message == fact.sentence
    assert 400 <= refusal.status <= 500


def test_every_fact_is_in_the_table_itself_or_by_its_parent() -> None:
    assert set(COGNITO_CODES) <= set(FACTS)


@pytest.mark.parametrize("fact", sorted(set(FACTS) - NOT_USER_POOLS, key=str), ids=str)
def test_user_pools_say_only_what_their_model_knows(fact: type[DomainError]) -> None:
    modelled = {shape.name for shape in service_model("cognito-idp").error_shapes}

    assert refusal_of(fact(), SERVICES["cognito-idp"]).code in modelled


@pytest.mark.parametrize(
    ("error", "service", "refusal"),
    [
        (errors.SessionExpired(), "cognito-idp", Refusal("NotAuthorizedException", errors.SessionExpired.sentence)),
        (errors.ResourceConflict("x"), "cognito-identity", Refusal("ResourceConflictException", "x")),
        (errors.ResourceConflict("x"), "cognito-idp", Refusal("ConcurrentModificationException", "x")),
        (errors.ResourceNotFound("x"), "iam", Refusal("NoSuchEntity", "x", 404)),
        (errors.ResourceConflict("x"), "iam", Refusal("EntityAlreadyExists", "x", 409)),
        (errors.AccessDenied("x"), "sts", Refusal("AccessDenied", "x", 403)),
        (errors.AccessDenied("x"), "lambda", Refusal("AccessDeniedException", "x", 403)),
        (errors.AccessDenied("x"), "cognito-idp", Refusal("AccessDeniedException", "x", 400)),
        (errors.TooManyRequests("x"), "lambda", Refusal("TooManyRequestsException", "x", 429)),
        (ServiceError("Odd", "x", 418), "sts", Refusal("Odd", "x", 418)),
        (Invalid(["x"]), "cognito-idp", Refusal("InvalidParameterException", "1 validation error detected: x")),
        (Invalid(["x"]), "cognito-identity", Refusal("ValidationException", "1 validation error detected: x")),
        (Invalid(["x"]), "iam", Refusal("ValidationError", "1 validation error detected: x")),
        (RuntimeError("secret"), "cognito-idp", Refusal("InternalErrorException", "Internal server error.", 500)),
        (RuntimeError("secret"), "sts", Refusal("InternalFailure", "Internal server error.", 500)),
        (RuntimeError("secret"), "lambda", Refusal("ServiceException", "Internal server error.", 500)),
    ],
)
def test_a_refusal_is_told_in_the_services_words(error: Exception, service: str, refusal: Refusal) -> None:
    assert refusal_of(error, SERVICES[service]) == refusal


@pytest.mark.parametrize(
    ("code", "query_code", "query_status"),
    [
        ("MissingAuthenticationTokenException", "MissingAuthenticationToken", 403),
        ("IncompleteSignatureException", "IncompleteSignature", 400),
        ("InvalidSignatureException", "SignatureDoesNotMatch", 403),
        ("UnrecognizedClientException", "InvalidClientTokenId", 403),
        ("ExpiredTokenException", "ExpiredToken", 403),
    ],
)
def test_a_refused_signature_is_told_as_each_protocol_tells_it(code: str, query_code: str, query_status: int) -> None:
    error = SignatureRefused(code, "x")  # type: ignore[arg-type]  # a literal, from the table above

    assert refusal_of(error, SERVICES["cognito-idp"]) == Refusal(code, "x", 400)
    assert refusal_of(error, SERVICES["lambda"]) == Refusal(code, "x", 403)
    assert refusal_of(error, SERVICES["sts"]) == Refusal(query_code, "x", query_status)


def test_query_services_have_a_word_for_every_refused_signature() -> None:
    assert set(GENERAL_QUERY_CODES) >= SIGNATURE_CODES


@pytest.mark.parametrize("service", ["cognito-idp", "cognito-identity", "lambda"])
def test_an_internal_failure_has_the_word_of_each_operations_model(service: str) -> None:
    modelled = internal_words(service)

    assert {name: refusal_of(RuntimeError(), SERVICES[service], operation=name).code for name in modelled} == modelled


def test_a_bug_is_told_in_the_operations_own_word(probe: Callable[..., Any]) -> None:
    with refused("InternalServerException", "Internal server error."):
        probe("cognito-idp").list_user_pool_client_secrets(UserPoolId="us-east-1_abcdefghi", ClientId="app")
