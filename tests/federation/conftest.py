"""A SAML identity provider, and a pool whose users come from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from idp.services import Services
from tests.fakes import FakeClock, KeysMadeOnce
from tests.federation.company import Company, add_saml_provider
from tests.federation.openid_provider import OpenIdProvider, running
from tests.federation.saml_provider import SamlProvider
from tests.federation.saml_relation import Relation, relate
from tests.hosted import HostedPool


@pytest.fixture(scope="session")
def saml_provider() -> SamlProvider:
    """An identity provider outside."""
    return SamlProvider()


@pytest.fixture
def company(acme: HostedPool, saml_provider: SamlProvider, app: Flask, clock: FakeClock) -> Company:
    """A pool with a domain whose users may come from it, seen from browsers."""
    add_saml_provider(acme.idp, acme.pool_id, saml_provider)
    return Company(acme, saml_provider, app, clock)


@pytest.fixture
def relation(services: Services, idp: Any, saml_provider: SamlProvider) -> Relation:
    """A pool whose users come from it."""
    return relate(services, idp, saml_provider)


@pytest.fixture
def openid_provider(clock: FakeClock, keys_made_once: KeysMadeOnce) -> Iterator[OpenIdProvider]:
    """An OpenID provider on this machine, which goes by the server's clock."""
    with running(clock.now, keys_made_once) as provider:
        yield provider
