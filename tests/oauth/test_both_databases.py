"""What the databases must do alike: spend a code once, share what browsers are about, and bear hostile text."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import jwt
import pytest
from flask import Flask

from idp import bootstrap
from idp.app import mount_faces
from idp.outbound.keyring import generate_key
from idp.settings import Settings
from tests.federation.company import add_saml_provider
from tests.federation.saml_provider import SamlProvider
from tests.hosted import CALLBACK, SITE, VERIFIER, HostedPool, Visitor, add_client, add_user, answered
from tests.sdk import client_of


@pytest.fixture
def two_servers(tmp_path: Path, database_url: str) -> Iterator[list[Flask]]:
    """Two servers that share a database and a master key, and nothing else."""
    settings = Settings(
        mode="dev",
        keys=tmp_path / "keys",
        database_url=database_url,
        argon2_memory_kib=8,
        argon2_time=1,
        any_credentials=True,
    )
    with ExitStack() as closing:
        built = [bootstrap.build(settings) for _ in range(2)]
        for services in built:
            closing.callback(bootstrap.close, services)
        yield [mount_faces(services) for services in built]


@pytest.fixture
def shared(two_servers: list[Flask]) -> HostedPool:
    """The pool with ann in it, made through the first server."""
    idp = client_of(two_servers[0], "cognito-idp")
    pool_id = idp.create_user_pool(PoolName="Acme")["UserPool"]["Id"]
    idp.create_user_pool_domain(Domain="acme", UserPoolId=pool_id)
    client_id = add_client(idp, pool_id)["ClientId"]
    add_user(idp, pool_id, client_id)
    return HostedPool(idp, pool_id, client_id)


def test_a_code_is_spent_once_across_processes(two_servers: list[Flask], shared: HostedPool) -> None:
    form = {
        "grant_type": "authorization_code",
        "client_id": shared.client_id,
        "code": Visitor(two_servers[0]).get_code(shared.asking()),
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    start = Barrier(8)

    def present(app: Flask) -> int:
        start.wait()
        return app.test_client().post(f"{SITE}/oauth2/token", data=form).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(present, two_servers * 4))
    assert statuses.count(200) <= 1
    assert set(statuses) <= {200, 400}


def test_a_session_that_began_while_its_code_came_back_is_over(two_servers: list[Flask], shared: HostedPool) -> None:
    form = {
        "grant_type": "authorization_code",
        "client_id": shared.client_id,
        "code": Visitor(two_servers[0]).get_code(shared.asking()),
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    first, second = (app.test_client() for app in two_servers)
    tokens = first.post(f"{SITE}/oauth2/token", data=form).get_json()
    assert second.post(f"{SITE}/oauth2/token", data=form).status_code == 400
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert first.get(f"{SITE}/oauth2/userInfo", headers=bearer).status_code == 401


def test_a_provider_may_answer_to_another_process_than_the_one_that_asked(
    two_servers: list[Flask], shared: HostedPool
) -> None:
    provider = SamlProvider()
    add_saml_provider(shared.idp, shared.pool_id, provider)
    client_id = shared.add_client(SupportedIdentityProviders=["Corp"])["ClientId"]
    visitor = Visitor(two_servers[0])
    location = visitor.open("/oauth2/authorize", shared.asking(client_id=client_id)).location
    form = provider.answer_to(location, now=datetime.now(UTC))
    fetch = two_servers[1].test_client().post(f"{SITE}/saml2/idpresponse", data=form, base_url=visitor.origin)
    assert "code" in answered(visitor.follow(visitor.follow(fetch)))


@pytest.mark.parametrize("credentials", ["AGE6Yg==", "JTAwYTpi"], ids=["raw", "percent-encoded"])
def test_a_null_character_in_a_client_id_is_no_client(
    two_servers: list[Flask], shared: HostedPool, credentials: str
) -> None:
    answer = (
        two_servers[0]
        .test_client()
        .post(
            f"{SITE}/oauth2/token",
            data={"grant_type": "client_credentials"},
            headers={"Authorization": f"Basic {credentials}"},
        )
    )
    assert (answer.status_code, answer.get_json()) == (401, {"error": "invalid_client"})


def test_a_null_character_in_an_issuer_is_no_pool(two_servers: list[Flask], shared: HostedPool) -> None:
    token = jwt.encode({"iss": "http://localhost:9229/a\x00b"}, generate_key(), headers={"kid": "a"}, algorithm="RS256")
    bearer = {"Authorization": f"Bearer {token}"}
    answer = two_servers[0].test_client().get(f"{SITE}/oauth2/userInfo", headers=bearer)
    assert answer.status_code == 401
