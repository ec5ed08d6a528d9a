"""The parts of a parsed template, each of which renders itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from idp.domain.velocity.errors import TemplateFailed
from idp.domain.velocity.methods import MAX_TEXT
from idp.domain.velocity.values import is_true, item_of, member_of, printed

MAX_ROUNDS = 1000
MAX_STEPS = 200_000

Expression = Callable[["Rendering"], Any]


class Rendering:
    """One rendering under way: its variables, its output so far, and how much it may still do."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self.variables: dict[str, Any] = dict(variables)
        self.is_broken_off = False
        self._out: list[str] = []
        self._length = 0
        self._steps = 0

    @property
    def text(self) -> str:
        """Return what was written so far."""
        return "".join(self._out)

    def write(self, text: str) -> None:
        """Append to the output.

        Raises:
            TemplateFailed: the output is longer than any message may be.
        """
        self._length += len(text)
        if self._length > MAX_TEXT:
            raise TemplateFailed("The template's output is too long.")
        self._out.append(text)

    def captured(self, nodes: tuple[Node, ...]) -> str:
        """Return what parts would write; it counts as output all the same."""
        outside, self._out = self._out, []
        render_all(nodes, self)
        inside, self._out = self.text, outside
        return inside

    def take_step(self) -> None:
        """Count one step of work.

        Raises:
            TemplateFailed: the template has done too much.
        """
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise TemplateFailed("The template runs for too long.")


class Node(Protocol):
    """A part of a template."""

    def render(self, rendering: Rendering) -> None:
        """Write the part's output."""
        ...


def render_all(nodes: tuple[Node, ...], rendering: Rendering) -> None:
    """Render parts in their order, until one breaks a loop off."""
    for node in nodes:
        rendering.take_step()
        node.render(rendering)
        if rendering.is_broken_off:
            return


@dataclass(frozen=True, slots=True)
class Template:
    """A whole template."""

    nodes: tuple[Node, ...]

    def render(self, variables: Mapping[str, Any]) -> str:
        """Return the output.

        Raises:
            TemplateFailed: the template asks for what cannot be given.
        """
        rendering = Rendering(variables)
        render_all(self.nodes, rendering)
        return rendering.text


@dataclass(frozen=True, slots=True)
class Text:
    """Text that stands for itself."""

    text: str

    def render(self, rendering: Rendering) -> None:
        """Write it."""
        rendering.write(self.text)


@dataclass(frozen=True, slots=True)
class Output:
    """A reference in the text; what is missing prints nothing, as API Gateway has it."""

    value: Expression

    def render(self, rendering: Rendering) -> None:
        """Write its value."""
        rendering.write(printed(self.value(rendering)))


@dataclass(frozen=True, slots=True)
class Assignment:
    """`#set($name.member = value)`."""

    name: str
    path: tuple[Expression, ...]
    value: Expression

    def render(self, rendering: Rendering) -> None:
        """Assign; what cannot be assigned to is left alone."""
        value = self.value(rendering)
        if not self.path:
            rendering.variables[self.name] = value
            return
        target = rendering.variables.get(self.name)
        for step in self.path[:-1]:
            target = item_of(target, step(rendering))
        key = self.path[-1](rendering)
        if isinstance(target, dict):
            target[printed(key)] = value
        elif isinstance(target, list) and isinstance(key, int) and 0 <= key < len(target):
            target[key] = value


@dataclass(frozen=True, slots=True)
class Condition:
    """`#if … #elseif … #else … #end`."""

    branches: tuple[tuple[Expression, tuple[Node, ...]], ...]
    otherwise: tuple[Node, ...]

    def render(self, rendering: Rendering) -> None:
        """Render the first branch whose condition holds."""
        for condition, body in self.branches:
            if is_true(condition(rendering)):
                return render_all(body, rendering)
        return render_all(self.otherwise, rendering)


@dataclass(frozen=True, slots=True)
class Loop:
    """`#foreach($name in values) … #end`, with `$foreach` and `$velocityCount`."""

    name: str
    values: Expression
    body: tuple[Node, ...]

    def render(self, rendering: Rendering) -> None:
        """Render the body for each value: at most 1000, as API Gateway has it."""
        values = self.values(rendering)
        values = list(values.values()) if isinstance(values, Mapping) else values
        if not isinstance(values, list):
            return
        outside = {name: rendering.variables.get(name) for name in (self.name, "foreach", "velocityCount")}
        for index, value in enumerate(values[:MAX_ROUNDS]):
            foreach = {
                "index": index,
                "count": index + 1,
                "hasNext": index + 1 < len(values),
                "first": index == 0,
                "last": index + 1 == len(values),
                "parent": outside["foreach"],
            }
            rendering.variables |= {self.name: value, "foreach": foreach, "velocityCount": index + 1}
            render_all(self.body, rendering)
            if rendering.is_broken_off:
                break
        rendering.is_broken_off = False
        rendering.variables |= outside


@dataclass(frozen=True, slots=True)
class Break:
    """`#break`."""

    def render(self, rendering: Rendering) -> None:
        """End the innermost loop."""
        rendering.is_broken_off = True


def member(of: Expression, name: str) -> Expression:
    """Return the expression of a property."""
    return lambda rendering: member_of(of(rendering), name)


def item(of: Expression, key: Expression) -> Expression:
    """Return the expression of `of[key]`."""
    return lambda rendering: item_of(of(rendering), key(rendering))
