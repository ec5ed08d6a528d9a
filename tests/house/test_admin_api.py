"""docs/admin-openapi.json is what the operators' API says of itself; its limits are those of Cognito's own model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape
from flask.testing import FlaskClient

from idp.admin.admission import action_of
from idp.admin.client_records import ClientSettings, NewClient
from idp.admin.records import Record
from idp.admin.routes import ROUTES, Route
from idp.admin.user_pool_records import NewUserPool
from idp.admin.user_records import NewUser
from idp.aws.models import service_model
from idp.domain.client import DEFAULT_FLOWS

DOCS = Path(__file__).parents[2] / "docs"
DOCUMENT = DOCS / "admin-openapi.json"
PAGE = DOCS / "admin-api.md"
RENEW = "with idp dev running: curl -s localhost:9229/admin/v1/openapi.json > docs/admin-openapi.json"
LIMITS = {
    "minLength": "min",
    "maxLength": "max",
    "minimum": "min",
    "maximum": "max",
    "minItems": "min",
    "maxItems": "max",
}
MADE_BY: dict[type[Record], str] = {
    NewUserPool: "CreateUserPool",
    NewClient: "CreateUserPoolClient",
    NewUser: "AdminCreateUser",
}


def test_the_document_is_current(web: FlaskClient) -> None:
    assert web.get("/admin/v1/openapi.json").text == DOCUMENT.read_text(), RENEW


def test_the_document_has_every_route_and_nothing_from_elsewhere() -> None:
    text = DOCUMENT.read_text()
    document = json.loads(text)

    operations = [each["operationId"] for path in document["paths"].values() for each in path.values()]
    assert document["openapi"].startswith("3.1.")
    assert len(set(operations)) == len(operations) == len(ROUTES)
    assert "://" not in text


@pytest.mark.parametrize("route", [each for each in ROUTES if not each.is_open], ids=lambda route: route.name)
def test_the_newcomers_page_names_every_operation(route: Route) -> None:
    path = route.path.replace("<", "{").replace(">", "}")

    assert f"| `{route.method} {path}` | `{action_of(route.name)}` |" in PAGE.read_text()


def test_every_reference_in_the_document_leads_somewhere() -> None:
    document = json.loads(DOCUMENT.read_text())
    wanted = {each.rpartition("/")[2] for each in references(document)}

    assert wanted <= set(document["components"]["schemas"])


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from references(each)


def limits(schema: dict[str, Any], shape: Shape, definitions: dict[str, Any], at: str) -> Iterator[Any]:
    """Yield place, limit, ours and the model's, for every limit that a member of ours has."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    schema = next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), schema)
    yield from ((at, name, schema[name], shape.metadata.get(LIMITS[name])) for name in LIMITS if name in schema)
    if "enum" in schema:
        yield at, "enum", sorted(schema["enum"]), sorted(shape.metadata["enum"])
    if isinstance(shape, StructureShape):
        for name, member in schema["properties"].items():
            if (modelled := shape.members.get(name[0].upper() + name[1:])) is not None:
                yield from limits(member, modelled, definitions, f"{at}/{name}")
    if isinstance(shape, ListShape):
        yield from limits(schema["items"], shape.member, definitions, f"{at}/0")
    if isinstance(shape, MapShape):
        yield from limits(schema["additionalProperties"], shape.value, definitions, f"{at}/*")


def all_limits() -> list[Any]:
    found = []
    for record, operation in MADE_BY.items():
        shape = service_model("cognito-idp").operation_model(operation).input_shape
        assert shape is not None
        schema = record.model_json_schema()
        found += list(limits(schema, shape, schema.get("$defs", {}), operation))
    return found


@pytest.mark.parametrize(("place", "limit", "ours", "models"), all_limits(), ids=str)
def test_a_limit_is_the_one_of_cognitos_model(place: str, limit: str, ours: Any, models: Any) -> None:
    assert ours == models


def test_the_default_flows_are_the_products() -> None:
    assert ClientSettings().explicit_auth_flows == list(DEFAULT_FLOWS)
