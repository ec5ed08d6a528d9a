"""Wildcard patterns (`*` any run, `?` one character) matched greedily, so that no pattern can make them slow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


class Wildcard(Enum):
    """The two characters of a pattern that do not stand for themselves."""

    ANY_RUN = "*"
    ANY_ONE = "?"


Piece = str | Wildcard


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern cut at its `*`: what the text starts with, what follows in order, what it ends with.

    Taking the leftmost place for every middle part is always right, because a later place only leaves less text
    for the rest. So no part is tried again: the cost is the text's length times the longest part's, at worst.
    """

    start: Part
    middle: tuple[Part, ...]
    end: Part | None

    def matches(self, text: str) -> bool:
        """Tell whether the whole text fits the pattern; case counts."""
        if self.end is None:
            return len(text) == self.start.width and self.start.fits_at(text, 0)
        last = len(text) - self.end.width
        if last < self.start.width or not self.start.fits_at(text, 0) or not self.end.fits_at(text, last):
            return False
        position = self.start.width
        for part in self.middle:
            found = part.find(text, position, last)
            if found < 0:
                return False
            position = found + part.width
        return True


def glob_of(pieces: Iterable[Piece]) -> Glob:
    """Build a matcher from literal text and wildcards; neighbouring `*` are one."""
    runs: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece is Wildcard.ANY_RUN:
            runs.append([])
        else:
            runs[-1].append(piece)
    if len(runs) == 1:
        return Glob(_part(runs[0]), (), None)
    return Glob(_part(runs[0]), tuple(_part(run) for run in runs[1:-1] if run), _part(runs[-1]))


def wildcards_in(text: str) -> Iterable[Piece]:
    """Split written pattern text into literal runs and wildcards."""
    for run in _WILDCARD.split(text):
        if run in _WILDCARDS:
            yield Wildcard(run)
        elif run:
            yield run


class Part(Protocol):
    """A stretch of a pattern without `*`, which therefore has one width."""

    @property
    def width(self) -> int:
        """Return how many characters the part covers."""

    def fits_at(self, text: str, position: int) -> bool:
        """Tell whether the part fits the text exactly here."""

    def find(self, text: str, start: int, end: int) -> int:
        """Return the leftmost position between start and end where the part fits, or -1."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A part in which every character stands for itself."""

    text: str
    width: int

    def fits_at(self, text: str, position: int) -> bool:
        """Tell whether the part fits the text exactly here."""
        return text.startswith(self.text, position)

    def find(self, text: str, start: int, end: int) -> int:
        """Return the leftmost position between start and end where the part fits, or -1."""
        return text.find(self.text, start, end)


@dataclass(frozen=True, slots=True)
class Gapped:
    """A part with `?` in it: a regular expression of fixed width, which has nothing to backtrack over."""

    expression: re.Pattern[str]
    width: int

    def fits_at(self, text: str, position: int) -> bool:
        """Tell whether the part fits the text exactly here."""
        return self.expression.match(text, position) is not None

    def find(self, text: str, start: int, end: int) -> int:
        """Return the leftmost position between start and end where the part fits, or -1."""
        found = self.expression.search(text, start, end)
        return -1 if found is None else found.start()


def _part(run: list[Piece]) -> Part:
    if Wildcard.ANY_ONE not in run:
        text = "".join(piece for piece in run if isinstance(piece, str))
        return Literal(text, len(text))
    expression = "".join(re.escape(piece) if isinstance(piece, str) else "." for piece in run)
    width = sum(len(piece) if isinstance(piece, str) else 1 for piece in run)
    return Gapped(re.compile(expression, re.DOTALL), width)


_WILDCARDS = frozenset("*?")
_WILDCARD = re.compile(r"([*?])")
