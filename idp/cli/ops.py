"""`idp ops`: where an AWS operation lives."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from idp import aws
from idp.aws import declined, registry
from idp.aws.models import operation_names

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
def command(name: str | None) -> None:
    """Say where an AWS operation lives: file and line, its flow, its tests.  Without NAME, list them all."""
    homes = list(all_homes(name))
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
    """Return the flow functions that an operation calls, as file and line."""
    modules: dict[str, str] = {}
    for each in tree.body:
        if isinstance(each, ast.ImportFrom) and each.module and each.module.startswith("idp.flows"):
            modules |= {alias.asname or alias.name: f"{each.module}.{alias.name}" for alias in each.names}
    seen = set()
    for node in ast.walk(operation):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id in modules:
            target = (modules[called.value.id], called.attr)
        elif isinstance(called, ast.Name) and called.id in modules:
            module, _, name = modules[called.id].rpartition(".")
            target = (module, name)
        else:
            continue
        place = None if target in seen else _place(*target)
        seen.add(target)
        if place is not None:
            yield place


def _place(module: str, function: str) -> str | None:
    """Return where a flow's function stands; None for what is no function."""
    path = ROOT / Path(*module.split(".")).with_suffix(".py")
    if not path.exists():
        path = ROOT / Path(*module.split("."), "__init__.py")
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return f"{path.relative_to(ROOT)}:{node.lineno} {function}"
    return None
