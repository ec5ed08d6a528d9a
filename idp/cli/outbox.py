"""`idp outbox`: the messages that a running `idp dev` keeps."""

from __future__ import annotations

import click
import orjson
import urllib3

from idp.cli.options import read_settings

SHOWN = 20


@click.command("outbox")
@click.option("--port", type=int, help="Port of the running idp dev (IDP_PORT).")
@click.option(
    "--latest", metavar="USER", help="Print only the newest code to a username, e-mail address or phone number."
)
@click.option("--to", metavar="USER", help="Only messages to a username, e-mail address or phone number.")
def command(port: int | None, latest: str | None, to: str | None) -> None:
    """Show the messages of a running `idp dev`, newest first."""
    settings = read_settings("dev", port=port)
    messages = fetch(f"{settings.base_url}/_dev/outbox", latest or to)
    if latest is not None:
        coded = next((each for each in messages if each["code"]), None)
        if coded is None:
            raise click.ClickException(f"No code was sent to {latest}.")
        click.echo(coded["code"])
        return
    if not messages:
        click.echo("The outbox is empty.")
    for each in messages[:SHOWN]:
        click.echo(f"{each['sentAt'][:19].replace('T', ' ')}  {each['medium']:<5}  {each['to']}  ({each['kind']})")
        click.echo(f"    {each['subject']}" if each["subject"] else "    (no subject)")
        click.echo(f"    {each['body'].strip()}\n")


def fetch(url: str, to: str | None) -> list[dict[str, str]]:
    """Return the messages; ends the command when no `idp dev` answers."""
    try:
        answer = urllib3.request("GET", url, fields={"to": to} if to else None, timeout=5, retries=False)
    except urllib3.exceptions.HTTPError as error:
        raise click.ClickException(f"No idp dev answers at {url}: start one, or give its --port.") from error
    if answer.status != 200:
        raise click.ClickException(f"{url} answered {answer.status}: only idp dev has an open outbox.")
    messages: list[dict[str, str]] = orjson.loads(answer.data)["messages"]
    return messages
