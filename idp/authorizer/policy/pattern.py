"""Text of a policy in which variables (`${aws:username}`) and wildcards may stand.

Source: IAM User Guide, reference_policies_variables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from idp.authorizer.policy.errors import MalformedPolicy
from idp.authorizer.policy.glob import Glob, Piece, glob_of, wildcards_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from idp.authorizer.policy.request import AccessRequest


@dataclass(frozen=True, slots=True)
class Variable:
    """A place that takes the request's value of a condition key, or else its default.

    A key that holds several values cannot be a variable and counts as absent.
    """

    key: str
    default: str | None

    def value(self, request: AccessRequest) -> str | None:
        """Return the value to put here, None when the request has none and there is no default."""
        value = request.values.get(self.key)
        return value if isinstance(value, str) else self.default


@dataclass(frozen=True, slots=True)
class Escaped:
    """A character written as `${*}`, `${?}` or `${$}`, which stands for itself."""

    character: str


Token = str | Variable | Escaped


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern with wildcards; what variables bring in is literal, so a value of `*` only matches an asterisk."""

    source: str
    tokens: tuple[Token, ...]
    fixed: Glob | None

    def matches(self, text: str, request: AccessRequest) -> bool:
        """Tell whether text fits; a pattern with an unresolved variable fits nothing."""
        glob = self.fixed or self._resolved(request)
        return glob is not None and glob.matches(text)

    def _resolved(self, request: AccessRequest) -> Glob | None:
        pieces: list[Piece] = []
        for token in self.tokens:
            if isinstance(token, str):
                pieces.extend(wildcards_in(token))
                continue
            value = token.value(request) if isinstance(token, Variable) else token.character
            if value is None:
                return None
            pieces.append(value)
        return glob_of(pieces)


@dataclass(frozen=True, slots=True)
class Template:
    """Text without wildcards, perhaps with variables."""

    tokens: tuple[Token, ...]
    fixed: str | None

    def text(self, request: AccessRequest) -> str | None:
        """Return the text for this request, None when a variable has no value."""
        if self.fixed is not None:
            return self.fixed
        values = [_literal(token, request) for token in self.tokens]
        return None if None in values else "".join(value for value in values if value is not None)


def pattern_of(source: str, *, variables: bool) -> Pattern:
    """Compile pattern text.

    Args:
        source: as written in the policy.
        variables: whether `${...}` is a variable (policy version 2012-10-17) or plain text (2008-10-17).

    Raises:
        MalformedPolicy: a variable is not closed or not well formed.
    """
    return pattern_from(source, tuple(tokens_of(source, variables=variables)))


def pattern_from(source: str, tokens: tuple[Token, ...]) -> Pattern:
    """Compile tokens; whatever does not depend on the request is built now."""
    if any(isinstance(token, Variable) for token in tokens):
        return Pattern(source, tokens, None)
    return Pattern(source, tokens, glob_of(_pieces(tokens)))


def template_of(source: str, *, variables: bool) -> Template:
    """Compile text in which `*` and `?` stand for themselves.

    Raises:
        MalformedPolicy: a variable is not closed or not well formed.
    """
    tokens = tuple(tokens_of(source, variables=variables))
    if any(isinstance(token, Variable) for token in tokens):
        return Template(tokens, None)
    return Template(tokens, "".join(token.character if isinstance(token, Escaped) else str(token) for token in tokens))


def tokens_of(source: str, *, variables: bool) -> Iterator[Token]:
    """Split text into plain runs, variables and escaped characters.

    Raises:
        MalformedPolicy: a variable is not closed or not well formed.
    """
    position = 0
    while variables and (opening := source.find("${", position)) >= 0:
        if opening > position:
            yield source[position:opening]
        closing = _closing_brace(source, opening)
        yield _variable(source[opening + 2 : closing])
        position = closing + 1
    if position < len(source):
        yield source[position:]


def _closing_brace(source: str, opening: int) -> int:
    closing = source.find("}", opening)
    quote = source.find("'", opening, closing)
    if quote >= 0:
        closing = source.find("}", max(source.find("'", quote + 1), quote))
    if closing < 0:
        raise MalformedPolicy
    return closing


def _variable(body: str) -> Variable | Escaped:
    if body in {"*", "?", "$"}:
        return Escaped(body)
    key, comma, default = body.partition(",")
    key, default = key.strip(), default.strip()
    if not key or any(character in key for character in "${'"):
        raise MalformedPolicy
    if not comma:
        return Variable(key.lower(), None)
    if len(default) < len("''") or default[0] != "'" or default.find("'", 1) != len(default) - 1:
        raise MalformedPolicy
    return Variable(key.lower(), default[1:-1])


def _pieces(tokens: Iterable[Token]) -> Iterator[Piece]:
    for token in tokens:
        if isinstance(token, str):
            yield from wildcards_in(token)
        elif isinstance(token, Escaped):
            yield token.character


def _literal(token: Token, request: AccessRequest) -> str | None:
    if isinstance(token, Variable):
        return token.value(request)
    return token.character if isinstance(token, Escaped) else token
