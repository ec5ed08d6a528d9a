"""`/oauth2/revoke` ends a refresh token and all that came of it."""

from __future__ import annotations

import base64

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.hosted import SITE, HostedPool
from tests.oauth.conftest import Exchange

SECRET = "a-secret-of-at-least-24-characters".replace("-", "")


def revoke(web: FlaskClient, headers: dict[str, str] | None = None, **form: str) -> TestResponse:
    return web.post(f"{SITE}/oauth2/revoke", data=form, headers=headers)


def refused(answer: TestResponse, error: str, status: int = 400) -> None:
    """Assert that an answer is OAuth's refusal."""
    assert (answer.status_code, answer.get_json()["error"]) == (status, error)


def test_a_revoked_refresh_token_and_its_access_token_are_good_for_nothing(
    acme: HostedPool, web: FlaskClient, ann: Exchange
) -> None:
    tokens = ann.tokens()
    answer = revoke(web, client_id=acme.client_id, token=tokens["refresh_token"])
    assert (answer.status_code, answer.data) == (200, b"")
    form = {"grant_type": "refresh_token", "client_id": acme.client_id, "refresh_token": tokens["refresh_token"]}
    refused(web.post(f"{SITE}/oauth2/token", data=form), "invalid_grant")
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    refused(web.get(f"{SITE}/oauth2/userInfo", headers=bearer), "invalid_token", 401)


def test_an_unknown_token_is_revoked_already(acme: HostedPool, web: FlaskClient) -> None:
    answer = revoke(web, client_id=acme.client_id, token="unheard-of")
    assert (answer.status_code, answer.data) == (200, b"")


def test_a_token_of_another_client_stays_good(acme: HostedPool, web: FlaskClient, ann: Exchange) -> None:
    token = ann.tokens()["refresh_token"]
    other = acme.add_client()["ClientId"]
    assert revoke(web, client_id=other, token=token).status_code == 200
    form = {"grant_type": "refresh_token", "client_id": acme.client_id, "refresh_token": token}
    assert web.post(f"{SITE}/oauth2/token", data=form).status_code == 200


@pytest.mark.parametrize("kind", ["access_token", "id_token"])
def test_only_refresh_tokens_can_be_revoked(acme: HostedPool, web: FlaskClient, ann: Exchange, kind: str) -> None:
    refused(revoke(web, client_id=acme.client_id, token=ann.tokens()[kind]), "unsupported_token_type")


def test_a_request_without_a_token_is_invalid(acme: HostedPool, web: FlaskClient) -> None:
    refused(revoke(web, client_id=acme.client_id), "invalid_request")


def test_a_client_that_has_revocation_off_is_refused(acme: HostedPool, web: FlaskClient) -> None:
    client_id = acme.add_client(EnableTokenRevocation=False)["ClientId"]
    refused(revoke(web, client_id=client_id, token="x"), "invalid_request")


def test_an_unknown_client_is_answered_401(acme: HostedPool, web: FlaskClient) -> None:
    refused(revoke(web, client_id="unheardof", token="x"), "invalid_client", 401)


def test_a_client_with_a_secret_must_prove_it(acme: HostedPool, web: FlaskClient) -> None:
    client_id = acme.add_client(ClientSecret=SECRET)["ClientId"]
    refused(revoke(web, client_id=client_id, token="x"), "invalid_client", 401)
    basic = {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{SECRET}".encode()).decode()}
    assert revoke(web, basic, token="x").status_code == 200
