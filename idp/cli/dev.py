"""`idp dev`: everything on a laptop and in CI, with one process and no set-up."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from gunicorn.errors import AppImportError

from idp.cli.options import read_settings, server_options
from idp.cli.server import refuse_taken_port, serve
from idp.store import migrate

if TYPE_CHECKING:
    from flask import Flask

    from idp.settings import Settings

SEED = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("dev")
@server_options
@click.option("--seed", type=SEED, help="YAML file of pools, clients, users, roles ... that shall be there.")
def command(seed: Path | None, **given: object) -> None:
    """Serve for development.

    Listens on loopback only; accepts any AWS credentials (a 12-digit access key id selects that account, any other one
    account 000000000000); keeps messages in an outbox that anybody local may read; serves /_dev/.
    """
    settings = read_settings("dev", **given)
    refuse_taken_port(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(settings.sqlalchemy_url)
    serve(settings, lambda: load(settings, seed))


def load(settings: Settings, seed: Path | None) -> Flask:
    """Return the application of the one worker, seeded, and print where everything is."""
    from idp.app import configure_logging, create_app  # noqa: PLC0415 - the parent only supervises
    from idp.cli.banner import dev_banner  # noqa: PLC0415
    from idp.jobs.worker import start_worker  # noqa: PLC0415
    from idp.outbound.master_key import MasterKeyRefused  # noqa: PLC0415
    from idp.seed import SeedRefused, apply_file  # noqa: PLC0415

    configure_logging()
    try:
        app = create_app(settings)
    except MasterKeyRefused as refusal:
        raise AppImportError(str(refusal)) from refusal
    services = app.extensions["idp"]
    services.keyring.make_spares()
    try:
        seeded = None if seed is None else apply_file(services, seed)
    except SeedRefused as refusal:
        raise AppImportError(f"{seed}: {refusal}") from refusal  # gunicorn prints it and ends
    start_worker(services)
    sys.stdout.write(dev_banner(settings, seeded))
    sys.stdout.flush()
    return app
