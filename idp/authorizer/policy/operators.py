"""The comparisons of conditions: for each operator, how listed values are compiled and how a request's value is tested.

Negated operators (`StringNotEquals`) are their positive twin with `negated` set: none of the listed values may match.
Source: IAM User Guide, reference_policies_elements_condition_operators.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from idp.authorizer.policy.arns import arn_pattern_of
from idp.authorizer.policy.pattern import pattern_of, template_of
from idp.authorizer.policy.request import AccessRequest
from idp.authorizer.policy.values import Address, Network, address, binary, moment, network, number, truth

Matcher = Callable[[str, AccessRequest], bool]
"""Tell whether a request's value matches any listed value; ValueError when it cannot be read."""

Compiler = Callable[[tuple[str, ...], bool], Matcher]
"""Compile the listed values; the flag says whether `${...}` is a variable. ValueError when one cannot be read."""

Asked = TypeVar("Asked")
Listed = TypeVar("Listed")
Ordered = TypeVar("Ordered", Decimal, datetime)


@dataclass(frozen=True, slots=True)
class Operator:
    """A comparison, and whether the operator's name negates it."""

    compile: Compiler
    negated: bool = False


def _string_equals(listed: tuple[str, ...], variables: bool) -> Matcher:  # noqa: FBT001 - Compiler's shape
    templates = [template_of(text, variables=variables) for text in listed]
    return lambda value, request: any(template.text(request) == value for template in templates)


def _string_equals_ignoring_case(listed: tuple[str, ...], variables: bool) -> Matcher:  # noqa: FBT001
    templates = [template_of(text, variables=variables) for text in listed]

    def matches_any(value: str, request: AccessRequest) -> bool:
        texts = (template.text(request) for template in templates)
        return any(text is not None and text.lower() == value.lower() for text in texts)

    return matches_any


def _string_like(listed: tuple[str, ...], variables: bool) -> Matcher:  # noqa: FBT001
    patterns = [pattern_of(text, variables=variables) for text in listed]
    return lambda value, request: any(pattern.matches(value, request) for pattern in patterns)


def _arn_like(listed: tuple[str, ...], variables: bool) -> Matcher:  # noqa: FBT001
    patterns = [arn_pattern_of(text, variables=variables) for text in listed]
    return lambda value, request: any(pattern.matches(value, request) for pattern in patterns)


def _reading(
    read_asked: Callable[[str], Asked], read_listed: Callable[[str], Listed], compare: Callable[[Asked, Listed], bool]
) -> Compiler:
    """Return the compiler of a typed comparison, in which `${...}` never is a variable."""

    def compile_listed(listed: tuple[str, ...], _variables: bool) -> Matcher:  # noqa: FBT001
        values = [read_listed(text) for text in listed]

        def matches_any(text: str, _request: AccessRequest) -> bool:
            value = read_asked(text)
            return any(compare(value, one) for one in values)

        return matches_any

    return compile_listed


def _is_in(asked: Address, block: Network) -> bool:
    return asked in block


def _ordered(family: str, read: Callable[[str], Ordered]) -> dict[str, Operator]:
    """Return the six operators of a type that has an order."""
    comparisons: dict[str, Callable[[Ordered, Ordered], bool]] = {
        "equals": operator.eq,
        "lessthan": operator.lt,
        "lessthanequals": operator.le,
        "greaterthan": operator.gt,
        "greaterthanequals": operator.ge,
    }
    ordered = {family + name: Operator(_reading(read, read, compare)) for name, compare in comparisons.items()}
    return ordered | {f"{family}notequals": Operator(ordered[f"{family}equals"].compile, negated=True)}


OPERATORS: Mapping[str, Operator] = MappingProxyType(
    {
        "stringequals": Operator(_string_equals),
        "stringnotequals": Operator(_string_equals, negated=True),
        "stringequalsignorecase": Operator(_string_equals_ignoring_case),
        "stringnotequalsignorecase": Operator(_string_equals_ignoring_case, negated=True),
        "stringlike": Operator(_string_like),
        "stringnotlike": Operator(_string_like, negated=True),
        **_ordered("numeric", number),
        **_ordered("date", moment),
        "bool": Operator(_reading(truth, truth, operator.eq)),
        "binaryequals": Operator(_reading(binary, binary, operator.eq)),
        "ipaddress": Operator(_reading(address, network, _is_in)),
        "notipaddress": Operator(_reading(address, network, _is_in), negated=True),
        "arnequals": Operator(_arn_like),
        "arnlike": Operator(_arn_like),
        "arnnotequals": Operator(_arn_like, negated=True),
        "arnnotlike": Operator(_arn_like, negated=True),
    }
)
"""Every operator by its name in lower case, without prefix and suffix; Null is not a comparison."""
