"""Tokens through the API: what they claim, how they are refreshed, rotated, revoked and customized."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jwt
import orjson
import pytest

from idp.flows.discovery import configuration, jwks
from idp.flows.lookups import get_user_pool
from tests.aws.cognito_idp.people import ROTATING, Pool, a_client_of, a_pool, claims_of, with_ann
from tests.fakes import START
from tests.sdk import refused

if TYPE_CHECKING:
    from idp.services import Services
    from tests.fakes import FakeClock, ScriptedTriggers

REVOKED = "Refresh Token has been revoked"
INVALID = "Invalid Refresh Token."
WRONG_SECRET = "w" * 52
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:claims"
GROUP_ROLE = "arn:aws:iam::000000000000:role/editor"


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool with a client that may use every flow, and Ann."""
    return with_ann(a_pool(idp))


@pytest.fixture
def rotating(idp: Any) -> Pool:
    """The same, whose client rotates refresh tokens without grace."""
    return with_ann(a_pool(idp, **ROTATING))


def graceful(idp: Any, seconds: int) -> Pool:
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": seconds}
    return with_ann(a_pool(idp, **{**ROTATING, "RefreshTokenRotation": rotation}))


# What they claim


def test_an_access_token_has_cognitos_claims_in_its_order(pool: Pool) -> None:
    claims = claims_of(pool.tokens()["AccessToken"])

    assert list(claims) == [
        "sub",
        "iss",
        "client_id",
        "origin_jti",
        "event_id",
        "token_use",
        "scope",
        "auth_time",
        "exp",
        "iat",
        "jti",
        "username",
    ]
    assert (claims["token_use"], claims["scope"]) == ("access", "aws.cognito.signin.user.admin")
    assert (claims["auth_time"], claims["exp"] - claims["iat"]) == (int(START.timestamp()), 3600)


def test_an_id_token_has_cognitos_claims_in_its_order(pool: Pool) -> None:
    claims = claims_of(pool.tokens()["IdToken"])

    assert list(claims) == [
        "sub",
        "email_verified",
        "iss",
        "address",
        "given_name",
        "cognito:username",
        "origin_jti",
        "aud",
        "event_id",
        "token_use",
        "auth_time",
        "exp",
        "iat",
        "jti",
        "email",
    ]
    assert (claims["email_verified"], claims["address"]) == (False, {"formatted": "1 Main St"})
    assert (claims["aud"], claims["token_use"]) == (pool.client_id, "id")


def test_both_tokens_share_session_and_event_but_not_their_ids(pool: Pool) -> None:
    tokens = pool.tokens()
    access, identity = claims_of(tokens["AccessToken"]), claims_of(tokens["IdToken"])

    assert [access[name] == identity[name] for name in ("origin_jti", "event_id", "sub", "jti")] == [
        True,
        True,
        True,
        False,
    ]


def test_tokens_verify_with_an_independent_library_against_the_published_keys(pool: Pool, services: Services) -> None:
    keys = jwt.PyJWKSet.from_json(jwks(services, pool.pool_id).decode())
    token = pool.tokens()["IdToken"]
    verified = jwt.decode(
        token,
        keys[jwt.get_unverified_header(token)["kid"]],
        algorithms=["RS256"],
        audience=pool.client_id,
        issuer=f"http://localhost:9229/{pool.pool_id}",
        options={"verify_exp": False},
    )

    assert verified["cognito:username"] == "ann"


def test_the_two_tokens_are_signed_by_different_keys_of_one_set(pool: Pool, services: Services) -> None:
    tokens = pool.tokens()
    used = {jwt.get_unverified_header(tokens[name])["kid"] for name in ("AccessToken", "IdToken")}

    assert used == {key["kid"] for key in orjson.loads(jwks(services, pool.pool_id))["keys"]}
    assert len(used) == 2


def test_a_header_names_key_and_algorithm_and_nothing_else(pool: Pool) -> None:
    assert list(jwt.get_unverified_header(pool.tokens()["AccessToken"])) == ["kid", "alg"]


