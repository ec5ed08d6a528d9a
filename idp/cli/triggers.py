"""`idp triggers`: the newest runs of triggers, and the keys by which webhooks and custom senders know this server."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson

from idp.cli.deploy import require_data
from idp.cli.options import read_settings

if TYPE_CHECKING:
    from idp.domain.trigger_invocation import TriggerInvocation
    from idp.outbound.sealer import Sealer
    from idp.settings import Settings

SHOWN = 20


@click.group("triggers", invoke_without_command=True)
@click.option("--pool", metavar="ID", help="Only runs of this user pool.")
@click.option("--trigger", metavar="NAME", help="Only runs of this trigger, such as PreSignUp.")
@click.option("--limit", type=click.IntRange(1, 1_000), default=SHOWN, show_default=True, help="How many runs.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a run a line.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database (IDP_DATA).")
@click.pass_context
def command(
    context: click.Context, pool: str | None, trigger: str | None, limit: int, *, as_json: bool, data: Path | None
) -> None:
    """Show the newest runs of pools' triggers: event in, answer out, duration, error.

    Works on the database that `idp dev` or `idp serve` uses; `idp serve` keeps runs with IDP_RECORD_TRIGGERS=true.
    """
    # On loopback whatever IDP_HOST says: nothing listens here.
    settings = context.obj = read_settings("dev", data=data, host="127.0.0.1")
    require_data(settings)
    if context.invoked_subcommand is not None:
        return
    runs = newest(settings, pool=pool, trigger=trigger, limit=limit)
    if not runs and not as_json:
        click.echo("No trigger has run.")
    for run in runs:
        click.echo(orjson.dumps(run.describe()).decode() if as_json else _shown(run))


@command.command("webhook-secret")
@click.argument("pool")
@click.pass_obj
def webhook_secret(settings: Settings, pool: str) -> None:
    """Print the secret that the webhooks of POOL verify events with."""
    from idp.outbound import trigger_webhooks  # noqa: PLC0415 - only this command needs it

    click.echo(trigger_webhooks.webhook_secret(_sealer(settings), pool))


@command.command("sender-key")
@click.argument("kms_key")
@click.pass_obj
def sender_key(settings: Settings, kms_key: str) -> None:
    """Print the AES key, in Base64, that stands for KMS_KEY, a pool's KMSKeyID: custom senders open codes with it."""
    from idp.outbound import sender_codes  # noqa: PLC0415 - only this command needs it

    click.echo(base64.b64encode(sender_codes.sender_key(_sealer(settings), kms_key)).decode())


def newest(settings: Settings, *, pool: str | None, trigger: str | None, limit: int) -> list[TriggerInvocation]:
    """Return the newest runs, or end the command when the database is not ours yet."""
    from idp.bootstrap import build, close  # noqa: PLC0415 - only once the settings are good

    services = build(settings)
    try:
        if services.database.state() != "current":
            raise click.ClickException("The database has not this version's schema; run: idp migrate")
        with services.reading() as work:
            return work.trigger_invocations.list_newest(pool_id=pool, name=trigger, limit=limit)
    finally:
        close(services)


def _sealer(settings: Settings) -> Sealer:
    from idp.bootstrap import load_master_key  # noqa: PLC0415 - as above
    from idp.outbound.sealer import Sealer  # noqa: PLC0415

    return Sealer(load_master_key(settings))


def _shown(run: TriggerInvocation) -> str:
    started = run.started_at.isoformat(sep=" ", timespec="milliseconds")[:23]
    lines = [
        f"{started}  {run.source}  {run.duration_ms:.1f} ms  {run.pool_id}  {run.function}",
        f"    event   {orjson.dumps(run.event).decode()}",
    ]
    if run.error is not None:
        return "\n".join([*lines, f"    error   {run.error}\n"])
    return "\n".join([*lines, f"    answer  {orjson.dumps(run.answer).decode()}\n"])
