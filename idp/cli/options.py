"""Options that several commands share, and settings out of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from idp.settings import MAX_PORT, Mode, Settings, SettingsRefused, from_environment


def server_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--host`, `--port` and `--data` to a command."""
    for option in (
        click.option("--data", type=click.Path(path_type=Path), help="Folder of the database (IDP_DATA)."),
        click.option("--port", type=click.IntRange(1, MAX_PORT), help="TCP port to listen on (IDP_PORT)."),
        click.option("--host", help="Address to listen on (IDP_HOST)."),
    ):
        command = option(command)
    return command


def read_settings(mode: Mode, **given: object) -> Settings:
    """Return the settings, or end the command with the sentence that says what is wrong."""
    try:
        return from_environment(os.environ, mode, **given)
    except SettingsRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