def test_the_configuration_names_the_issuer_of_the_tokens(pool: Pool, services: Services) -> None:
    published = orjson.loads(
        configuration(services, get_user_pool(services, pool.pool_id), "http://login.auth.localhost:9229")
    )

    assert published["issuer"] == claims_of(pool.tokens()["IdToken"])["iss"]
    assert published["jwks_uri"] == f"http://localhost:9229/{pool.pool_id}/.well-known/jwks.json"
    assert published["token_endpoint"] == "http://login.auth.localhost:9229/oauth2/token"
    assert list(published) == sorted(published)


def test_an_id_token_shows_only_what_the_client_may_read(pool: Pool) -> None:
    reader = a_client_of(pool.idp, pool.pool_id, ReadAttributes=["given_name"])
    claims = claims_of(reader.tokens()["IdToken"])

    assert [name in claims for name in ("given_name", "email", "email_verified", "address")] == [
        True,
        False,
        False,
        False,
    ]


def test_groups_come_by_precedence_with_their_roles(pool: Pool) -> None:
    for name, more in (("b", {}), ("a", {}), ("editors", {"Precedence": 0, "RoleArn": GROUP_ROLE})):
        pool.idp.create_group(UserPoolId=pool.pool_id, GroupName=name, **more)
        pool.idp.admin_add_user_to_group(UserPoolId=pool.pool_id, Username="ann", GroupName=name)
    tokens = pool.tokens()
    claims = claims_of(tokens["IdToken"])

    assert claims["cognito:groups"] == claims_of(tokens["AccessToken"])["cognito:groups"] == ["editors", "a", "b"]
    assert (claims["cognito:roles"], claims["cognito:preferred_role"]) == ([GROUP_ROLE], GROUP_ROLE)


def test_a_client_without_revocation_issues_tokens_without_their_ids(idp: Any) -> None:
    tokens = with_ann(a_pool(idp, EnableTokenRevocation=False)).tokens()

    assert not {"origin_jti", "jti"} & {*claims_of(tokens["AccessToken"]), *claims_of(tokens["IdToken"])}


def test_rotation_adds_their_ids_even_without_revocation(idp: Any) -> None:
    tokens = with_ann(a_pool(idp, EnableTokenRevocation=False, **ROTATING)).tokens()

    assert {"origin_jti", "jti"} <= claims_of(tokens["AccessToken"]).keys() & claims_of(tokens["IdToken"]).keys()


def test_lifetimes_are_those_of_the_client(idp: Any) -> None:
    pool = with_ann(
        a_pool(
            idp,
            AccessTokenValidity=10,
            IdTokenValidity=600,
            TokenValidityUnits={"AccessToken": "minutes", "IdToken": "seconds"},
        )
    )
    tokens = pool.tokens()
    spans = [claims["exp"] - claims["iat"] for claims in map(claims_of, (tokens["AccessToken"], tokens["IdToken"]))]

    assert (tokens["ExpiresIn"], spans) == (600, [600, 600])


# Refreshing


def test_a_refresh_keeps_the_session_and_renews_the_rest(pool: Pool, clock: FakeClock) -> None:
    tokens = pool.tokens()
    clock.advance(timedelta(minutes=30))
    renewed = pool.refresh(tokens)
    before, after = claims_of(tokens["AccessToken"]), claims_of(renewed["AccessToken"])

    assert sorted(renewed) == ["AccessToken", "ExpiresIn", "IdToken", "TokenType"]
    kept = {name for name in before if before[name] == after[name]}
    assert kept == set(before) - {"jti", "iat", "exp"}


def test_a_refresh_shows_the_users_present_attributes(pool: Pool) -> None:
    tokens = pool.tokens()
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.pool_id, Username="ann", UserAttributes=[{"Name": "given_name", "Value": "Anna"}]
    )

    assert claims_of(pool.refresh(tokens)["IdToken"])["given_name"] == "Anna"


