"""`idp settings`: every setting, as docs/settings.md shows them."""

from __future__ import annotations

import click

from idp.settings import variables

HEAD = """\
# Settings

All settings come from the environment. An unknown `IDP_*` variable, or a value that cannot be read, stops the server with a
sentence that names it. `--host`, `--port` and `--data` of `idp dev` and `idp serve` go before their variables. This page is
printed by `idp settings`.

| Variable | Default | Meaning |
| --- | --- | --- |
"""

LENIENT = """
## Leniencies of `idp dev`

`idp dev` sets these to true, but for the URL, which it takes; `idp serve` refuses to start with any of them.

| Variable | Meaning |
| --- | --- |
"""


@click.command("settings")
def command() -> None:
    """Print every setting with its default and meaning."""
    click.echo(document(), nl=False)


def document() -> str:
    """Return docs/settings.md."""
    strict = [(name, about) for name, about in variables().items() if not about["lenient"]]
    lenient = [(name, about) for name, about in variables().items() if about["lenient"]]
    rows = [f"| `{name}` | {_default(about['default'])} | {about['about']} |\n" for name, about in strict]
    rows_lenient = [f"| `{name}` | {about['about']} |\n" for name, about in lenient]
    return HEAD + "".join(rows) + LENIENT + "".join(rows_lenient)


def _default(value: object) -> str:
    return "" if value is None else f"`{value}`"
