"""`idp migrate`."""

from __future__ import annotations

from pathlib import Path

import click

from idp.cli.options import read_settings
from idp.store import migrate


@click.command("migrate")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database (IDP_DATA).")
def command(data: Path | None) -> None:
    """Bring the database to this version's schema.  Safe to run twice, and by several processes at once."""
    settings = read_settings("serve", data=data)
    if settings.database_url is None:
        settings.data.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(settings.sqlalchemy_url)
    click.echo(f"The database has schema {migrate.newest_revision()}.")
