"""`idp serve`: for real users."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from idp.cli.options import read_settings, server_options

if TYPE_CHECKING:
    from flask import Flask

    from idp.settings import Settings


@click.command("serve")
@server_options
@click.option("--workers", type=int, help="Worker processes (IDP_WORKERS).")
def command(**given: object) -> None:
    """Serve for production.

    Verifies the signature of every IAM operation against stored access keys and IAM policies. The first start makes an
    administrator's access key and shows it once. Run `idp migrate` before.
    """
    # Loaded before the fork, so that workers share the pages.
    from idp import app as _app
    from idp.cli.server import serve

    del _app
    settings = read_settings("serve", **given)
    if settings.database_url is None:
        settings.data.mkdir(parents=True, exist_ok=True)
    prepare(settings)
    with shared_tables(settings) as ready:
        click.echo(f"idp serves on http://{settings.host}:{settings.port} with {settings.workers} workers.")
        serve(ready, lambda: load(ready))


def load(settings: Settings) -> Flask:
    """Return the application of one worker."""
    from idp.app import configure_logging, create_app

    configure_logging()
    app = create_app(settings)
    app.extensions["idp"].keyring.make_spares()
    return app
