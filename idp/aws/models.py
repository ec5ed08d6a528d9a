"""Loads botocore's service models, and holds our corrections to them, each with its source."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import regex
from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

Matches = Callable[[str], bool]

PATTERN_TIMEOUT_S = 0.25

TEXT = r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]"
PRINTABLE = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]"


@dataclass(frozen=True, slots=True)
class Pieces:
    """A pattern that is some literals in order, with characters of one kind before, between and after them.

    Attributes:
        character: pattern of the kind.
        margin: how many characters must stand before the first literal, and after the last.
    """

    character: str
    literals: tuple[str, ...]
    margin: int = 0


LINEAR_PATTERNS: Mapping[str, Pieces] = {
    rf"{TEXT}*\{{####\}}{TEXT}*": Pieces(TEXT, ("{####}",)),
    rf"{TEXT}*\{{##{TEXT}*##\}}{TEXT}*": Pieces(TEXT, ("{##", "##}")),
    r".*\{####\}.*": Pieces(".", ("{####}",)),
    rf"{PRINTABLE}+@{PRINTABLE}+": Pieces(PRINTABLE, ("@",), margin=1),
}
"""Patterns that are matched in linear time, not by backtracking: the character's kind holds the literals' characters too.

Source: measured; the two e-mail templates took 2-3 s on 20,000 characters, the others 0.1-0.3 s.
"""

SPACED_PASSWORD = r"^[\S]+.*[\S]+$"  # noqa: S105 - a pattern

CORRECTED_PATTERNS: Mapping[str, str] = {
    r"^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$": r"[a-z0-9](?:[a-z0-9\-.]{0,61}[a-z0-9])?",
    SPACED_PASSWORD: r"\S(?:.*\S)?",
}
"""Patterns that are matched by another one: DomainType has no dot, and custom domains are given by it; that of passwords
would backtrack, and leaves one character to the pool's policy.

Source: AWS "Using your own domain for managed login" (`auth.example.com` as Domain of CreateUserPoolDomain).
"""

CORRECTED_SHAPES: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "cognito-idp": {"PasswordType": {"pattern": SPACED_PASSWORD}},
}
"""Constraints that are others than the model's, by service and shape: passwords may hold spaces, though not at their ends.

Source: AWS "Adding user pool password requirements": "the non-leading, non-trailing space character" is a special one.
"""

ARN = r"arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?"
FUNCTION_SHAPE: Mapping[str, Any] = {
    "type": "string",
    "min": 3,
    "max": 2048,
    "pattern": rf"{ARN}|https?://[^\s]+|[A-Za-z_][\w.]*:[A-Za-z_]\w*",
}
CORRECTED_MEMBERS: Mapping[str, Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "cognito-idp": {
        **{
            f"LambdaConfigType.{trigger}": ("TriggerFunctionType", FUNCTION_SHAPE)
            for trigger in (
                "PreSignUp",
                "CustomMessage",
                "PostConfirmation",
                "PreAuthentication",
                "PostAuthentication",
                "DefineAuthChallenge",
                "CreateAuthChallenge",
                "VerifyAuthChallengeResponse",
                "PreTokenGeneration",
                "UserMigration",
            )
        },
        **{
            f"{structure}.LambdaArn": ("TriggerFunctionType", FUNCTION_SHAPE)
            for structure in (
                "PreTokenGenerationVersionConfigType",
                "CustomSMSLambdaVersionConfigType",
                "CustomEmailLambdaVersionConfigType",
                "InboundFederationLambdaType",
            )
        },
    },
}
"""Members that have a shape of ours, by service.  Source: docs/triggers.md: a trigger may be a webhook or a Python callable,
where AWS takes ARNs of Lambda functions only; `domain/trigger_functions.py` says which is allowed when.
"""

ADDED_VALUES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "cognito-idp": {"ExplicitAuthFlowsType": ("ALLOW_CLIENT_TOKEN_AUTH",)},
}
"""Values that enumerations lack, by service and shape.

