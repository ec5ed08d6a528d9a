"""The fixtures that a test may ask for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp import aws as face, bootstrap
from idp.app import mount_faces
from idp.aws import registry, view
from idp.aws.registry import Registry
from idp.domain.message import Message
from idp.outbound.keyring import KeyRing
from idp.outbound.openid_providers import OpenIdProviders
from idp.services import Services
from idp.settings import Settings
from idp.store import migrate
from tests.fakes import FakeClock, KeysMadeOnce, ScriptedTriggers
from tests.sdk import client_of

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

pytest_plugins = ["tests.browser", "tests.databases", "tests.hosted", "tests.network"]


@pytest.fixture(scope="session")
def keys_made_once() -> KeysMadeOnce:
    """RSA keys for the whole run."""
    return KeysMadeOnce(8)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the schema and nothing in it."""
    path = tmp_path_factory.mktemp("schema") / "empty.sqlite"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def settings(tmp_path: Path, migrated_file: Path) -> Settings:
    """The settings of `idp dev`, with a database of the test's own and cheap password hashes."""
    return dev_settings(tmp_path, migrated_file)


def dev_settings(folder: Path, migrated_file: Path) -> Settings:
    """Return the settings of a server that keeps everything in a folder, its database a copy of `migrated_file`."""
    data = folder / "data"
    data.mkdir()
    shutil.copy(migrated_file, data / "idp.sqlite")
    return Settings(
        mode="dev",
        data=data,
        keys=folder / "keys",
        argon2_memory_kib=8,
        argon2_time=1,
        sqlite_synchronous="OFF",
        any_credentials=True,
        open_outbox=True,
        python_triggers=True,
        dev_doors=True,
    )


@pytest.fixture
def clock() -> FakeClock:
    """The server's clock."""
    return FakeClock()


@pytest.fixture
def triggers() -> ScriptedTriggers:
    """The server's triggers."""
    return ScriptedTriggers()


@pytest.fixture
def services(
    settings: Settings, clock: FakeClock, triggers: ScriptedTriggers, keys_made_once: KeysMadeOnce
) -> Iterator[Services]:
    """The real services on a database of the test's own, with a clock that the test moves."""
    built = bootstrap.build(settings)
    keyring = KeyRing(built.unit_of_work, clock, generate=keys_made_once)
    openid_providers = OpenIdProviders(built.http, clock.now)
    yield replace(built, clock=clock, triggers=triggers, keyring=keyring, openid_providers=openid_providers)
    bootstrap.close(built)


@pytest.fixture
def app(services: Services) -> Flask:
    """The whole server, in process."""
    return mount_faces(services)


@pytest.fixture
def web(app: Flask) -> FlaskClient:
    """An HTTP client of the server, in process."""
    return app.test_client()


@pytest.fixture(scope="session")
def operations() -> Registry:
    """The operations of the AWS face, gathered once for the whole run."""
    return registry.collect([face])


@pytest.fixture
def aws_face(services: Services, operations: Registry) -> Flask:
    """The part of the server that AWS clients meet, which is mounted in a tenth of the time that all faces take."""
    app = Flask("aws")
    app.extensions["idp"] = services
    view.mount(app, services, operations)
    return app


@pytest.fixture
def aws(aws_face: Flask) -> Any:
    """A maker of boto3 clients of the server, in process: `aws("sts")`, `aws("iam", key=..., secret=..., token=...)`."""
    return lambda service, **signer: client_of(aws_face, service, **signer)


@pytest.fixture
def idp(aws_face: Flask) -> CognitoIdentityProviderClient:
    """A boto3 client of user pools, in process, signed by the account's root."""
    client: CognitoIdentityProviderClient = client_of(aws_face, "cognito-idp")
    return client


class Outbox:
    """What was sent to people."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def messages_to(self, address: str) -> list[Message]:
        """Return the messages to an address or a username, newest first."""
        with self._services.reading() as work:
            return work.outbox.list_newest(to=address)

    def last_code_to(self, address: str) -> str:
        """Return the code in the newest message to an address or a username."""
        code = self.messages_to(address)[0].code
        assert code is not None
        return code


@pytest.fixture
def outbox(services: Services) -> Outbox:
    """What the server sent to people."""
    return Outbox(services)
