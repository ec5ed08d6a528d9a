"""The command `idp`.  Each command lives in a module of its own, loaded when it is called: start-up stays quick."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

import click

from idp import __version__

COMMANDS: Mapping[str, str] = {
    "dev": "Serve for development: loopback only, any AWS credentials, an open outbox.",
    "serve": "Serve for production.",
    "migrate": "Bring the database to this version's schema.",
    "jobs": "Import users and delete what has expired.",
    "deploy": "Deploy an API from an OpenAPI document.",
    "ops": "Say where an AWS operation lives.",
    "outbox": "Show the messages of a running `idp dev`.",
    "settings": "Print every setting.",
    "triggers": "Show the newest runs of pools' triggers, or the keys that go with them.",
}


class LazyGroup(click.Group):
    """Loads `idp.cli.<command>` when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the commands' names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"idp.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="idp")
def main() -> None:
    """A self-hosted identity provider that speaks Amazon Cognito's APIs."""
