"""The outbox through the operators' API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.admin.operators import Operator


def invited(name: str) -> dict[str, Any]:
    return {
        "username": name,
        "attributes": {"email": f"{name}@example.com"},
        "temporaryPassword": f"Temporary-{name}-1",
        "desiredDeliveryMediums": ["EMAIL"],
    }


@pytest.fixture
def people(admin: Operator, pool: str) -> list[int]:
    return [admin.post(f"{pool}/users", invited(name)).status for name in ("ann", "bob")]


def test_messages_are_shown_newest_first_with_their_codes(admin: Operator, people: list[int]) -> None:
    items = admin.get("/outbox").json["items"]

    assert [(each["to"], each["code"]) for each in items] == [
        ("bob@example.com", "Temporary-bob-1"),
        ("ann@example.com", "Temporary-ann-1"),
    ]


@pytest.mark.parametrize("to", ["ann", "ann@example.com"])
def test_messages_to_one_user_are_found_by_name_and_by_address(admin: Operator, people: list[int], to: str) -> None:
    assert [each["username"] for each in admin.get("/outbox", to=to).json["items"]] == ["ann"]


def test_messages_are_as_the_development_door_shows_them(admin: Operator, people: list[int], web: FlaskClient) -> None:
    shown: Any = web.get("/_dev/outbox").json

    assert admin.get("/outbox").json["items"] == shown["messages"]


def test_messages_of_another_accounts_pools_are_not_shown(people: list[int], operator: Callable[..., Operator]) -> None:
    stranger = operator(key="123456789012")

    assert stranger.get("/outbox").json["items"] == []
    assert stranger.get("/outbox", to="ann").json["items"] == []


def test_the_list_is_bounded(admin: Operator, people: list[int]) -> None:
    assert len(admin.get("/outbox", limit=1).json["items"]) == 1
    assert admin.get("/outbox", limit=201).status == 422