Source: AWS API_GetClientToken: "enable the ALLOW_CLIENT_TOKEN_AUTH authentication flow".
"""

UNSIGNED: Mapping[str, Sequence[str]] = {"cognito-idp": ("GetClientToken", "GetDerivedToken")}
"""Operations that take no signature although the model does not say so.

Source: AWS API_GetClientToken: "For this operation, you can't use IAM credentials to authorize requests";
API_GetDerivedToken: "you must have IAM credentials, or you must present the requesting app client's ClientId".
"""

JAVA_CLASSES: Mapping[str, str] = {
    r"\w": "[a-zA-Z_0-9]",
    r"\W": "[^a-zA-Z_0-9]",
    r"\d": "[0-9]",
    r"\D": "[^0-9]",
    r"\s": r"[ \t\n\x0B\f\r]",
    r"\S": r"[^ \t\n\x0B\f\r]",
}
"""Java's predefined classes are ASCII only.  Source: java.util.regex.Pattern, "Predefined character classes"."""


@cache
def service_model(service: str) -> ServiceModel:
    """Return botocore's model of a service with our corrections, loaded on first use."""
    model = Loader().load_service_model(service, "service-2")
    for member, (name, shape) in CORRECTED_MEMBERS.get(service, {}).items():
        structure, _, member_name = member.partition(".")
        model["shapes"][name] = shape
        model["shapes"][structure]["members"][member_name]["shape"] = name
    for shape_name, constraints in CORRECTED_SHAPES.get(service, {}).items():
        model["shapes"][shape_name] |= constraints
    for shape_name, values in ADDED_VALUES.get(service, {}).items():
        model["shapes"][shape_name]["enum"] += values
    for operation in UNSIGNED.get(service, ()):
        model["operations"][operation]["authtype"] = "none"
    return ServiceModel(model, service)


@cache
def operation_names(service: str) -> Mapping[str, str]:
    """Return the service's operations: boto3 method name -> wire name."""
    return {xform_name(name): name for name in service_model(service).operation_names}


def operation_model(service: str, name: str) -> OperationModel | None:
    """Return the model of an operation by its wire name, or None when the service has none of that name."""
    model = service_model(service)
    return model.operation_model(name) if name in model.operation_names else None


@cache
def first_path_segments(service: str) -> frozenset[str]:
    """Return the first segments of a REST service's paths, such as `2015-03-31`."""
    model = service_model(service)
    operations = (model.operation_model(name) for name in model.operation_names)
    return frozenset(operation.http["requestUri"].split("/")[1] for operation in operations)


def is_unsigned(operation: OperationModel) -> bool:
    """Say whether the operation takes no signature.  Source: Smithy `auth` trait, `smithy.api#noAuth`."""
    return operation.auth_type == "none" or "smithy.api#noAuth" in (operation.auth or ())


@cache
def matcher(pattern: str) -> Matches:
    """Return a check of the whole value against a model's pattern (a Java regular expression).

    A match that takes longer than `PATTERN_TIMEOUT_S` counts as none.
    """
    if pattern in LINEAR_PATTERNS:
        return _linear_matcher(LINEAR_PATTERNS[pattern])
    compiled = _compiled(CORRECTED_PATTERNS.get(pattern, pattern))

    def matches(value: str) -> bool:
        try:
            return compiled.fullmatch(value, timeout=PATTERN_TIMEOUT_S) is not None
        except TimeoutError:
            return False

    return matches


def _linear_matcher(pieces: Pieces) -> Matches:
    alphabet = _compiled(f"{pieces.character}*")

    def matches(value: str) -> bool:
        position, end = pieces.margin, len(value) - pieces.margin
        for literal in pieces.literals:
            found = value.find(literal, position, max(end, 0))
            if found < 0:
                return False
            position = found + len(literal)
        return alphabet.fullmatch(value) is not None

    return matches


def _compiled(pattern: str) -> regex.Pattern[str]:
    """Translate what Java writes alike and means otherwise, and compile."""
    translated = re.sub(r"\\(.)", lambda escape: JAVA_CLASSES.get(escape[0], escape[0]), pattern, flags=re.DOTALL)
    return regex.compile(translated, regex.VERSION1)
