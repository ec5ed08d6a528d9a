"""User sessions through the API: listed and revoked one by one, limited in number, and how long browsers are believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.people import ROTATING, Pool, a_client_of, a_pool, claims_of, with_ann
from tests.hosted import CALLBACK, SITE, VERIFIER, HostedPool, Visitor
from tests.sdk import refused

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.fakes import FakeClock

REVOKED = "Access Token has been revoked"
UNTRACKED = "User session tracking is not enabled for the user pool."
NO_SESSION = "tkn" + "0" * 25
DEVICE = "us-east-1_00000000-0000-0000-0000-000000000000"


def track(idp: Any, pool_id: str, *, max_per_user: int = 20) -> None:
    idp.set_user_pool_session_configuration(
        UserPoolId=pool_id, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": max_per_user}
    )


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool that tracks sessions, and Ann."""
    pool = with_ann(a_pool(idp))
    track(idp, pool.pool_id)
    return pool


def listed(pool: Pool, tokens: Any) -> list[Any]:
    sessions: list[Any] = pool.idp.list_user_sessions(AccessToken=tokens["AccessToken"])["Sessions"]
    return sessions


def listed_by_admin(pool: Pool, username: str = "ann") -> list[Any]:
    answer = pool.idp.admin_list_user_sessions(UserPoolId=pool.pool_id, Username=username)
    sessions: list[Any] = answer["Sessions"]
    return sessions


def current(pool: Pool, tokens: Any) -> str:
    return next(str(each["SessionId"]) for each in listed(pool, tokens) if each["IsCurrentSession"])


# Listing


def test_a_session_is_told_with_all_that_is_known_of_it(pool: Pool, clock: FakeClock) -> None:
    began = clock.now()
    tokens = pool.tokens()
    (session,) = listed(pool, tokens)
    session_id, device = session.pop("SessionId"), session.pop("DeviceType")

    assert session == {
        "SessionType": "TOKEN",
        "ClientId": pool.client_id,
        "CreateDate": began,
        "LastActiveDate": began,
        "LastIPAddress": "127.0.0.1",
        "IsCurrentSession": True,
    }
    assert (session_id[:3], len(session_id)) == ("tkn", 28)
    assert device.startswith("AWS SDK 1")


def test_sessions_of_every_client_are_told_the_one_used_last_first(pool: Pool, clock: FakeClock) -> None:
    first = pool.tokens()
    clock.advance(60)
    other = a_client_of(pool.idp, pool.pool_id)
    other.tokens()

    assert [(each["ClientId"], each["IsCurrentSession"]) for each in listed(pool, first)] == [
        (other.client_id, False),
        (pool.client_id, True),
    ]


@pytest.mark.parametrize("kind", [{}, ROTATING], ids=["refresh", "rotation"])
def test_a_refresh_is_activity_of_its_session(pool: Pool, clock: FakeClock, kind: dict[str, Any]) -> None:
    client = a_client_of(pool.idp, pool.pool_id, **kind)
    tokens, began = client.tokens(), clock.now()
    clock.advance(600)
    client.rotate(tokens)
    (session,) = listed(pool, tokens)

    assert (session["CreateDate"], session["LastActiveDate"]) == (began, clock.now())


def test_an_administrator_sees_the_same_and_no_current_session(pool: Pool) -> None:
    tokens = pool.tokens()
    (seen,) = listed_by_admin(pool)

    assert seen == {**listed(pool, tokens)[0], "IsCurrentSession": False}


def test_what_is_over_is_not_told(pool: Pool, clock: FakeClock) -> None:
    revoked = pool.tokens()
    pool.idp.revoke_token(Token=revoked["RefreshToken"], ClientId=pool.client_id)
    short = a_client_of(pool.idp, pool.pool_id, RefreshTokenValidity=60, TokenValidityUnits={"RefreshToken": "minutes"})
    short.tokens()
    clock.advance(timedelta(hours=1))

    assert listed_by_admin(pool) == []


def test_somebody_elses_sessions_are_not_told(pool: Pool) -> None:
    pool.sign_up("bob")
    pool.tokens()

    assert len(listed(pool, pool.tokens("bob"))) == 1


