"""`idp ops`: where an AWS operation lives."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import click

from idp import aws
from idp.aws import declined, registry
from idp.aws.models import operation_names

DOCUMENT_HEAD = """\
# Operations

Every operation of every AWS service that idp knows, as the service's model in botocore names it: served, or declined with a
reason. Files are below `idp/aws/`, flows below `idp/flows/`, tests below `tests/aws/`. This page is printed by
`idp ops --document`; `idp ops NAME` says the same of one operation, with lines.
"""

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Home:
    """Where an operation lives; paths are relative to the repository, with a line."""

    service: str
    name: str
    file: str
    flows: tuple[str, ...]
    tests: str | None
    declined: str | None


@click.command("ops")
@click.argument("name", required=False)
@click.option("--document", is_flag=True, help="Print docs/operations.md.")
def command(name: str | None, *, document: bool) -> None:
    """Say where an AWS operation lives: file and line, its flow, its tests.  Without NAME, list them all."""
    homes = list(all_homes(name))
    if document:
        click.echo(operations_document(homes), nl=False)
        return
    if not homes:
        raise click.ClickException(f"No service that idp knows has an operation {name}.")
    for home in homes:
        if name is None:
            click.echo(f"{home.service:<18} {home.name:<40} {home.file or 'declined'}")
        else:
            click.echo(describe(home))


def describe(home: Home) -> str:
    """Return what a newcomer wants to know of an operation."""
    if home.declined is not None:
        return f"{home.service} {home.name} is declined: {home.declined}"
    lines = [f"{home.service} {home.name}", f"  operation  {home.file}"]
    lines += [f"  flow       {flow}" for flow in home.flows]
    lines.append(f"  tests      {home.tests or 'none yet'}")
    return "\n".join(lines)


def operations_document(homes: Sequence[Home]) -> str:
    """Return docs/operations.md: every operation of every service, served or declined."""
    parts = [DOCUMENT_HEAD]
    for service, group in groupby(homes, key=lambda home: home.service):
        in_service = list(group)
        served = [home for home in in_service if home.declined is None]
        parts.append(f"\n## {service}\n\n{len(served)} of {len(in_service)} operations are served.\n\n")
        parts.append("| Operation | Status | File | Flow | Tests |\n| --- | --- | --- | --- | --- |\n")
        parts += [_row(home) for home in in_service]
    return "".join(parts)


def _row(home: Home) -> str:
    if home.declined is not None:
        return f"| {home.name} | declined: {home.declined} | | | |\n"
    flows = ", ".join(dict.fromkeys(flow.partition(":")[0].removeprefix("idp/flows/") for flow in home.flows))
    file, tests = home.file.partition(":")[0].removeprefix("idp/aws/"), (home.tests or "").removeprefix("tests/aws/")
    return f"| {home.name} | served | {file} | {flows} | {tests} |\n"


def all_homes(wanted: str | None = None) -> Iterator[Home]:
    """Return the operations of every service, served or declined, by service and name.

    Args:
        wanted: an operation's name in whatever case; None for all.
    """
    served = registry.collect([aws])
    for service, reasons in declined.DECLINED.items():
        for name in sorted(operation_names(service).values()):
            if wanted is not None and name.lower() != wanted.lower():
                continue
            function = served.function(service, name)
            if function is None:
                yield Home(service, name, "", (), None, reasons[name])
            else:
                yield _home(service, name, Path(inspect.getfile(function)), function.__name__)


def _home(service: str, name: str, path: Path, function: str) -> Home:
    tree = ast.parse(path.read_text())
    node = next(each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef) and each.name == function)
    tests = ROOT / "tests" / path.relative_to(ROOT / "idp").with_name(f"test_{path.name}")
    return Home(
        service,
        name,
        f"{path.relative_to(ROOT)}:{node.lineno}",
        tuple(_flows(tree, node)),
        str(tests.relative_to(ROOT)) if tests.exists() else None,
        None,
    )


def _flows(tree: ast.Module, operation: ast.FunctionDef) -> Iterator[str]:
    """Return the flow functions that an operation names, as file and line."""
    modules: dict[str, str] = {}
    for each in tree.body:
        if isinstance(each, ast.ImportFrom) and each.module and each.module.startswith("idp.flows"):
            modules |= {alias.asname or alias.name: f"{each.module}.{alias.name}" for alias in each.names}
    seen = set()
    for node in _nodes_reached(tree, operation):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            target = (modules[node.value.id], node.attr)
        elif isinstance(node, ast.Name) and node.id in modules:
            module, _, name = modules[node.id].rpartition(".")
            target = (module, name)
        else:
            continue
        place = None if target in seen else _place(*target)
        seen.add(target)
        if place is not None:
            yield place


def _nodes_reached(tree: ast.Module, operation: ast.FunctionDef) -> Iterator[ast.AST]:
    """Return the nodes of an operation and of the functions of its module that it calls, near ones first."""
    local = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
    waiting, seen = [operation], {operation.name}
    while waiting:
        for node in ast.walk(waiting.pop(0)):
            yield node
            if isinstance(node, ast.Name) and node.id in local and node.id not in seen:
                seen.add(node.id)
                waiting.append(local[node.id])


def _place(module: str, function: str) -> str | None:
    """Return where a flow's function stands; None for what is no function."""
    path = ROOT / Path(*module.split(".")).with_suffix(".py")
    if not path.exists():
        path = ROOT / Path(*module.split("."), "__init__.py")
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return f"{path.relative_to(ROOT)}:{node.lineno} {function}"
    return None
