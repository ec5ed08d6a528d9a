"""`idp serve`: for real users."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from idp import bootstrap
from idp.app import configure_logging, create_app
from idp.cli.options import read_settings, server_options
from idp.cli.server import refuse_taken_port, serve
from idp.cli.shared_tables import shared_tables
from idp.flows.administrator import create_first_administrator
from idp.jobs.worker import start_worker
from idp.outbound.master_key import MasterKeyRefused

if TYPE_CHECKING:
    from flask import Flask

    from idp.settings import Settings

NEW_ADMINISTRATOR = """\
This is the first start. The administrator's access key, shown this once:

    AWS_ACCESS_KEY_ID={key_id}
    AWS_SECRET_ACCESS_KEY={secret}
"""


@click.command("serve")
@server_options
@click.option("--workers", type=int, help="Worker processes (IDP_WORKERS).")
def command(**given: object) -> None:
    """Serve for production.

    Verifies the signature of every IAM operation against stored access keys and IAM policies. The first start makes an
    administrator's access key and shows it once. Run `idp migrate` before.
    """
    settings = read_settings("serve", **given)
    refuse_taken_port(settings)
    if settings.database_url is None:
        settings.data.mkdir(parents=True, exist_ok=True)
    prepare(settings)
    with shared_tables(settings) as shared:
        click.echo(f"idp serves on http://{shared.host}:{shared.port} with {shared.workers} worker(s); Ctrl-C ends it.")
        serve(shared, lambda: load(shared))


def prepare(settings: Settings) -> None:
    """Refuse what cannot be served, and make the first administrator; every connection is closed again before the fork."""
    try:
        services = bootstrap.build(settings)
    except MasterKeyRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    try:
        state = services.database.state()
        if state == "unreachable":
            raise click.ClickException("The database does not answer; see IDP_DATABASE_URL.")
        if state == "outdated":
            raise click.ClickException("The database lacks this version's schema; run: idp migrate")
        key = create_first_administrator(services)
        if key is not None:
            click.echo(NEW_ADMINISTRATOR.format(key_id=key.id, secret=key.secret))
    finally:
        bootstrap.close(services)


def load(settings: Settings) -> Flask:
    """Return the application of one worker."""
    configure_logging()
    app = create_app(settings)
    app.extensions["idp"].keyring.make_spares()
    start_worker(app.extensions["idp"])
    return app
