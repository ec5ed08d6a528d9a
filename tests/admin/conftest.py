"""Fixtures of the operators' API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from idp.app import mount_faces
from idp.services import Services
from tests.admin.operators import Operator


@pytest.fixture
def admin(app: Flask) -> Operator:
    """The root of the default account."""
    return Operator(app)


@pytest.fixture
def operator(app: Flask) -> Callable[..., Operator]:
    """A maker of other operators: `operator(key="123456789012")`, `operator(key=None)`."""
    return lambda **signer: Operator(app, **signer)


@pytest.fixture
def strict(services: Services) -> Flask:
    """The server where credentials are verified."""
    return mount_faces(replace(services, settings=replace(services.settings, any_credentials=False)))


@pytest.fixture
def pool(admin: Operator) -> str:
    """The path of a user pool."""
    return f"/user-pools/{a_pool(admin)['id']}"


def a_pool(admin: Operator, **settings: Any) -> dict[str, Any]:
    """Make a user pool."""
    made: dict[str, Any] = admin.post("/user-pools", {"poolName": "people", **settings}).json
    return made
