"""Fixtures of the gateway's tests: functions by script, deployed documents, callers who sign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from idp.domain.rest_api import RestApi
from idp.flows.apis import deploy_api
from idp.services import Services
from tests.fakes import ScriptedFunctions
from tests.gateway.callers import Caller, Deploy, Get
from tests.gateway.pools import Pool
from tests.gateway.web_server import WebServer, serve


@pytest.fixture
def functions() -> ScriptedFunctions:
    """The server's Lambda functions."""
    return ScriptedFunctions()


@pytest.fixture
def services(services: Services, functions: ScriptedFunctions) -> Iterator[Services]:
    """The real services, but for functions, which answer by script."""
    real = services.functions
    yield replace(services, functions=functions)
    real.close()


@pytest.fixture
def deploy(services: Services) -> Deploy:
    """A deployer of documents, as API `api` at stage `prod`."""

    def deployed(document: dict[str, Any], **given: Any) -> RestApi:
        return deploy_api(services, document, **{"api_id": "api", "stage": "prod", **given})

    return deployed


@pytest.fixture
def get(app: Flask) -> Get:
    """A caller of paths of the API: `get("/pets", "Bearer x")`; cookies are those of each call."""
    web = app.test_client(use_cookies=False)

    def called(path: str, authorization: str | None = None, **given: Any) -> TestResponse:
        headers = {} if authorization is None else {"Authorization": authorization}
        return web.open(f"/_api/api/prod{path}", **{"method": "GET", "headers": headers, **given})

    return called


@pytest.fixture
def pool(services: Services, idp: Any) -> Pool:
    """A user pool."""
    return Pool(services, idp.create_user_pool(PoolName="people")["UserPool"]["Id"])


@pytest.fixture
def other_pool(services: Services, idp: Any) -> Pool:
    """Another user pool of the same account."""
    return Pool(services, idp.create_user_pool(PoolName="others")["UserPool"]["Id"])


@pytest.fixture
def caller(app: Flask, aws: Any) -> Caller:
    """An IAM user with an access key and no policies."""
    iam = aws("iam")
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    return Caller(app, iam, key["AccessKeyId"], key["SecretAccessKey"])


@pytest.fixture
def backend() -> Iterator[WebServer]:
    """A web server behind the gateway."""
    with serve() as web_server:
        yield web_server
