"""Import jobs on each kind of database."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.imports import Imports, imports_into

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from idp.services import Services
    from idp.settings import Settings


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The settings of a server on that database."""
    return replace(settings, database_url=database_url)


@pytest.fixture
def imports(idp: Any, services: Services, web: FlaskClient) -> Imports:
    """A pool into which users are imported."""
    return imports_into(idp, services, web)
