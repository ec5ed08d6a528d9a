"""Fixtures of the AWS face's own tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp.services import Services
from tests.aws.probe import probe_app
from tests.sdk import client_of


@pytest.fixture
def probes(services: Services) -> Flask:
    """A server whose operations are those of `tests.aws.probe`."""
    return probe_app(services)


@pytest.fixture
def probe(probes: Flask) -> Callable[..., Any]:
    """A maker of boto3 clients of that server: `probe("sts", key="123456789012")`."""
    return lambda service, **signer: client_of(probes, service, **signer)


@pytest.fixture
def wire(probes: Flask) -> FlaskClient:
    """A plain HTTP client of that server."""
    return probes.test_client()
