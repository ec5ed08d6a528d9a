"""Anybody may read a pool's keys and configuration, from any origin."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.hosted import HostedPool


def test_the_configuration_names_the_endpoints_of_the_domain(acme: HostedPool, web: FlaskClient) -> None:
    answer = web.get(f"/{acme.pool_id}/.well-known/openid-configuration")
    told = answer.get_json()
    issuer, site = f"http://localhost:9229/{acme.pool_id}", "http://localhost:9229/_domain/acme"
    assert told["issuer"] == issuer
    assert told["jwks_uri"] == f"{issuer}/.well-known/jwks.json"
    assert told["authorization_endpoint"] == f"{site}/oauth2/authorize"
    assert told["token_endpoint"] == f"{site}/oauth2/token"
    assert told["userinfo_endpoint"] == f"{site}/oauth2/userInfo"
    assert list(told) == sorted(told)


def test_a_pool_without_a_domain_has_a_configuration_too(acme: HostedPool, web: FlaskClient) -> None:
    acme.idp.delete_user_pool_domain(Domain="acme", UserPoolId=acme.pool_id)
    assert web.get(f"/{acme.pool_id}/.well-known/openid-configuration").status_code == 200


def test_the_keys_are_two_and_verify_nothing_else_than_tokens(acme: HostedPool, web: FlaskClient) -> None:
    keys = web.get(f"/{acme.pool_id}/.well-known/jwks.json").get_json()["keys"]
    assert [list(key) for key in keys] == [["alg", "e", "kid", "kty", "n", "use"]] * 2


@pytest.mark.parametrize("document", ["jwks.json", "openid-configuration"])
def test_documents_may_be_kept_and_read_from_any_origin(acme: HostedPool, web: FlaskClient, document: str) -> None:
    headers = web.get(f"/{acme.pool_id}/.well-known/{document}").headers
    assert headers["Content-Type"] == "application/json"
    assert headers["Cache-Control"] == "public, max-age=300"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("document", ["jwks.json", "openid-configuration"])
def test_a_pool_that_does_not_exist_publishes_nothing(web: FlaskClient, document: str) -> None:
    answer = web.get(f"/us-east-1_nosuchpoo/.well-known/{document}")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/identity/.well-known/jwks.json", "/.well-known/jwks_uri"])
def test_identity_pools_publish_the_key_of_their_tokens(web: FlaskClient, path: str) -> None:
    assert [key["alg"] for key in web.get(path).get_json()["keys"]] == ["RS512"]
