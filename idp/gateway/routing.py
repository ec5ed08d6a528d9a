"""From method and path to a route: a tree of path segments, built once for each deployment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar
from urllib.parse import unquote

from idp.domain.rest_api import ANY_METHOD, DEFAULT_ROUTE, ApiKind

Target = TypeVar("Target")

MAX_SEGMENTS: Final = 200
_DOTS: Final = frozenset({".", ".."})


@dataclass(frozen=True, slots=True)
class Match(Generic[Target]):
    """A route that was found.

    Attributes:
        path_parameters: decoded.
        canonical_path: decoded but for slashes within a segment, without the slash at its beginning: what policies
            speak of, and the same for all ways to write a path that reach the route.
    """

    target: Target
    path_parameters: dict[str, str]
    canonical_path: str


@dataclass(frozen=True, slots=True)
class _Leaf(Generic[Target]):
    target: Target
    names: tuple[str, ...]


@dataclass(slots=True)
class _Node(Generic[Target]):
    fixed: dict[str, _Node[Target]] = field(default_factory=dict)
    variable: _Node[Target] | None = None
    greedy: dict[str, _Leaf[Target]] = field(default_factory=dict)
    leaves: dict[str, _Leaf[Target]] = field(default_factory=dict)


class Router(Generic[Target]):
    """The routes of an API.

    Of the routes that match a path, a fixed segment wins over `{variable}`, and that over `{greedy+}`, from the left.
    A REST API then looks for the method; when the path's route lacks it, there is none. An HTTP API looks for the
    method, too, before it settles on a path, and has `$default` for what is left.

    Source: API Gateway Developer Guide, "Create routes for HTTP APIs"; spec API_GATEWAY section 5.
    Unknown: whether a REST API that fails below a fixed segment tries a variable beside it; here it does. Whether an
    HTTP API tells `/pets/` from `/pets`; here it does.
    """

    def __init__(self, kind: ApiKind) -> None:
        self._kind = kind
        self._root: _Node[Target] = _Node()
        self._default: Target | None = None

    def add(self, method: str, path: str, target: Target) -> None:
        """Add a route.

        Args:
            method: or ANY.
            path: checked at deployment: `/pets/{id}`, `/{proxy+}`, `$default`.
        """
        if path == DEFAULT_ROUTE:
            self._default = target
            return
        node, names = self._root, []
        for step in _segments(path):
            if not step.startswith("{"):
                node = node.fixed.setdefault(step, _Node())
                continue
            names.append(step.strip("{}+"))
            if step.endswith("+}"):
                node.greedy[method] = _Leaf(target, tuple(names))
                return
            node.variable = node.variable or _Node()
            node = node.variable
        node.leaves[method] = _Leaf(target, tuple(names))

    def find(self, method: str, path: str) -> Match[Target] | None:
        """Return the route of a request; None when there is none.

        Args:
            path: percent-encoded, begins with a slash.
        """
        segments = _segments(path)
        if self._kind == "REST" and segments and not segments[-1]:
            del segments[-1]
        if len(segments) > MAX_SEGMENTS or not _DOTS.isdisjoint(segments):
            return None
        for leaves, values in _candidates(self._root, segments, 0, ()):
            leaf = leaves.get(method) or leaves.get(ANY_METHOD)
            if leaf is not None:
                return Match(leaf.target, dict(zip(leaf.names, values, strict=True)), _canonical(segments))
            if self._kind == "REST":
                return None
        return None if self._default is None else Match(self._default, {}, _canonical(segments))


def _segments(path: str) -> list[str]:
    """Return the decoded segments of a path; none for `/`."""
    inner = path[1:]
    if not inner:
        return []
    segments = inner.split("/")
    return [unquote(segment) for segment in segments] if "%" in inner else segments


def _canonical(segments: list[str]) -> str:
    path = "/".join(segments)
    if path.count("/") == len(segments) - 1 or not segments:
        return path
    return "/".join(segment.replace("/", "%2F") for segment in segments)


def _candidates(
    node: _Node[Target], segments: list[str], at: int, values: tuple[str, ...]
) -> Iterator[tuple[dict[str, _Leaf[Target]], tuple[str, ...]]]:
    """Yield the ends that match, the best first, with the values of the variables passed."""
    if at == len(segments):
        if node.leaves:
            yield node.leaves, values
        return
    segment = segments[at]
    fixed = node.fixed.get(segment)
    if fixed is not None:
        yield from _candidates(fixed, segments, at + 1, values)
    if node.variable is not None and segment:
        yield from _candidates(node.variable, segments, at + 1, (*values, segment))
    if node.greedy and any(segments[at:]):
        yield node.greedy, (*values, "/".join(segments[at:]))