def test_a_refresh_of_a_secret_client_takes_the_hash_over_name_or_sub(idp: Any) -> None:
    pool = with_ann(a_pool(idp, GenerateSecret=True))
    tokens = pool.tokens()
    names = ("ann", claims_of(tokens["IdToken"])["sub"])
    hashes = [pool.secret_hash(name) for name in names]

    assert all(pool.refresh(tokens, SECRET_HASH=secret_hash) for secret_hash in hashes)
    with refused("NotAuthorizedException", f"Unable to verify secret hash for client {pool.client_id}"):
        pool.refresh(tokens, SECRET_HASH=pool.secret_hash("bob"))
    with refused(
        "NotAuthorizedException",
        f"Client {pool.client_id} is configured with secret but SECRET_HASH was not received",
    ):
        pool.refresh(tokens)


@pytest.mark.parametrize("text", ["garbage", "A" * 64])
def test_what_is_no_refresh_token_is_refused(pool: Pool, text: str) -> None:
    with refused("NotAuthorizedException", INVALID):
        pool.refresh({"RefreshToken": text})


def test_a_refresh_token_of_another_client_is_refused(pool: Pool) -> None:
    other = a_client_of(pool.idp, pool.pool_id)
    with refused("NotAuthorizedException", INVALID):
        other.refresh(pool.tokens())


def test_a_refresh_token_ends_with_its_validity(pool: Pool, clock: FakeClock) -> None:
    tokens = pool.tokens()
    clock.advance(timedelta(days=30))
    with refused("NotAuthorizedException", "Refresh Token has expired"):
        pool.refresh(tokens)


def test_a_disabled_user_cannot_refresh(pool: Pool) -> None:
    tokens = pool.tokens()
    pool.idp.admin_disable_user(UserPoolId=pool.pool_id, Username="ann")
    with refused("NotAuthorizedException", "User is disabled."):
        pool.refresh(tokens)


def test_a_deleted_user_cannot_refresh(pool: Pool) -> None:
    tokens = pool.tokens()
    pool.idp.admin_delete_user(UserPoolId=pool.pool_id, Username="ann")
    with refused("NotAuthorizedException", INVALID):
        pool.refresh(tokens)


def test_the_other_operation_refreshes_too_and_gives_no_refresh_token_without_rotation(pool: Pool) -> None:
    assert sorted(pool.rotate(pool.tokens())) == ["AccessToken", "ExpiresIn", "IdToken", "TokenType"]


@pytest.mark.parametrize("secret", [WRONG_SECRET, None], ids=["wrong", "none"])
def test_the_other_operation_asks_for_the_plain_client_secret(idp: Any, secret: str | None) -> None:
    pool = with_ann(a_pool(idp, GenerateSecret=True))
    tokens = pool.tokens()
    given: Any = {"ClientId": pool.client_id, "RefreshToken": tokens["RefreshToken"]}

    assert idp.get_tokens_from_refresh_token(**given, ClientSecret=pool.client_secret)["AuthenticationResult"]
    with refused("NotAuthorizedException", f"Unable to verify secret for client {pool.client_id}"):
        idp.get_tokens_from_refresh_token(**given, **({} if secret is None else {"ClientSecret": secret}))


# Rotation


def test_rotation_gives_a_new_refresh_token_each_time(rotating: Pool) -> None:
    first = rotating.tokens()
    second = rotating.rotate(first)
    third = rotating.rotate(second)

    assert len({each["RefreshToken"] for each in (first, second, third)}) == 3


def test_a_rotated_token_lives_only_for_the_rest_of_the_first_ones_time(rotating: Pool, clock: FakeClock) -> None:
    first = rotating.tokens()
    clock.advance(timedelta(days=29))
    second = rotating.rotate(first)
    clock.advance(timedelta(days=1))
    with refused("NotAuthorizedException", "Refresh Token has expired"):
        rotating.rotate(second)


def test_a_spent_refresh_token_ends_its_whole_family(rotating: Pool) -> None:
    first = rotating.tokens()
    second = rotating.rotate(first)
    with refused("RefreshTokenReuseException", "Refresh token has been reused."):
        rotating.rotate(first)
    with refused("NotAuthorizedException", REVOKED):
        rotating.rotate(second)


def test_a_retry_within_the_grace_period_succeeds(idp: Any, clock: FakeClock) -> None:
    pool = graceful(idp, 10)
    first = pool.tokens()
    second = pool.rotate(first)
    clock.advance(9)
    retried = pool.rotate(first)

    assert pool.rotate(second)
    assert pool.rotate(retried)