def test_tokens_of_a_client_without_revocation_name_their_session_too(pool: Pool) -> None:
    client = a_client_of(pool.idp, pool.pool_id, EnableTokenRevocation=False)
    tokens, other = client.tokens(), client.tokens()

    pool.idp.revoke_user_session(AccessToken=tokens["AccessToken"], SessionId=current(pool, other))
    with refused("NotAuthorizedException", REVOKED):
        listed(pool, other)


@pytest.mark.parametrize("operation", ["list_user_sessions", "admin_list_user_sessions"])
def test_a_made_up_page_is_refused(pool: Pool, operation: str) -> None:
    whose = {"list_user_sessions": {"AccessToken": pool.tokens()["AccessToken"]}}
    asked = whose.get(operation, {"UserPoolId": pool.pool_id, "Username": "ann"})
    with refused("InvalidParameterException", "Invalid pagination token"):
        getattr(pool.idp, operation)(**asked, NextToken="2")


def test_a_pool_that_does_not_track_tells_nothing(idp: Any) -> None:
    pool = with_ann(a_pool(idp))
    tokens = pool.tokens()
    with refused("OperationNotEnabledException", UNTRACKED):
        listed(pool, tokens)
    with refused("OperationNotEnabledException", UNTRACKED):
        listed_by_admin(pool)
    with refused("OperationNotEnabledException", UNTRACKED):
        idp.revoke_user_session(AccessToken=tokens["AccessToken"], SessionId=NO_SESSION)


# Revoking


def test_a_revoked_session_takes_its_tokens_with_it(pool: Pool) -> None:
    here, there = pool.tokens(), pool.tokens()
    pool.idp.revoke_user_session(AccessToken=here["AccessToken"], SessionId=current(pool, there))

    with refused("NotAuthorizedException", REVOKED):
        pool.idp.get_user(AccessToken=there["AccessToken"])
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        pool.refresh(there)
    assert pool.refresh(here)
    assert len(listed(pool, here)) == 1


def test_the_current_session_stays(pool: Pool) -> None:
    tokens = pool.tokens()
    with refused("InvalidParameterException", "The current session cannot be revoked."):
        pool.idp.revoke_user_session(AccessToken=tokens["AccessToken"], SessionId=current(pool, tokens))

    assert pool.refresh(tokens)


def test_an_administrator_revokes_any_session_once(pool: Pool) -> None:
    tokens = pool.tokens()
    target = {"UserPoolId": pool.pool_id, "Username": "ann", "SessionId": current(pool, tokens)}
    pool.idp.admin_revoke_user_session(**target)

    with refused("NotAuthorizedException", REVOKED):
        listed(pool, tokens)
    with refused("ResourceNotFoundException", "Session does not exist."):
        pool.idp.admin_revoke_user_session(**target)


def test_nobody_revokes_somebody_elses_session(pool: Pool) -> None:
    pool.sign_up("bob")
    anns, bobs = pool.tokens(), pool.tokens("bob")
    with refused("ResourceNotFoundException", "Session does not exist."):
        pool.idp.revoke_user_session(AccessToken=bobs["AccessToken"], SessionId=current(pool, anns))
    with refused("ResourceNotFoundException", "Session does not exist."):
        pool.idp.admin_revoke_user_session(UserPoolId=pool.pool_id, Username="bob", SessionId=current(pool, anns))

    assert pool.refresh(anns)


@pytest.mark.parametrize(
    "session_id", [NO_SESSION, "tkn" + "z" * 25, "sso" + "0" * 25], ids=["no token", "too large", "no browser"]
)
def test_a_session_that_is_not_there_is_not_found(pool: Pool, session_id: str) -> None:
    with refused("ResourceNotFoundException", "Session does not exist."):
        pool.idp.revoke_user_session(AccessToken=pool.tokens()["AccessToken"], SessionId=session_id)


@pytest.mark.parametrize("session_id", ["tkn", "abc" + "0" * 25, "tkn" + "A" * 25])
def test_an_id_of_another_form_is_refused(pool: Pool, session_id: str) -> None:
    with refused("InvalidParameterException"):
        pool.idp.revoke_user_session(AccessToken=pool.tokens()["AccessToken"], SessionId=session_id)


