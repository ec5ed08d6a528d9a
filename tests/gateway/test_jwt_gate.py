"""JWT authorizers of HTTP APIs: our own pools' tokens and foreign issuers' ones."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import orjson
import pytest
from werkzeug.test import TestResponse

from tests.authorizer.tokens_signed import jwk, token
from tests.fakes import FakeClock, ScriptedFunctions
from tests.gateway.callers import Deploy, Get
from tests.gateway.documents import FUNCTION, TO_FUNCTION_V2, http_api, jwt_scheme, operation
from tests.gateway.pools import CLIENT_ID, Pool
from tests.gateway.web_server import WebServer


def guarded(issuer: str, *scopes: str, **settings: Any) -> dict[str, Any]:
    """Return an API with one route for the bearers of an issuer's tokens."""
    scheme = jwt_scheme(issuer, CLIENT_ID, "other", **settings)
    return http_api({"/pets": {"get": operation(TO_FUNCTION_V2, "people", *scopes)}}, schemes={"people": scheme})


def told(answer: TestResponse) -> Any:
    """Return what the function was told of the bearer."""
    return orjson.loads(answer.data)


@pytest.fixture(autouse=True)
def echo(functions: ScriptedFunctions) -> None:
    """Let the function answer with what the authorizer found out."""
    functions.on(FUNCTION, lambda event: event["requestContext"]["authorizer"]["jwt"])


def test_id_and_access_tokens_for_the_audience_open(deploy: Deploy, get: Get, pool: Pool) -> None:
    deploy(guarded(pool.issuer))
    assert get("/pets", f"Bearer {pool.id_token()}").status_code == 200
    assert get("/pets", pool.access_token()).status_code == 200


def test_no_token_is_challenged(deploy: Deploy, get: Get, pool: Pool) -> None:
    deploy(guarded(pool.issuer))
    answer = get("/pets")
    assert (answer.status_code, answer.data) == (401, b'{"message":"Unauthorized"}')
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_for_another_audience_is_refused(deploy: Deploy, get: Get, pool: Pool) -> None:
    deploy(guarded(pool.issuer))
    answer = get("/pets", pool.id_token(aud="stranger"))
    assert (answer.status_code, answer.data) == (401, b'{"message":"Unauthorized"}')
    assert answer.headers["www-authenticate"] == (
        'Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience"'
    )


@pytest.mark.parametrize(
    ("bad_token", "description"),
    [
        ("not-a-token", "token contains an invalid number of segments"),
        ("a.b", "token contains an invalid number of segments"),
    ],
)
def test_what_is_no_token_is_refused(deploy: Deploy, get: Get, pool: Pool, bad_token: str, description: str) -> None:
    deploy(guarded(pool.issuer))
    assert description in get("/pets", bad_token).headers["www-authenticate"]


def test_lookalikes_of_tokens_are_refused(
    deploy: Deploy, get: Get, pool: Pool, other_pool: Pool, clock: FakeClock
) -> None:
    deploy(guarded(pool.issuer))
    lookalikes = [
        pool.unsigned_token(),
        pool.token_by_public_key(),
        other_pool.id_token(),
        other_pool.id_token(iss=pool.issuer),
    ]
    assert [get("/pets", each).status_code for each in lookalikes] == [401, 401, 401, 401]


def test_an_expired_token_is_refused(deploy: Deploy, get: Get, pool: Pool, clock: FakeClock) -> None:
    deploy(guarded(pool.issuer))
    token_of_today = pool.id_token()
    assert get("/pets", token_of_today).status_code == 200
    clock.advance(timedelta(hours=1))
    answer = get("/pets", token_of_today)
    assert answer.status_code == 401
    assert 'error_description="the token has expired"' in answer.headers["www-authenticate"]


def test_a_route_with_scopes_wants_one_of_them(deploy: Deploy, get: Get, pool: Pool) -> None:
    deploy(guarded(pool.issuer, "pets/write", "pets/read"))
    assert told(get("/pets", pool.access_token("openid pets/read")))["scopes"] == ["openid", "pets/read"]
    answer = get("/pets", pool.access_token("openid"))
    assert (answer.status_code, answer.data) == (403, b'{"message":"Forbidden"}')
    assert 'scope="pets/write pets/read" error="insufficient_scope"' in answer.headers["www-authenticate"]


def test_an_id_token_has_no_scopes(deploy: Deploy, get: Get, pool: Pool) -> None:
    deploy(guarded(pool.issuer, "pets/read"))
    assert get("/pets", pool.id_token()).status_code == 403


def test_the_function_learns_the_claims_as_texts(deploy: Deploy, get: Get, pool: Pool) -> None:
    deploy(guarded(pool.issuer))
    found = told(get("/pets", pool.id_token(level=3, admin=True, nothing=None)))
    assert found["scopes"] is None
    assert found["claims"]["cognito:groups"] == "[admins staff]"
    assert (found["claims"]["level"], found["claims"]["admin"]) == ("3", "true")
    assert "nothing" not in found["claims"]


def test_a_query_parameter_may_carry_the_token(deploy: Deploy, get: Get, pool: Pool) -> None:
    deploy(guarded(pool.issuer, identitySource="$request.querystring.token"))
    assert get(f"/pets?token={pool.id_token()}").status_code == 200
    assert get("/pets", pool.id_token()).status_code == 401


def test_a_foreign_issuers_keys_are_fetched_by_its_discovery_document_once(
    deploy: Deploy, get: Get, backend: WebServer, clock: FakeClock
) -> None:
    backend.answers["/.well-known/openid-configuration"] = json.dumps(
        {"issuer": backend.url, "jwks_uri": f"{backend.url}/keys"}
    ).encode()
    backend.answers["/keys"] = json.dumps({"keys": [jwk()]}).encode()
    deploy(guarded(backend.url))
    now = int(clock.now().timestamp())
    claims = {"iss": backend.url, "aud": CLIENT_ID, "sub": "ann", "iat": now, "exp": now + 60}
    assert told(get("/pets", token(claims)))["claims"]["sub"] == "ann"
    assert told(get("/pets", token({**claims, "sub": "bob"})))["claims"]["sub"] == "bob"
    assert [each.path for each in backend.requests] == ["/.well-known/openid-configuration", "/keys"]


def test_a_foreign_issuer_that_does_not_answer_lets_nobody_in(
    deploy: Deploy, get: Get, backend: WebServer, clock: FakeClock
) -> None:
    deploy(guarded(backend.url))
    now = int(clock.now().timestamp())
    claims = {"iss": backend.url, "aud": CLIENT_ID, "iat": now, "exp": now + 60}
    assert get("/pets", token(claims)).status_code == 401