def test_a_retry_after_the_grace_period_is_reuse(idp: Any, clock: FakeClock) -> None:
    pool = graceful(idp, 10)
    first = pool.tokens()
    pool.rotate(first)
    clock.advance(10)
    with refused("RefreshTokenReuseException"):
        pool.rotate(first)


def test_a_rotating_client_does_not_refresh_by_initiate_auth(rotating: Pool) -> None:
    with refused("NotAuthorizedException", "Refresh token rotation is enabled for this client"):
        rotating.refresh(rotating.tokens())


# Ending


def test_a_revoked_refresh_token_takes_its_session_with_it(pool: Pool) -> None:
    tokens = pool.tokens()
    pool.idp.revoke_token(Token=tokens["RefreshToken"], ClientId=pool.client_id)

    with refused("NotAuthorizedException", REVOKED):
        pool.refresh(tokens)
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        pool.idp.global_sign_out(AccessToken=tokens["AccessToken"])


def test_revoking_leaves_other_sessions_alone(pool: Pool) -> None:
    tokens, others = pool.tokens(), pool.tokens()
    pool.idp.revoke_token(Token=tokens["RefreshToken"], ClientId=pool.client_id)

    assert pool.refresh(others)


def test_revoking_twice_and_revoking_nothing_is_fine(pool: Pool) -> None:
    tokens = pool.tokens()
    for token in (tokens["RefreshToken"], tokens["RefreshToken"], "unknown"):
        pool.idp.revoke_token(Token=token, ClientId=pool.client_id)

    with refused("NotAuthorizedException", REVOKED):
        pool.refresh(tokens)


def test_another_client_revokes_nothing(pool: Pool) -> None:
    tokens = pool.tokens()
    other = a_client_of(pool.idp, pool.pool_id)
    pool.idp.revoke_token(Token=tokens["RefreshToken"], ClientId=other.client_id)

    assert pool.refresh(tokens)


@pytest.mark.parametrize("name", ["AccessToken", "IdToken"])
def test_only_refresh_tokens_can_be_revoked(pool: Pool, name: str) -> None:
    with refused("UnsupportedTokenTypeException"):
        pool.idp.revoke_token(Token=pool.tokens()[name], ClientId=pool.client_id)


def test_revocation_must_be_enabled(idp: Any) -> None:
    pool = with_ann(a_pool(idp, EnableTokenRevocation=False))
    with refused("UnsupportedOperationException"):
        idp.revoke_token(Token=pool.tokens()["RefreshToken"], ClientId=pool.client_id)


def test_a_secret_client_revokes_with_its_secret_only(idp: Any) -> None:
    pool = with_ann(a_pool(idp, GenerateSecret=True))
    token = pool.tokens()["RefreshToken"]
    with refused("UnauthorizedException"):
        idp.revoke_token(Token=token, ClientId=pool.client_id)
    with refused("UnauthorizedException"):
        idp.revoke_token(Token=token, ClientId=pool.client_id, ClientSecret=WRONG_SECRET)
    idp.revoke_token(Token=token, ClientId=pool.client_id, ClientSecret=pool.client_secret or "")


def test_a_client_that_is_not_there_revokes_nothing(pool: Pool) -> None:
    with refused("UnauthorizedException", "Client authentication failed."):
        pool.idp.revoke_token(Token=pool.tokens()["RefreshToken"], ClientId="nobody")


def test_signing_out_everywhere_ends_every_session_begun_so_far(pool: Pool) -> None:
    one, two = pool.tokens(), pool.tokens()
    pool.idp.global_sign_out(AccessToken=one["AccessToken"])

    with refused("NotAuthorizedException", REVOKED):
        pool.refresh(two)
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        pool.idp.global_sign_out(AccessToken=two["AccessToken"])
    assert pool.refresh(pool.tokens())


def test_an_administrator_signs_a_user_out_everywhere(pool: Pool) -> None:
    tokens = pool.tokens()
    pool.idp.admin_user_global_sign_out(UserPoolId=pool.pool_id, Username="ann")

    with refused("NotAuthorizedException", REVOKED):
        pool.refresh(tokens)


