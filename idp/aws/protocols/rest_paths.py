"""Which REST operation a method and a raw path name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl

from botocore.model import OperationModel

from idp.aws.models import operation_model, service_model

LABEL = re.compile(r"\{([^}+]+)(\+?)\}")


@dataclass(frozen=True, slots=True)
class _Route:
    method: str
    path: re.Pattern[str]
    query: frozenset[tuple[str, str]]
    name: str


def find_operation(service: str, method: str, *, raw_path: str, raw_query: str) -> str | None:
    """Return the name of the operation at a path, still percent-encoded; None when there is none.

    A few operations share a path, and stand apart by a fixed query parameter (`?find=LayerVersion`).
    """
    query = frozenset(parse_qsl(raw_query, keep_blank_values=True))
    return next(
        (
            route.name
            for route in _routes(service)
            if route.method == method and route.query <= query and route.path.fullmatch(raw_path)
        ),
        None,
    )


def path_pattern(operation: OperationModel) -> re.Pattern[str]:
    """Return the pattern of an operation's raw path; its groups are the labels in order."""
    pieces = LABEL.split(_template(operation))
    pattern = re.escape(pieces[0])
    for greedy, literal in zip(pieces[2::3], pieces[3::3], strict=True):
        pattern += (r"(.+)" if greedy else r"([^/]+)") + re.escape(literal)
    return re.compile(pattern.removesuffix("/") + "/?")


def labels_of(operation: OperationModel) -> list[str]:
    """Return the labels of an operation's path, in order."""
    return [label for label, _ in LABEL.findall(_template(operation))]


@cache
def _routes(service: str) -> tuple[_Route, ...]:
    """Return every operation's route: fixed paths before those with labels, fixed queries before none."""
    operations = [operation_model(service, name) for name in service_model(service).operation_names]
    return tuple(_route(each) for each in sorted((each for each in operations if each), key=_precedence))


def _route(operation: OperationModel) -> _Route:
    query = operation.http["requestUri"].partition("?")[2]
    return _Route(operation.http["method"], path_pattern(operation), frozenset(parse_qsl(query)), operation.name)


def _precedence(operation: OperationModel) -> tuple[str, bool]:
    return LABEL.sub("~", _template(operation)), "?" not in operation.http["requestUri"]


def _template(operation: OperationModel) -> str:
    template: str = operation.http["requestUri"]
    return template.partition("?")[0]