@pytest.mark.parametrize("name", ["IdToken", "RefreshToken"])
def test_only_an_access_token_lists(pool: Pool, name: str) -> None:
    with refused("NotAuthorizedException"):
        pool.idp.list_user_sessions(AccessToken=pool.tokens()[name])


def test_another_accounts_pool_is_not_there(pool: Pool, aws: Any) -> None:
    stranger = replace(pool, idp=aws("cognito-idp", key="222222222222"))
    with refused("ResourceNotFoundException"):
        listed_by_admin(stranger)
    with refused("ResourceNotFoundException"):
        track(stranger.idp, pool.pool_id)


# The limit


def test_one_session_too_many_ends_the_one_that_was_used_least_recently(pool: Pool, clock: FakeClock) -> None:
    track(pool.idp, pool.pool_id, max_per_user=2)
    first = pool.tokens()
    clock.advance(1)
    second = pool.tokens()
    clock.advance(1)
    pool.refresh(first)
    clock.advance(1)
    third = pool.tokens()

    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        pool.refresh(second)
    assert [current(pool, tokens) for tokens in (third, first)] == [each["SessionId"] for each in listed_by_admin(pool)]


def test_a_lower_limit_holds_from_the_next_sign_in_on(pool: Pool, clock: FakeClock) -> None:
    for _ in range(3):
        pool.tokens()
        clock.advance(1)
    track(pool.idp, pool.pool_id, max_per_user=1)

    assert len(listed_by_admin(pool)) == 3
    last = pool.tokens()
    assert [each["SessionId"] for each in listed_by_admin(pool)] == [current(pool, last)]


def test_others_do_not_count(pool: Pool) -> None:
    track(pool.idp, pool.pool_id, max_per_user=1)
    pool.sign_up("bob")
    tokens = pool.tokens()
    pool.tokens("bob")

    assert pool.refresh(tokens)


def test_a_pool_that_does_not_track_has_no_limit(idp: Any) -> None:
    pool = with_ann(a_pool(idp))
    tokens = [pool.tokens() for _ in range(3)]
    idp.set_user_pool_session_configuration(
        UserPoolId=pool.pool_id, UserSessionTracking="DISABLED", TokenSession={"MaxPerUser": 1}
    )
    pool.tokens()

    assert all(pool.refresh(each) for each in tokens)


# Configuration


def test_a_pool_does_not_track_until_it_is_told_to(idp: Any) -> None:
    pool = a_pool(idp)
    asked = idp.get_user_pool_session_configuration(UserPoolId=pool.pool_id)
    del asked["ResponseMetadata"]

    assert asked == {
        "UserPoolId": pool.pool_id,
        "UserSessionTracking": "DISABLED",
        "TokenSession": {"MaxPerUser": 20},
    }


def test_what_is_set_is_told_and_outlives_an_update_of_the_pool(idp: Any) -> None:
    pool = a_pool(idp)
    track(idp, pool.pool_id, max_per_user=7)
    idp.update_user_pool(UserPoolId=pool.pool_id)
    asked = idp.get_user_pool_session_configuration(UserPoolId=pool.pool_id)

    assert (asked["UserSessionTracking"], asked["TokenSession"]) == ("ENABLED", {"MaxPerUser": 7})


@pytest.mark.parametrize("count", [0, 101])
def test_a_limit_outside_the_models_range_is_refused(idp: Any, count: int) -> None:
    pool = a_pool(idp)
    with refused("InvalidParameterException"):
        track(idp, pool.pool_id, max_per_user=count)


def test_the_lite_tier_does_not_track(idp: Any) -> None:
    pool = a_pool(idp, settings={"UserPoolTier": "LITE"})
    with refused("FeatureUnavailableInTierException"):
        track(idp, pool.pool_id)
    with refused("FeatureUnavailableInTierException"):
        believe_for(pool, 5)


def believe_for(pool: Pool, minutes: int) -> None:
    pool.idp.set_user_pool_client_session_configuration(
        UserPoolId=pool.pool_id, ClientId=pool.client_id, SSOSession={"MaxValidityMinutes": minutes}
    )


def believed_for(pool: Pool) -> int:
    asked = pool.idp.get_user_pool_client_session_configuration(UserPoolId=pool.pool_id, ClientId=pool.client_id)
    minutes: int = asked["SSOSession"]["MaxValidityMinutes"]
    return minutes