def test_signing_out_ends_tokens_without_an_origin_too(idp: Any, clock: FakeClock) -> None:
    pool = with_ann(a_pool(idp, EnableTokenRevocation=False))
    before = pool.tokens()
    pool.idp.admin_user_global_sign_out(UserPoolId=pool.pool_id, Username="ann")
    clock.advance(1)

    with refused("NotAuthorizedException", "Access Token has been revoked"):
        idp.global_sign_out(AccessToken=before["AccessToken"])
    idp.global_sign_out(AccessToken=pool.tokens()["AccessToken"])


def test_nobody_cannot_be_signed_out(pool: Pool) -> None:
    with refused("UserNotFoundException", "User does not exist."):
        pool.idp.admin_user_global_sign_out(UserPoolId=pool.pool_id, Username="bob")


# PreTokenGeneration


def with_trigger(pool: Pool, version: str) -> None:
    pool.idp.update_user_pool(
        UserPoolId=pool.pool_id,
        LambdaConfig={"PreTokenGenerationConfig": {"LambdaVersion": version, "LambdaArn": FUNCTION}},
    )


def answering(**response: Any) -> Any:
    return lambda event: {**event, "response": response}


def test_version_one_changes_the_id_token_alone(pool: Pool, triggers: ScriptedTriggers) -> None:
    with_trigger(pool, "V1_0")
    changes = {"claimsToAddOrOverride": {"tier": "gold", "sub": "eve"}, "claimsToSuppress": ["given_name", "iss"]}
    triggers.on("PreTokenGeneration", answering(claimsOverrideDetails=changes))
    tokens = pool.tokens()
    claims = claims_of(tokens["IdToken"])

    assert (claims["tier"], "given_name" in claims, "iss" in claims) == ("gold", False, True)
    assert claims["sub"] == claims_of(tokens["AccessToken"])["sub"] != "eve"
    assert "tier" not in claims_of(tokens["AccessToken"])


def test_version_two_changes_scopes_and_groups_and_may_hold_objects(pool: Pool, triggers: ScriptedTriggers) -> None:
    with_trigger(pool, "V2_0")
    triggers.on(
        "PreTokenGeneration",
        answering(
            claimsAndScopeOverrideDetails={
                "idTokenGeneration": {"claimsToAddOrOverride": {"plan": {"seats": 3}}},
                "accessTokenGeneration": {
                    "claimsToAddOrOverride": {"plan": ["a"], "aud": "somebody"},
                    "scopesToAdd": ["pets/read"],
                },
                "groupOverrideDetails": {"groupsToOverride": ["guests"]},
            }
        ),
    )
    tokens = pool.tokens()
    access, identity = claims_of(tokens["AccessToken"]), claims_of(tokens["IdToken"])

    assert (access["plan"], identity["plan"]) == (["a"], {"seats": 3})
    assert access["scope"] == "aws.cognito.signin.user.admin pets/read"
    assert access["cognito:groups"] == identity["cognito:groups"] == ["guests"]
    assert "aud" not in access


def test_the_trigger_hears_of_a_refresh(pool: Pool, triggers: ScriptedTriggers) -> None:
    tokens = pool.tokens()
    with_trigger(pool, "V2_0")
    pool.refresh(tokens)

    assert triggers.calls[0].source == "TokenGeneration_RefreshTokens"
    assert triggers.calls[0].event["version"] == "2"
    assert triggers.calls[0].event["request"]["scopes"] == ["aws.cognito.signin.user.admin"]


@pytest.mark.parametrize(
    "details",
    ["text", {"claimsToAddOrOverride": {"tier": 1}}, {"claimsToSuppress": "sub"}, {"claimsToAddOrOverride": []}],
    ids=["no object", "no text", "no list", "no map"],
)
def test_an_answer_of_another_form_is_refused(pool: Pool, triggers: ScriptedTriggers, details: Any) -> None:
    with_trigger(pool, "V1_0")
    triggers.on("PreTokenGeneration", answering(claimsOverrideDetails=details))
    with refused("InvalidLambdaResponseException", "Unrecognizable lambda output"):
        pool.sign_in()
