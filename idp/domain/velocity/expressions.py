"""Expressions of templates: what stands in `#if( )`, `#set( )`, `#foreach( )` and in the arguments of methods."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from idp.domain.velocity.cursor import Cursor
from idp.domain.velocity.errors import TemplateFailed
from idp.domain.velocity.methods import MAX_TEXT, call_method
from idp.domain.velocity.nodes import MAX_ROUNDS, Expression, Rendering, item, member
from idp.domain.velocity.values import is_true, printed

MAX_DEPTH = 60

Interpolated = Callable[[str], Expression]


class ExpressionParser:
    """Reads expressions at a cursor.

    Args:
        interpolated: compiles the text in double quotes, which is a template itself.
    """

    def __init__(self, cursor: Cursor, interpolated: Interpolated) -> None:
        self._cursor = cursor
        self._interpolated = interpolated
        self._depth = 0

    def reference(self) -> tuple[str, Expression]:
        """Read a reference from its `$` on; return the variable's name and the value's expression.

        Raises:
            MalformedTemplate: it is none.
        """
        cursor = self._cursor
        cursor.expect("$")
        cursor.take("!")
        braced = cursor.take("{")
        name = cursor.name()
        value = self._steps(_variable(name))
        if braced:
            cursor.expect("}")
        return name, value

    def expression(self) -> Expression:
        """Read a whole expression."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._cursor.malformed("Expressions are nested too deeply")
        value = self._binary(0)
        self._depth -= 1
        return value

    def _binary(self, level: int) -> Expression:
        if level == len(_LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while True:
            self._cursor.skip_blanks()
            sign = next((sign for sign in _LEVELS[level] if self._cursor.take_operator(sign)), None)
            if sign is None:
                return left
            left = _LEVELS[level][sign](left, self._binary(level + 1))

    def _unary(self) -> Expression:
        cursor = self._cursor
        cursor.skip_blanks()
        if cursor.take("!") or cursor.take_word("not"):
            operand = self._unary_operand()
            return lambda rendering: not is_true(operand(rendering))
        return self._primary()

    def _unary_operand(self) -> Expression:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._cursor.malformed("Expressions are nested too deeply")
        operand = self._unary()
        self._depth -= 1
        return operand

    def _primary(self) -> Expression:
        cursor = self._cursor
        cursor.skip_blanks()
        match cursor.peek():
            case "$":
                return self.reference()[1]
            case "(":
                return self._enclosed()
            case "[":
                return self._list_or_range()
            case "{":
                return self._map()
            case "'":
                return _constant(cursor.quoted("'"))
            case '"':
                return self._interpolated(cursor.quoted('"'))
        for word, constant in _WORDS.items():
            if cursor.take_word(word):
                return _constant(constant)
        return _constant(cursor.number())

    def _enclosed(self) -> Expression:
        self._cursor.expect("(")
        value = self.expression()
        self._cursor.skip_blanks()
        self._cursor.expect(")")
        return value

    def _list_or_range(self) -> Expression:
        cursor = self._cursor
        cursor.expect("[")
        items: list[Expression] = []
        while not cursor.take_after_blanks("]"):
            items.append(self.expression())
            if len(items) == 1 and cursor.take_after_blanks(".."):
                return self._range(items[0])
            if not cursor.take_after_blanks(","):
                cursor.skip_blanks()
                cursor.expect("]")
                break
        return lambda rendering: [value(rendering) for value in items]

    def _range(self, first: Expression) -> Expression:
        last = self.expression()
        self._cursor.skip_blanks()
        self._cursor.expect("]")
        return lambda rendering: _range_of(first(rendering), last(rendering))

    def _map(self) -> Expression:
        cursor = self._cursor
        cursor.expect("{")
        entries: list[tuple[Expression, Expression]] = []
        while not cursor.take_after_blanks("}"):
            key = self.expression()
            cursor.skip_blanks()
            cursor.expect(":")
            entries.append((key, self.expression()))
            if not cursor.take_after_blanks(","):
                cursor.skip_blanks()
                cursor.expect("}")
                break
        return lambda rendering: {printed(key(rendering)): value(rendering) for key, value in entries}

    def _steps(self, value: Expression) -> Expression:
        """Read `.member`, `.method(arguments)` and `[key]` as long as they follow."""
        cursor = self._cursor
        while True:
            if cursor.peek() == "." and cursor.is_name_next(1):
                cursor.expect(".")
                name = cursor.name()
                value = _call(value, name, self._arguments()) if cursor.peek() == "(" else member(value, name)
            elif cursor.peek() == "[":
                cursor.expect("[")
                key = self.expression()
                cursor.skip_blanks()
                cursor.expect("]")
                value = item(value, key)
            else:
                return value

    def _arguments(self) -> tuple[Expression, ...]:
        cursor = self._cursor
        cursor.expect("(")
        arguments: list[Expression] = []
        while not cursor.take_after_blanks(")"):
            arguments.append(self.expression())
            if not cursor.take_after_blanks(","):
                cursor.skip_blanks()
                cursor.expect(")")
                break
        return tuple(arguments)


def _variable(name: str) -> Expression:
    return lambda rendering: rendering.variables.get(name)


def _constant(value: Any) -> Expression:
    return lambda _: value


def _call(of: Expression, name: str, arguments: tuple[Expression, ...]) -> Expression:
    def called(rendering: Rendering) -> Any:
        rendering.take_step()
        return call_method(of(rendering), name, [argument(rendering) for argument in arguments])

    return called


def _range_of(first: Any, last: Any) -> list[int]:
    if not isinstance(first, int) or not isinstance(last, int) or abs(last - first) >= MAX_ROUNDS:
        raise TemplateFailed("A range is between two whole numbers, not too far apart.")
    return list(range(first, last + 1)) if first <= last else list(range(first, last - 1, -1))


def _both(left: Expression, right: Expression) -> Expression:
    return lambda rendering: is_true(left(rendering)) and is_true(right(rendering))


def _either(left: Expression, right: Expression) -> Expression:
    return lambda rendering: is_true(left(rendering)) or is_true(right(rendering))


def _equal(left: Expression, right: Expression) -> Expression:
    return lambda rendering: left(rendering) == right(rendering)


def _unequal(left: Expression, right: Expression) -> Expression:
    return lambda rendering: left(rendering) != right(rendering)


def _compared(compare: Callable[[Any, Any], bool]) -> Callable[[Expression, Expression], Expression]:
    def compiled(left: Expression, right: Expression) -> Expression:
        def value(rendering: Rendering) -> bool:
            try:
                return compare(left(rendering), right(rendering))
            except TypeError:
                return False

        return value

    return compiled


def _added(left: Expression, right: Expression) -> Expression:
    def value(rendering: Rendering) -> Any:
        first, second = left(rendering), right(rendering)
        if isinstance(first, str) or isinstance(second, str):
            return _limited(printed(first) + printed(second))
        return _reckoned(operator.add, first, second)

    return value


def _limited(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise TemplateFailed("The template's output is too long.")
    return text


def _arithmetic(compute: Callable[[Any, Any], Any]) -> Callable[[Expression, Expression], Expression]:
    return lambda left, right: lambda rendering: _reckoned(compute, left(rendering), right(rendering))


def _reckoned(compute: Callable[[Any, Any], Any], first: Any, second: Any) -> Any:
    """Compute with two numbers; null when one is none.  Source: Velocity 1.7, "Math"."""
    if not isinstance(first, int | float) or not isinstance(second, int | float):
        return None
    try:
        return compute(first, second)
    except (ArithmeticError, ValueError):
        return None


def _divide(first: Any, second: Any) -> Any:
    """Divide as Java does: whole numbers toward zero."""
    if isinstance(first, int) and isinstance(second, int):
        quotient = abs(first) // abs(second)
        return quotient if (first < 0) == (second < 0) else -quotient
    return first / second


_WORDS = {"true": True, "false": False, "null": None}
# From the loosest to the tightest; a longer sign stands before its own beginning.
_LEVELS: tuple[dict[str, Callable[[Expression, Expression], Expression]], ...] = (
    {"||": _either, "or": _either},
    {"&&": _both, "and": _both},
    {"==": _equal, "!=": _unequal, "eq": _equal, "ne": _unequal},
    {
        "<=": _compared(operator.le),
        ">=": _compared(operator.ge),
        "<": _compared(operator.lt),
        ">": _compared(operator.gt),
    },
    {"+": _added, "-": _arithmetic(operator.sub)},
    {"*": _arithmetic(operator.mul), "/": _arithmetic(_divide), "%": _arithmetic(operator.mod)},
)
