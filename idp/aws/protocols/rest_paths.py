"""Which REST operation a method and a raw path name."""

from __future__ import annotations

import re
from functools import cache

from botocore.model import OperationModel

from idp.aws.models import operation_model, service_model

LABEL = re.compile(r"\{([^}+]+)(\+?)\}")


def find_operation(service: str, method: str, raw_path: str) -> str | None:
    """Return the name of the operation at a path, still percent-encoded; None when there is none."""
    return next(
        (name for own_method, path, name in _routes(service) if own_method == method and path.fullmatch(raw_path)), None
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
def _routes(service: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Return method, path and name of each operation, fixed paths before those with labels."""
    operations = [operation_model(service, name) for name in service_model(service).operation_names]
    ordered = sorted((each for each in operations if each), key=lambda each: LABEL.sub("~", _template(each)))
    return tuple((each.http["method"], path_pattern(each), each.name) for each in ordered)


def _template(operation: OperationModel) -> str:
    template: str = operation.http["requestUri"]
    return template.partition("?")[0]
