"""One server for all fuzz tests of a process: they put its database back before each example."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from idp import bootstrap
from idp.app import mount_faces
from idp.outbound.keyring import KeyRing
from idp.services import Services
from tests.conftest import dev_settings
from tests.fakes import FakeClock, ScriptedFunctions, ScriptedTriggers
from tests.fuzz.world import World
from tests.network import is_literal, is_local


@pytest.fixture(scope="session")
def fuzzed_triggers() -> ScriptedTriggers:
    """The triggers of the server."""
    return ScriptedTriggers()


@pytest.fixture(scope="session")
def fuzzed_functions() -> ScriptedFunctions:
    """The Lambda functions of the server."""
    return ScriptedFunctions()


@pytest.fixture(scope="session")
def fuzzed_services(
    tmp_path_factory: pytest.TempPathFactory,
    migrated_file: Path,
    fuzzed_triggers: ScriptedTriggers,
    fuzzed_functions: ScriptedFunctions,
) -> Iterator[Services]:
    """The services of the server, whose clock stands still."""
    built = bootstrap.build(dev_settings(tmp_path_factory.mktemp("fuzz"), migrated_file))
    clock = FakeClock()
    keyring = KeyRing(built.unit_of_work, clock, generate=a_small_key)
    yield replace(built, clock=clock, triggers=fuzzed_triggers, keyring=keyring, functions=fuzzed_functions)
    bootstrap.close(built)


def a_small_key() -> rsa.RSAPrivateKey:
    """Make a key that no other is like, in a tenth of the time that one of full length takes."""
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)


@pytest.fixture(scope="session")
def fuzzed(fuzzed_services: Services) -> Flask:
    """The server."""
    return mount_faces(fuzzed_services)


@pytest.fixture(scope="session")
def remember(fuzzed_services: Services, fuzzed_triggers: ScriptedTriggers) -> Iterator[Callable[[], World]]:
    """A maker of worlds: of the server as it stands when it is called."""
    with ExitStack() as worlds:
        yield lambda: worlds.enter_context(closing(World(fuzzed_services, fuzzed_triggers)))


@pytest.fixture(autouse=True)
def nobody_out_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's name is known, as on a machine without a network: inputs may point anywhere."""
    getaddrinfo = socket.getaddrinfo

    def find(host: Any, *args: Any, **options: Any) -> Any:
        if not is_local(host) and not is_literal(host):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return getaddrinfo(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", find)
