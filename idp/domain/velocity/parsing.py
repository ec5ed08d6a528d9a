"""From a template's text to its parts."""

from __future__ import annotations

import re
from typing import Final

from idp.domain.velocity.cursor import Cursor
from idp.domain.velocity.expressions import MAX_DEPTH, ExpressionParser
from idp.domain.velocity.nodes import (
    Assignment,
    Break,
    Condition,
    Expression,
    Loop,
    Node,
    Output,
    Template,
    Text,
)

MAX_CHARACTERS: Final = 300 * 1024
_SPECIAL = re.compile(r"[$#\\]")
_DIRECTIVE = re.compile(r"#(?:\{(set|if|elseif|else|end|foreach|break)\}|(set|if|elseif|else|end|foreach|break)\b)")


def parse_template(text: str) -> Template:
    """Compile a template.

    Raises:
        MalformedTemplate: it is none.
    """
    cursor = Cursor(text)
    if len(text) > MAX_CHARACTERS:
        raise cursor.malformed("More than 300 KB")
    nodes, ended_by = TemplateParser(cursor).nodes(())
    if ended_by:
        raise cursor.malformed(f"#{ended_by} without its beginning")
    return Template(nodes)


class TemplateParser:
    """Reads the text of a template: everything outside of expressions."""

    def __init__(self, cursor: Cursor, depth: int = 0) -> None:
        self._cursor = cursor
        self._depth = depth
        self._expressions = ExpressionParser(cursor, self._interpolated)

    def nodes(self, until: tuple[str, ...]) -> tuple[tuple[Node, ...], str]:
        """Read parts up to the end, or to a directive that ends or divides a block.

        Args:
            until: the directives that may do so here.

        Returns:
            The parts, and which directive came (empty at the end of the text).
        """
        nodes: list[Node] = []
        cursor = self._cursor
        while not cursor.is_at_end:
            special = _SPECIAL.search(cursor.text, cursor.at)
            plain_end = special.start() if special else len(cursor.text)
            if plain_end > cursor.at:
                nodes.append(Text(cursor.text[cursor.at : plain_end]))
                cursor.at = plain_end
                continue
            if (directive := _DIRECTIVE.match(cursor.text, cursor.at)) is not None:
                word = directive.group(1) or directive.group(2)
                cursor.at = directive.end()
                if word in ("elseif", "else", "end"):
                    cursor.skip_rest_of_blank_line()
                    return tuple(nodes), self._ending(word, until)
                nodes.append(self._directive(word))
                continue
            nodes.extend(self._special())
        if until:
            raise cursor.malformed("A block is not closed by #end")
        return tuple(nodes), ""

    def _ending(self, word: str, until: tuple[str, ...]) -> str:
        if until and word not in until:
            raise self._cursor.malformed(f"#{word} is out of place")
        return word

    def _special(self) -> list[Node]:
        """Read what begins with a sign that is no directive: a reference, a comment, an escape, or the sign itself."""
        cursor = self._cursor
        if cursor.take("\\"):
            escaped = next((sign for sign in "$#" if cursor.take(sign)), None)
            return [Text(escaped or "\\")]
        if cursor.take("##"):
            end = cursor.text.find("\n", cursor.at)
            cursor.at = len(cursor.text) if end < 0 else end + 1
            return []
        if cursor.take("#*"):
            end = cursor.text.find("*#", cursor.at)
            cursor.at = len(cursor.text) if end < 0 else end + 2
            return []
        if cursor.peek() == "$" and any(cursor.is_name_next(n) and _is_opening(cursor, n) for n in (1, 2, 3)):
            return [Output(self._expressions.reference()[1])]
        sign = cursor.peek()
        cursor.take(sign)
        return [Text(sign)]

    def _directive(self, word: str) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._cursor.malformed("Blocks are nested too deeply")
        node = self._block(word)
        self._depth -= 1
        return node

    def _block(self, word: str) -> Node:
        if word == "set":
            return self._assignment()
        if word == "if":
            return self._condition()
        if word == "foreach":
            return self._loop()
        return Break()

    def _assignment(self) -> Node:
        cursor = self._cursor
        self._open()
        cursor.expect("$")
        cursor.take("!")
        braced = cursor.take("{")
        name, path = cursor.name(), self._path()
        if braced:
            cursor.expect("}")
        cursor.skip_blanks()
        cursor.expect("=")
        value = self._expressions.expression()
        self._close()
        return Assignment(name, path, value)

    def _path(self) -> tuple[Expression, ...]:
        cursor, path = self._cursor, []
        while cursor.peek() in (".", "["):
            if cursor.take("."):
                path.append(_constant(cursor.name()))
                continue
            cursor.expect("[")
            path.append(self._expressions.expression())
            cursor.skip_blanks()
            cursor.expect("]")
        return tuple(path)

    def _condition(self) -> Node:
        branches: list[tuple[Expression, tuple[Node, ...]]] = []
        otherwise: tuple[Node, ...] = ()
        word = "elseif"
        while word == "elseif":
            self._open()
            condition = self._expressions.expression()
            self._close()
            body, word = self.nodes(("elseif", "else", "end"))
            branches.append((condition, body))
        if word == "else":
            otherwise, _ = self.nodes(("end",))
        return Condition(tuple(branches), otherwise)

    def _loop(self) -> Node:
        cursor = self._cursor
        self._open()
        name, _ = self._expressions.reference()
        cursor.skip_blanks()
        cursor.expect("in")
        values = self._expressions.expression()
        self._close()
        body, _ = self.nodes(("end",))
        return Loop(name, values, body)

    def _open(self) -> None:
        self._cursor.skip_blanks()
        self._cursor.expect("(")
        self._cursor.skip_blanks()

    def _close(self) -> None:
        self._cursor.skip_blanks()
        self._cursor.expect(")")
        self._cursor.skip_rest_of_blank_line()

    def _interpolated(self, text: str) -> Expression:
        """Compile a text in double quotes."""
        if self._depth >= MAX_DEPTH:
            raise self._cursor.malformed("Texts are nested too deeply")
        nodes, ended_by = TemplateParser(Cursor(text), self._depth + 1).nodes(())
        if ended_by:
            raise self._cursor.malformed(f"#{ended_by} without its beginning")
        if all(isinstance(node, Text) for node in nodes):
            return _constant("".join(node.text for node in nodes if isinstance(node, Text)))
        return lambda rendering: rendering.captured(nodes)


def _is_opening(cursor: Cursor, distance: int) -> bool:
    """Say whether the signs before a name, so many characters after the `$`, open a reference."""
    return cursor.text[cursor.at + 1 : cursor.at + distance] in ("", "!", "{", "!{")


def _constant(value: object) -> Expression:
    return lambda _: value
