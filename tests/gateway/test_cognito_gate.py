"""COGNITO_USER_POOLS: tokens of the pool open, and nothing that looks like one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from werkzeug.test import TestResponse

from tests.fakes import FakeClock, ScriptedFunctions
from tests.gateway.callers import Deploy, Get
from tests.gateway.documents import FUNCTION, TO_FUNCTION, allow, cognito_scheme, operation, policy, rest_api
from tests.gateway.pools import CLIENT_ID, Pool

UNAUTHORIZED = (401, b'{"message":"Unauthorized"}')


def guarded(*pools: Pool, scopes: tuple[str, ...] = (), **settings: object) -> dict[str, object]:
    """Return an API with one route for the people of some pools."""
    scheme = cognito_scheme(*(pool.id for pool in pools), **settings)
    return rest_api({"/pets": {"get": operation(TO_FUNCTION, "people", *scopes)}}, schemes={"people": scheme})


def message(answer: TestResponse) -> str:
    """Return the sentence of a refusal."""
    refusal: dict[str, str] = orjson.loads(answer.data)
    return refusal["Message"]


@pytest.fixture(autouse=True)
def echo(functions: ScriptedFunctions) -> None:
    """Let the function answer whatever it is asked."""
    functions.on(FUNCTION, lambda event: {"statusCode": 200, "body": "in"})


@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer "])
def test_an_id_token_opens(deploy: Deploy, get: Get, pool: Pool, prefix: str) -> None:
    deploy(guarded(pool))
    assert get("/pets", prefix + pool.id_token()).data == b"in"


def test_any_of_several_pools_opens(deploy: Deploy, get: Get, pool: Pool, other_pool: Pool) -> None:
    deploy(guarded(pool, other_pool))
    assert get("/pets", other_pool.id_token()).data == b"in"


@pytest.mark.parametrize("authorization", [None, "", "Bearer ", "Basic YW5u", "not.a.token"])
def test_no_token_is_unauthorized(deploy: Deploy, get: Get, pool: Pool, authorization: str | None) -> None:
    deploy(guarded(pool))
    answer = get("/pets", authorization)
    assert (answer.status_code, answer.data) == UNAUTHORIZED
    assert answer.headers["x-amzn-ErrorType"] == "UnauthorizedException"


LOOKALIKES: dict[str, Callable[[Pool, Pool], str]] = {
    "an access token": lambda pool, other: pool.access_token(),
    "another pool's token": lambda pool, other: other.id_token(),
    "another pool's token in this pool's name": lambda pool, other: other.id_token(iss=pool.issuer),
    "alg none": lambda pool, other: pool.unsigned_token(),
    "HS256 by the public key": lambda pool, other: pool.token_by_public_key(),
    "a changed signature": lambda pool, other: pool.id_token()[:-8] + "AAAAAAAA",
    "a token of the future": lambda pool, other: pool.id_token(iat=4_000_000_000),
    "a token without an end": lambda pool, other: pool.id_token(exp=None),
    "a foreign issuer": lambda pool, other: pool.id_token(iss="https://example.com"),
}


@pytest.mark.parametrize("lookalike", LOOKALIKES.values(), ids=LOOKALIKES.keys())
def test_a_lookalike_of_a_token_is_unauthorized(
    deploy: Deploy, get: Get, pool: Pool, other_pool: Pool, lookalike: Callable[[Pool, Pool], str]
) -> None:
    deploy(guarded(pool))
    answer = get("/pets", lookalike(pool, other_pool))
    assert (answer.status_code, answer.data) == UNAUTHORIZED


def test_a_token_that_was_let_in_is_refused_once_it_has_expired(
    deploy: Deploy, get: Get, pool: Pool, clock: FakeClock
) -> None:
    deploy(guarded(pool))
    token = pool.id_token()
    assert get("/pets", token).status_code == 200
    clock.advance(timedelta(minutes=59))
    assert get("/pets", token).status_code == 200
    clock.advance(timedelta(minutes=1))
    answer = get("/pets", token)
    assert (answer.status_code, answer.data) == (401, b'{"message":"The incoming token has expired"}')


def test_a_token_is_believed_no_longer_than_a_minute_after_its_key_is_gone(
    deploy: Deploy, get: Get, pool: Pool, clock: FakeClock, idp: Any
) -> None:
    deploy(guarded(pool))
    token = pool.id_token()
    assert get("/pets", token).status_code == 200
    idp.delete_user_pool(UserPoolId=pool.id)
    clock.advance(timedelta(seconds=60))
    assert get("/pets", token).status_code == 401


def test_a_route_with_scopes_wants_an_access_token_with_one_of_them(deploy: Deploy, get: Get, pool: Pool) -> None:
    deploy(guarded(pool, scopes=("pets/write", "pets/read")))
    assert get("/pets", pool.access_token("openid pets/read")).data == b"in"
    refused = [pool.access_token("openid"), pool.id_token(), pool.id_token(scope="pets/read")]
    assert [get("/pets", token).status_code for token in refused] == [401, 401, 401]


def test_what_one_route_let_in_is_not_let_in_by_a_route_that_asks_for_more(
    deploy: Deploy, get: Get, pool: Pool
) -> None:
    paths = {
        "/pets": {
            "get": operation(TO_FUNCTION, "people", "pets/read"),
            "post": operation(TO_FUNCTION, "people", "pets/write"),
        }
    }
    deploy(rest_api(paths, schemes={"people": cognito_scheme(pool.id)}))
    token = pool.access_token("pets/read")
    assert get("/pets", token).status_code == 200
    assert get("/pets", token, method="POST").status_code == 401


def test_another_header_may_carry_the_token(deploy: Deploy, get: Get, pool: Pool) -> None:
    deploy(guarded(pool, identitySource="method.request.header.X-Token"))
    assert get("/pets", pool.id_token()).status_code == 401
    assert get("/pets", headers={"X-Token": pool.id_token()}).data == b"in"


def test_the_audience_is_any_client_unless_a_pattern_says_which(deploy: Deploy, get: Get, pool: Pool) -> None:
    deploy(guarded(pool, identityValidationExpression=CLIENT_ID))
    assert get("/pets", pool.id_token()).data == b"in"
    assert get("/pets", pool.id_token(aud=CLIENT_ID + "0")).status_code == 401


def test_the_function_learns_the_claims_as_texts(
    deploy: Deploy, get: Get, pool: Pool, functions: ScriptedFunctions
) -> None:
    deploy(guarded(pool))
    get("/pets", pool.id_token(email_verified=True))
    claims = functions.events[-1]["requestContext"]["authorizer"]["claims"]
    assert claims["sub"] == "ann-sub"
    assert claims["cognito:groups"] == "admins,staff"
    assert claims["email_verified"] == "true"
    assert claims["iat"] == "Mon Mar 02 12:00:00 UTC 2026"


def test_the_apis_policy_must_allow_too(deploy: Deploy, get: Get, pool: Pool) -> None:
    silent = {"x-amazon-apigateway-policy": policy(allow("execute-api:/prod/GET/cats", Principal="*"))}
    deploy(guarded(pool) | silent)
    answer = get("/pets", pool.id_token())
    assert answer.status_code == 403
    assert message(answer).endswith("because no resource-based policy allows the execute-api:Invoke action")
    deploy(guarded(pool) | {"x-amazon-apigateway-policy": policy(allow("execute-api:/prod/GET/pets", Principal="*"))})
    assert get("/pets", pool.id_token()).data == b"in"


def test_a_learner_is_told_why_and_sees_no_token(deploy: Deploy, get: Get, pool: Pool) -> None:
    deploy(guarded(pool))
    token = pool.access_token()
    answer = get("/pets", token)
    assert answer.headers["x-idp-explain"] == (
        "The route wants an ID token of the authorizer's user pool. The token is not an id token."
    )
    assert token[-20:] not in str(answer.headers)
