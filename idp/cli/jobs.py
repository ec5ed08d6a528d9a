"""`idp jobs`: the work outside requests, in a process of its own."""

from __future__ import annotations

import signal
from pathlib import Path

import click

from idp import bootstrap
from idp.app import configure_logging
from idp.cli.options import read_settings
from idp.jobs.worker import Worker, run_once
from idp.outbound.master_key import MasterKeyRefused

DEFAULT_INTERVAL_S = 5


@click.command("jobs")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database (IDP_DATA).")
@click.option("--loop", is_flag=True, help="Go on until SIGTERM or Ctrl-C, every IDP_JOBS_INTERVAL_S seconds.")
def command(data: Path | None, *, loop: bool) -> None:
    """Import users and delete what has expired, once or in a loop.

    Every worker of `idp serve` does so too, unless IDP_JOBS_INTERVAL_S is 0. Of several workers one does each piece.
    """
    settings = read_settings("serve", data=data)
    configure_logging()
    try:
        services = bootstrap.build(settings)
    except MasterKeyRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    try:
        if services.database.state() != "current":
            raise click.ClickException("The database does not answer or lacks this version's schema; run: idp migrate")
        if not loop:
            run_once(services)
            return
        worker = Worker(services, interval_s=settings.jobs_interval_s or DEFAULT_INTERVAL_S)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        worker.run()
    finally:
        bootstrap.close(services)
