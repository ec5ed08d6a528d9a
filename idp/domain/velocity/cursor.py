"""A place in a template's text."""

from __future__ import annotations

import re

from idp.domain.velocity.errors import MalformedTemplate

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_BLANKS = re.compile(r"[ \t\r\n]*")
_REST_OF_BLANK_LINE = re.compile(r"[ \t]*\r?\n")
MAX_NAME = 200


class Cursor:
    """Reads a text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    @property
    def is_at_end(self) -> bool:
        """Say whether nothing is left."""
        return self.at >= len(self.text)

    def malformed(self, what: str) -> MalformedTemplate:
        """Return the error that says what is wrong at this place."""
        line = self.text.count("\n", 0, self.at) + 1
        return MalformedTemplate(f"{what} in line {line} of the template.")

    def peek(self) -> str:
        """Return the next character, empty at the end."""
        return self.text[self.at : self.at + 1]

    def take(self, expected: str) -> bool:
        """Pass over a text if it is next."""
        if not self.text.startswith(expected, self.at):
            return False
        self.at += len(expected)
        return True

    def take_after_blanks(self, expected: str) -> bool:
        """Pass over a text if it is next but for blanks."""
        self.skip_blanks()
        return self.take(expected)

    def take_word(self, word: str) -> bool:
        """Pass over a word if it is next and ends there."""
        found = _NAME.match(self.text, self.at)
        return found is not None and found.group() == word and self.take(word)

    def take_operator(self, sign: str) -> bool:
        """Pass over an operator, which is a sign or a word."""
        return self.take_word(sign) if sign.isalpha() else self.take(sign)

    def expect(self, expected: str) -> None:
        """Pass over a text that must be next.

        Raises:
            MalformedTemplate: something else is.
        """
        if not self.take(expected):
            raise self.malformed(f"{expected!r} is expected")

    def is_name_next(self, distance: int = 0) -> bool:
        """Say whether a name begins so many characters on."""
        return _NAME.match(self.text, self.at + distance) is not None

    def name(self) -> str:
        """Read a name."""
        found = _NAME.match(self.text, self.at)
        if found is None or len(found.group()) > MAX_NAME:
            raise self.malformed("A name is expected")
        self.at = found.end()
        return found.group()

    def number(self) -> int | float:
        """Read a number."""
        found = _NUMBER.match(self.text, self.at)
        if found is None:
            raise self.malformed("A value is expected")
        # In `1..3` the points belong to the range; the pattern asks for a digit after a point.
        self.at = found.end()
        return float(found.group()) if "." in found.group() else int(found.group())

    def quoted(self, quote: str) -> str:
        """Read a text in quotes; a doubled quote stands for one."""
        self.expect(quote)
        parts: list[str] = []
        while True:
            end = self.text.find(quote, self.at)
            if end < 0:
                raise self.malformed("A text is not closed")
            parts.append(self.text[self.at : end])
            self.at = end + 1
            if not self.take(quote):
                return "".join(parts)
            parts.append(quote)

    def skip_blanks(self) -> None:
        """Pass over blanks and line ends."""
        found = _BLANKS.match(self.text, self.at)
        assert found is not None, "the pattern matches nothing too"
        self.at = found.end()

    def skip_rest_of_blank_line(self) -> None:
        """Pass over the line end when nothing but blanks is before it."""
        found = _REST_OF_BLANK_LINE.match(self.text, self.at)
        if found is not None:
            self.at = found.end()
