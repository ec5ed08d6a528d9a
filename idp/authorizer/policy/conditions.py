"""The Condition element: which operator, on which key, and what a missing or a many-valued key means.

Source: IAM User Guide, reference_policies_elements_condition_operators and
reference_policies_condition-single-vs-multi-valued-context-keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from idp.authorizer.policy.errors import SYNTAX_ERROR, Indeterminate, MalformedPolicy
from idp.authorizer.policy.operators import OPERATORS, Matcher
from idp.authorizer.policy.values import truth

if TYPE_CHECKING:
    from idp.authorizer.policy.request import AccessRequest


class Quantifier(Enum):
    """How a condition treats a key that holds several values."""

    NONE = ""
    ALL = "forallvalues:"
    ANY = "foranyvalue:"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One operator on one key.

    Attributes:
        operator: as written, with prefix and suffix.
        key: as written.
        listed: the values as written, the alternatives.
        matches_any: tells whether one value of the request matches any listed one.
        negated: the operator's name holds a Not: no listed value may match.
        if_missing: the answer when the request does not have the key.
    """

    operator: str
    key: str
    listed: tuple[str, ...]
    folded_key: str
    quantifier: Quantifier
    negated: bool
    if_missing: bool
    matches_any: Matcher

    def holds(self, request: AccessRequest) -> bool:
        """Tell whether the condition is met.

        Raises:
            Indeterminate: the request's value cannot be read as the operator's type, or there are several values
                and the operator does not say whether all or any of them count.
        """
        value = request.values.get(self.folded_key)
        if value is None:
            return self.if_missing
        if self.quantifier is Quantifier.ALL:
            return all(self._accepts(one, request) for one in _several(value))
        if self.quantifier is Quantifier.ANY:
            return any(self._accepts(one, request) for one in _several(value))
        return self._accepts(_single(value), request)

    def _accepts(self, value: str, request: AccessRequest) -> bool:
        try:
            return self.matches_any(value, request) is not self.negated
        except (ValueError, OverflowError) as error:
            raise Indeterminate(f"{value!r} cannot be compared by {self.operator}") from error


@dataclass(frozen=True, slots=True)
class Presence:
    """The Null operator: the key must be absent (`true`) or present (`false`)."""

    operator: str
    key: str
    listed: tuple[str, ...]
    folded_key: str
    accepted: frozenset[bool]

    def holds(self, request: AccessRequest) -> bool:
        """Tell whether the key is absent or present as the policy wants it."""
        return (self.folded_key not in request.values) in self.accepted


Condition = Comparison | Presence
_IF_EXISTS = "ifexists"


def conditions_of(block: object, *, variables: bool) -> tuple[Condition, ...]:
    """Compile a Condition element; all of the conditions it holds must be met.

    Args:
        block: operator -> key -> value or list of values, as JSON gave it.
        variables: whether values of string and ARN operators may hold `${...}`.

    Raises:
        MalformedPolicy: the shape is wrong, an operator is unknown, or a value is not of the operator's type.
    """
    return tuple(
        _condition(operator, key, _texts(values), variables=variables)
        for operator, keys in _items(block)
        for key, values in _items(keys)
    )


def _condition(operator: str, key: str, listed: tuple[str, ...], *, variables: bool) -> Condition:
    if ":" not in key:
        raise MalformedPolicy("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
    if operator.lower() == "null":
        return Presence(operator, key, listed, key.lower(), frozenset(map(_presence, listed)))
    quantifier, name, if_exists = _operator_parts(operator)
    known = OPERATORS.get(name)
    if known is None:
        raise MalformedPolicy(f"Invalid Condition type : {operator}.")
    try:
        matches_any = known.compile(listed, variables)
    except (ValueError, OverflowError) as error:
        raise error if isinstance(error, MalformedPolicy) else _unreadable(operator, key) from error
    if_missing = if_exists or quantifier is Quantifier.ALL or (quantifier is Quantifier.NONE and known.negated)
    return Comparison(operator, key, listed, key.lower(), quantifier, known.negated, if_missing, matches_any)


def _operator_parts(operator: str) -> tuple[Quantifier, str, bool]:
    folded = operator.lower()
    quantifier = next(
        (one for one in (Quantifier.ALL, Quantifier.ANY) if folded.startswith(one.value)), Quantifier.NONE
    )
    name = folded.removeprefix(quantifier.value)
    return quantifier, name.removesuffix(_IF_EXISTS), name.endswith(_IF_EXISTS)


def _unreadable(operator: str, key: str) -> MalformedPolicy:
    return MalformedPolicy(f"Invalid value for condition operator {operator} on {key}.")


def _presence(text: str) -> bool:
    try:
        return truth(text)
    except ValueError as error:
        raise MalformedPolicy(SYNTAX_ERROR) from error


def _items(block: object) -> Iterator[tuple[str, object]]:
    if not isinstance(block, Mapping):
        raise MalformedPolicy
    yield from block.items()


def _texts(values: object) -> tuple[str, ...]:
    return tuple(_text(value) for value in (values if isinstance(values, list) else [values]))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | Decimal):
        return str(value)
    raise MalformedPolicy


def _several(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _single(value: str | tuple[str, ...]) -> str:
    if isinstance(value, str):
        return value
    if len(value) > 1:
        raise Indeterminate("the request has several values: the operator needs ForAllValues or ForAnyValue")
    return value[0]
