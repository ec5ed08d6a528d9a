"""`idp deploy`: an OpenAPI document becomes an API."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from idp.cli.options import read_settings

if TYPE_CHECKING:
    from idp.domain.rest_api import RestApi
    from idp.settings import Settings

MAX_DOCUMENT_BYTES = 10 * 1024 * 1024


@click.command("deploy")
@click.argument("document", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--api-id", help="Deploy as this API, in place of what is there; a new one when left out.")
@click.option("--stage", help="Name of the stage: prod when left out; $default is for HTTP APIs.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database (IDP_DATA).")
@click.option("--port", type=int, help="Port of the server, for the addresses that are printed (IDP_PORT).")
def command(document: Path, api_id: str | None, stage: str | None, data: Path | None, port: int | None) -> None:
    """Deploy an API from an OpenAPI document with x-amazon-apigateway extensions (YAML or JSON).

    Works on the database that `idp dev` or `idp serve` uses; a running server has the new deployment within a second.
    """
    # On loopback whatever IDP_HOST says: nothing listens here.
    settings = read_settings("dev", data=data, port=port, host="127.0.0.1")
    require_data(settings)
    rest_api = deploy(settings, read_document(document), api_id=api_id, stage=stage)
    click.echo(f"{rest_api.definition.kind} API {rest_api.id} ({rest_api.name}), deployment {rest_api.version}:")
    click.echo(f"  {settings.base_url}/_api/{rest_api.id}/{rest_api.stage}/")
    click.echo(f"  http://{rest_api.id}.execute-api.localhost:{settings.port}{_stage_path(rest_api)}")


def read_document(path: Path) -> Any:
    """Return the parsed document, or end the command with the sentence that says what is wrong."""
    import yaml  # noqa: PLC0415 - no other command needs it

    if path.stat().st_size > MAX_DOCUMENT_BYTES:
        raise click.ClickException(f"{path} is larger than {MAX_DOCUMENT_BYTES} bytes.")
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path} is neither YAML nor JSON: {error}") from error
    return _with_text_keys(document)


def deploy(settings: Settings, document: Any, *, api_id: str | None, stage: str | None) -> RestApi:
    """Deploy a document, or end the command with the sentence that says why not."""
    from idp.bootstrap import build, close  # noqa: PLC0415 - only once the settings are good
    from idp.domain.errors import ConcurrentModification, InvalidParameter  # noqa: PLC0415
    from idp.flows.apis import deploy_api  # noqa: PLC0415

    services = build(settings)
    try:
        if services.database.state() != "current":
            raise click.ClickException("The database has not this version's schema; run: idp migrate")
        return deploy_api(services, document, api_id=api_id, stage=stage)
    except (InvalidParameter, ConcurrentModification) as error:
        raise click.ClickException(error.message) from error
    finally:
        close(services)


def require_data(settings: Settings) -> None:
    """End the command when no server has been started on the data folder: its master key is not there yet."""
    from idp.outbound.master_key import FILE_NAME  # noqa: PLC0415

    if settings.master_key is None and not (settings.keys_directory / FILE_NAME).exists():
        raise click.ClickException(
            f"There is no master key in {settings.keys_directory}: start idp dev or idp serve first, or name their --data."
        )


def _with_text_keys(value: Any) -> Any:
    """Return a document whose keys are text: YAML reads the key of a response, `200:`, as a number."""
    if isinstance(value, dict):
        return {str(key): _with_text_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_text_keys(item) for item in value]
    return value


def _stage_path(rest_api: RestApi) -> str:
    return "/" if rest_api.stage == "$default" else f"/{rest_api.stage}/"
