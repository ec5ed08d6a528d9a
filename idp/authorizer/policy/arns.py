"""ARN patterns of conditions, whose six parts are compared one by one.

Source: IAM User Guide, reference_policies_elements_condition_operators, "Amazon Resource Name (ARN)".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from idp.authorizer.policy.pattern import Pattern, Token, pattern_from, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from idp.authorizer.policy.request import AccessRequest

ARN_PARTS = 6


@dataclass(frozen=True, slots=True)
class ArnPattern:
    """Six patterns, one for each part; no wildcard and no variable's value reaches across a colon of the first five.

    A lone `*` stands for any ARN. Any other pattern with fewer parts fits nothing.
    """

    parts: tuple[Pattern, ...]

    def matches(self, arn: str, request: AccessRequest) -> bool:
        """Tell whether arn fits, part by part; what is not an ARN never does."""
        parts = arn.split(":", ARN_PARTS - 1)
        if len(parts) != ARN_PARTS or len(self.parts) != ARN_PARTS:
            return False
        return all(pattern.matches(part, request) for pattern, part in zip(self.parts, parts, strict=True))


def arn_pattern_of(source: str, *, variables: bool) -> ArnPattern:
    """Compile an ARN pattern; colons inside `${...}` do not separate parts.

    Raises:
        MalformedPolicy: a variable is not closed or not well formed.
    """
    written = "*:*:*:*:*:*" if source == "*" else source
    parts = _split(tokens_of(written, variables=variables))
    return ArnPattern(tuple(pattern_from(source, tuple(tokens)) for tokens in parts))


def _split(tokens: Iterable[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if not isinstance(token, str):
            parts[-1].append(token)
            continue
        first, *others = token.split(":", ARN_PARTS - len(parts))
        parts[-1].append(first)
        parts.extend([other] for other in others)
    return parts
