"""Choices out of one number: zero takes the first, the plainest, every time, so that hypothesis shrinks towards that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Option = TypeVar("Option")


class Choices:
    """A number that is spent choice by choice, least significant digits first."""

    def __init__(self, number: int) -> None:
        self._number = number

    def below(self, count: int) -> int:
        """Return a number in [0, count)."""
        self._number, chosen = divmod(self._number, count)
        return chosen

    def of(self, options: Sequence[Option]) -> Option:
        """Return one of some options."""
        return options[self.below(len(options))]
