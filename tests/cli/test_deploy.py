"""`idp deploy`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from idp.cli import main
from idp.flows.apis import find_api
from idp.services import Services
from tests.gateway.documents import operation, rest_api

YAML = """
openapi: 3.0.1
info: {title: pets}
paths:
  /pets:
    get:
      responses: {200: {description: fine}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses: {200: {statusCode: 200}}
"""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A document in YAML."""
    path = tmp_path / "api.yaml"
    path.write_text(YAML)
    return path


def deployed(services: Services, document: Path, *options: str) -> Result:
    """Run the command on the database of a server."""
    settings = services.settings
    environment = {"IDP_DATA": str(settings.data), "IDP_KEYS": str(settings.keys_directory)}
    return CliRunner(env=environment).invoke(main, ["deploy", str(document), *options])


def test_a_document_becomes_an_api_and_its_addresses_are_printed(services: Services, document: Path) -> None:
    result = deployed(services, document, "--api-id", "pets", "--stage", "test", "--port", "9300")
    assert result.exit_code == 0, result.output
    assert "REST API pets (pets), deployment 1:" in result.output
    assert "  http://localhost:9300/_api/pets/test/\n" in result.output
    assert "  http://pets.execute-api.localhost:9300/test/\n" in result.output
    assert find_api(services, "pets") is not None


def test_deploying_twice_changes_nothing(services: Services, document: Path) -> None:
    first = deployed(services, document, "--api-id", "pets")
    assert deployed(services, document, "--api-id", "pets").output == first.output


def test_json_is_taken_too(services: Services, tmp_path: Path) -> None:
    path = tmp_path / "api.json"
    path.write_text(json.dumps(rest_api({"/pets": {"get": operation()}})))
    assert deployed(services, path, "--api-id", "pets").exit_code == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: [", "is neither YAML nor JSON"),
        ("[]", "document: a mapping is expected."),
        ("openapi: 3.0.1\npaths: {/: {get: {}}}", "there is none, so the route has nothing behind it."),
        ("!!python/object/apply:os.system [x]", "is neither YAML nor JSON"),
    ],
)
def test_what_is_no_api_ends_with_a_sentence(services: Services, tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(text)
    result = deployed(services, path)
    assert result.exit_code == 1
    assert sentence in result.output


def test_a_folder_where_no_server_ever_ran_is_refused(document: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["deploy", str(document), "--data", str(tmp_path / "nothing")])
    assert result.exit_code == 1
    assert "start idp dev or idp serve first" in result.output
