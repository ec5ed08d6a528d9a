"""Which attributes a DynamoDB expression names, and which keys a key condition asks for.

Reads just enough for a decision, and refuses what it does not know. Source: DynamoDB Developer Guide, "Expressions".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

NAME = r"#[A-Za-z0-9_]+|[A-Za-z_][A-Za-z0-9_]*"
_LEXEME = re.compile(rf"\s*({NAME}|:[A-Za-z0-9_]+|\[\s*\d+\s*\]|<=|>=|<>|[=<>().,+-])\s*")
_NAME = re.compile(NAME)

_SIGNS = frozenset({"<=", ">=", "<>", "=", "<", ">"})
_CONDITION_WORDS = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN"})
_UPDATE_WORDS = frozenset({"SET", "REMOVE", "ADD", "DELETE"})
_FUNCTIONS = frozenset(
    {
        "attribute_exists",
        "attribute_not_exists",
        "attribute_type",
        "begins_with",
        "contains",
        "size",
        "if_not_exists",
        "list_append",
    }
)

MAX_CHARACTERS = 4096
MAX_NESTING = 20

Names = Mapping[str, str]


class Unreadable(Exception):
    """The request cannot be understood well enough to decide on its keys and attributes."""


@dataclass(frozen=True, slots=True)
class KeyCondition:
    """One comparison of a key condition: attribute, operator in upper case, and the first placeholder it compares with."""

    attribute: str
    operator: str
    value: str


def attributes_of_projection(text: str, names: Names) -> set[str]:
    """Return the top-level attributes that a projection expression returns.

    Raises:
        Unreadable: it is no list of paths.
    """
    lexemes = _lexemes(text)
    if any(lexeme in _SIGNS or lexeme in "()+-" or lexeme.startswith(":") for lexeme in lexemes):
        raise Unreadable(text)
    return set(_attributes(lexemes, names, words=frozenset()))


def attributes_of_condition(text: str, names: Names) -> set[str]:
    """Return the top-level attributes that a condition, filter or key condition reads.

    Raises:
        Unreadable: it holds what no condition does.
    """
    lexemes = _lexemes(text)
    if any(lexeme in "+-" for lexeme in lexemes):
        raise Unreadable(text)
    return set(_attributes(lexemes, names, words=_CONDITION_WORDS))


def attributes_of_update(text: str, names: Names) -> set[str]:
    """Return the top-level attributes that an update expression reads or writes.

    Raises:
        Unreadable: it holds what no update does.
    """
    return set(_attributes(_lexemes(text), names, words=_UPDATE_WORDS))


def key_conditions(text: str, names: Names) -> list[KeyCondition]:
    """Return the comparisons of a key condition expression, which all must hold.

    Raises:
        Unreadable: it is anything else than comparisons joined by AND.
    """
    reader = _Reader(_lexemes(text), names)
    conditions = reader.read_conditions(0)
    if reader.peek() != "":
        raise Unreadable(text)
    return conditions


class _Reader:
    """Reads a key condition from left to right."""

    def __init__(self, lexemes: list[str], names: Names) -> None:
        self._lexemes = lexemes
        self._names = names
        self._position = 0

    def peek(self) -> str:
        """Return the next lexeme; empty at the end."""
        return self._lexemes[self._position] if self._position < len(self._lexemes) else ""

    def read_conditions(self, nesting: int) -> list[KeyCondition]:
        """Read one condition, and those joined to it."""
        conditions = self._read_one(nesting)
        while self.peek().upper() == "AND":
            self._take()
            conditions += self._read_one(nesting)
        return conditions

    def _read_one(self, nesting: int) -> list[KeyCondition]:
        if nesting > MAX_NESTING:
            raise Unreadable("nested too deep")
        if self.peek() == "(":
            self._expect("(")
            conditions = self.read_conditions(nesting + 1)
            self._expect(")")
            return conditions
        lexeme = self._take()
        return [self._read_begins_with() if lexeme == "begins_with" else self._read_comparison(lexeme)]

    def _read_begins_with(self) -> KeyCondition:
        self._expect("(")
        attribute = self._attribute(self._take())
        self._expect(",")
        value = self._value()
        self._expect(")")
        return KeyCondition(attribute, "BEGINS_WITH", value)

    def _read_comparison(self, lexeme: str) -> KeyCondition:
        attribute, operator = self._attribute(lexeme), self._take().upper()
        if operator not in _SIGNS and operator != "BETWEEN":
            raise Unreadable(operator)
        value = self._value()
        if operator == "BETWEEN":
            self._expect("AND")
            self._value()
        return KeyCondition(attribute, operator, value)

    def _attribute(self, lexeme: str) -> str:
        if _NAME.fullmatch(lexeme) is None or lexeme.upper() in _CONDITION_WORDS:
            raise Unreadable(lexeme)
        return _resolved(lexeme, self._names)

    def _value(self) -> str:
        lexeme = self._take()
        if not lexeme.startswith(":"):
            raise Unreadable(lexeme)
        return lexeme

    def _expect(self, wanted: str) -> None:
        if self._take().upper() != wanted:
            raise Unreadable(wanted)

    def _take(self) -> str:
        lexeme = self.peek()
        if not lexeme:
            raise Unreadable("ends early")
        self._position += 1
        return lexeme


def _lexemes(text: str) -> list[str]:
    if len(text) > MAX_CHARACTERS:
        raise Unreadable("too long")
    lexemes, position = [], 0
    while position < len(text):
        found = _LEXEME.match(text, position)
        if found is None:
            raise Unreadable(text[position : position + 20])
        lexemes.append(found[1])
        position = found.end()
    return lexemes


def _attributes(lexemes: list[str], names: Names, *, words: frozenset[str]) -> Iterator[str]:
    """Yield the first name of each path; words of the language and functions are none."""
    for index, lexeme in enumerate(lexemes):
        if _NAME.fullmatch(lexeme) is None or (index and lexemes[index - 1] == "."):
            continue
        if lexemes[index + 1 : index + 2] == ["("] and lexeme.upper() not in words:
            if lexeme not in _FUNCTIONS:
                raise Unreadable(lexeme)
        elif lexeme.upper() not in words:
            yield _resolved(lexeme, names)


def _resolved(lexeme: str, names: Names) -> str:
    if not lexeme.startswith("#"):
        return lexeme
    if lexeme not in names:
        raise Unreadable(lexeme)
    return names[lexeme]