def test_a_client_believes_a_browser_for_an_hour_unless_it_is_told_otherwise(pool: Pool) -> None:
    assert believed_for(pool) == 60
    believe_for(pool, 0)
    assert believed_for(pool) == 0


def test_a_client_is_told_only_where_sessions_are_tracked(idp: Any) -> None:
    pool = a_pool(idp)
    with refused("OperationNotEnabledException", UNTRACKED):
        believe_for(pool, 5)

    assert believed_for(pool) == 60


def test_another_pools_client_is_not_there(pool: Pool, idp: Any) -> None:
    other = a_pool(idp)
    with refused("ResourceNotFoundException"):
        believe_for(replace(pool, client_id=other.client_id), 5)


# Browsers


@pytest.fixture
def shop(acme: HostedPool) -> Pool:
    """The hosted pool, which tracks sessions."""
    track(acme.idp, acme.pool_id)
    return Pool(acme.idp, acme.pool_id, acme.client_id, None)


def exchange(web: FlaskClient, asked: Any, code: str) -> Any:
    form = {
        "grant_type": "authorization_code",
        "client_id": asked["client_id"],
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    return web.post(f"{SITE}/oauth2/token", data=form).get_json()


def asks_again(visitor: Visitor, asked: Any) -> bool:
    location: str = visitor.open("/oauth2/authorize", asked).location
    return location.startswith(f"{SITE}/login")


def test_a_browser_is_a_session_of_its_own_and_the_origin_of_others(
    shop: Pool, acme: HostedPool, visitor: Visitor, web: FlaskClient
) -> None:
    asked = acme.asking()
    exchange(web, asked, visitor.get_code(asked))
    by_kind = {each["SessionType"]: each for each in listed_by_admin(shop)}

    assert set(by_kind) == {"SSO", "TOKEN"}
    assert by_kind["SSO"]["SessionId"].startswith("sso")
    assert by_kind["TOKEN"]["OriginSessionId"] == by_kind["SSO"]["SessionId"]
    assert "OriginSessionId" not in by_kind["SSO"]
    assert by_kind["SSO"]["ClientId"] == acme.client_id


@pytest.mark.parametrize(("linked", "left"), [("NONE", ["TOKEN"]), ("LINKED", [])])
def test_revoking_a_browsers_session_asks_the_user_again(
    shop: Pool, acme: HostedPool, visitor: Visitor, web: FlaskClient, linked: str, left: list[str]
) -> None:
    asked = acme.asking()
    exchange(web, asked, visitor.get_code(asked))
    session = next(each for each in listed_by_admin(shop) if each["SessionType"] == "SSO")
    shop.idp.admin_revoke_user_session(
        UserPoolId=shop.pool_id, Username="ann", SessionId=session["SessionId"], RevokeAssociatedSessions=linked
    )

    assert asks_again(visitor, asked)
    assert [each["SessionType"] for each in listed_by_admin(shop)] == left


@pytest.mark.parametrize(("linked", "asks"), [("NONE", False), ("LINKED", True)])
def test_revoking_a_token_session_leaves_the_browser_unless_it_is_linked(
    shop: Pool, acme: HostedPool, visitor: Visitor, web: FlaskClient, linked: str, asks: bool
) -> None:
    asked = acme.asking()
    exchange(web, asked, visitor.get_code(asked))
    session = next(each for each in listed_by_admin(shop) if each["SessionType"] == "TOKEN")
    shop.idp.admin_revoke_user_session(
        UserPoolId=shop.pool_id, Username="ann", SessionId=session["SessionId"], RevokeAssociatedSessions=linked
    )

    assert asks_again(visitor, asked) is asks


def test_a_client_that_believes_no_browser_asks_each_time_and_others_do_not(
    shop: Pool, acme: HostedPool, visitor: Visitor
) -> None:
    other = acme.add_client()
    believe_for(shop, 0)

    assert visitor.get_code(acme.asking())
    assert asks_again(visitor, acme.asking())
    assert not asks_again(visitor, acme.asking(client_id=other["ClientId"]))


@pytest.mark.parametrize(("minutes", "asks"), [(1439, True), (1441, False)])
def test_a_client_believes_a_browser_as_long_as_it_is_told(
    shop: Pool, acme: HostedPool, visitor: Visitor, clock: FakeClock, minutes: int, asks: bool
) -> None:
    visitor.get_code(acme.asking())
    believe_for(shop, minutes)
    clock.advance(timedelta(days=1))

    assert asks_again(visitor, acme.asking()) is asks


def test_a_pool_that_stops_tracking_believes_browsers_for_an_hour(
    shop: Pool, acme: HostedPool, visitor: Visitor, clock: FakeClock
) -> None:
    believe_for(shop, 129_600)
    visitor.get_code(acme.asking())
    shop.idp.set_user_pool_session_configuration(
        UserPoolId=shop.pool_id, UserSessionTracking="DISABLED", TokenSession={"MaxPerUser": 20}
    )
    clock.advance(timedelta(hours=1))

    assert asks_again(visitor, acme.asking())


def test_signing_out_everywhere_ends_browsers_too(
    shop: Pool, acme: HostedPool, visitor: Visitor, clock: FakeClock
) -> None:
    visitor.get_code(acme.asking())
    clock.advance(1)
    shop.idp.admin_user_global_sign_out(UserPoolId=shop.pool_id, Username="ann")

    assert listed_by_admin(shop) == []


# Families of refresh tokens

ACCESS_TOKEN_OPERATIONS: list[tuple[str, dict[str, Any]]] = [
    ("get_user", {}),
    ("delete_user", {}),
    ("global_sign_out", {}),
    ("change_password", {"PreviousPassword": "a", "ProposedPassword": "N3w-passw0rd"}),
    ("update_user_attributes", {"UserAttributes": []}),
    ("delete_user_attributes", {"UserAttributeNames": ["given_name"]}),
    ("get_user_attribute_verification_code", {"AttributeName": "email"}),
    ("verify_user_attribute", {"AttributeName": "email", "Code": "123456"}),
    ("set_user_mfa_preference", {}),
    ("set_user_settings", {"MFAOptions": []}),
    ("get_user_auth_factors", {}),
    ("associate_software_token", {}),
    ("verify_software_token", {"UserCode": "123456"}),
    ("start_web_authn_registration", {}),
    ("complete_web_authn_registration", {"Credential": {}}),
    ("list_web_authn_credentials", {}),
    ("delete_web_authn_credential", {"CredentialId": "abc"}),
    ("confirm_device", {"DeviceKey": DEVICE}),
    ("list_devices", {}),
    ("get_device", {"DeviceKey": DEVICE}),
    ("forget_device", {"DeviceKey": DEVICE}),
    ("update_device_status", {"DeviceKey": DEVICE}),
    ("list_user_sessions", {}),
    ("revoke_user_session", {"SessionId": NO_SESSION}),
]


@pytest.mark.parametrize(
    ("operation", "parameters"), ACCESS_TOKEN_OPERATIONS, ids=[name for name, _ in ACCESS_TOKEN_OPERATIONS]
)
def test_a_token_of_a_reused_family_is_refused_by_every_operation(
    idp: Any, operation: str, parameters: dict[str, Any]
) -> None:
    pool = with_ann(a_pool(idp, **ROTATING))
    first = pool.tokens()
    second = pool.rotate(first)
    with refused("RefreshTokenReuseException"):
        pool.rotate(first)

    for tokens in (first, second):
        with refused("NotAuthorizedException", REVOKED):
            getattr(idp, operation)(AccessToken=tokens["AccessToken"], **parameters)
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        pool.rotate(second)


def test_the_list_of_operations_above_is_the_models(idp: Any) -> None:
    model = idp.meta.service_model
    taking = {
        name for name in model.operation_names if "AccessToken" in model.operation_model(name).input_shape.members
    }
    known = {idp.meta.method_to_api_mapping[name] for name, _ in ACCESS_TOKEN_OPERATIONS}

    assert taking - known == set()


def test_a_reused_family_ends_alone(idp: Any) -> None:
    pool = with_ann(a_pool(idp, **ROTATING))
    first, other = pool.tokens(), pool.tokens()
    pool.rotate(first)
    with refused("RefreshTokenReuseException"):
        pool.rotate(first)

    assert pool.rotate(other)
    assert claims_of(other["AccessToken"])["origin_jti"] != claims_of(first["AccessToken"])["origin_jti"]
