"""Signing in through the API: flows, states, challenges, lockout, hidden users, triggers."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from idp.domain.errors import TriggerRefused
from tests.aws.cognito_idp.people import TEMPORARY, Pool, a_client_of, a_pool, claims_of, with_ann
from tests.aws.cognito_idp.pools import NEW_PASSWORD, PASSWORD, an_application
from tests.sdk import refused

if TYPE_CHECKING:
    from tests.fakes import FakeClock, ScriptedTriggers

WRONG = "Incorrect username or password."
LOCKED = "Password attempts exceeded"
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:gate"
HIDING: dict[str, Any] = {"PreventUserExistenceErrors": "ENABLED"}


def fail(pool: Pool, *, times: int, username: str = "ann") -> None:
    for _ in range(times):
        with refused("NotAuthorizedException", WRONG):
            pool.sign_in(username, "wrong")


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool with a client that may use every flow, and Ann."""
    return with_ann(a_pool(idp))


@pytest.fixture
def hiding(idp: Any) -> Pool:
    """The same, whose client hides which users exist."""
    return with_ann(a_pool(idp, **HIDING))


def test_a_right_password_gives_three_tokens(pool: Pool) -> None:
    answer = pool.sign_in()

    assert answer["ChallengeParameters"] == {}
    assert sorted(answer["AuthenticationResult"]) == [
        "AccessToken",
        "ExpiresIn",
        "IdToken",
        "RefreshToken",
        "TokenType",
    ]
    assert (answer["AuthenticationResult"]["ExpiresIn"], answer["AuthenticationResult"]["TokenType"]) == (
        3600,
        "Bearer",
    )


@pytest.mark.parametrize("flow", ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH", "USER_PASSWORD_AUTH"])
def test_an_administrator_signs_a_user_in_by_password(pool: Pool, flow: Any) -> None:
    answer = pool.idp.admin_initiate_auth(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        AuthFlow=flow,
        AuthParameters={"USERNAME": "ann", "PASSWORD": PASSWORD},
    )

    assert claims_of(answer["AuthenticationResult"]["AccessToken"])["username"] == "ann"


@pytest.mark.parametrize("username", ["ann", "nobody"])
@pytest.mark.parametrize("password", ["a" * 4_097, "é" * 5_000])
def test_a_password_longer_than_any_is_a_wrong_one(hiding: Pool, username: str, password: str) -> None:
    with refused("NotAuthorizedException", WRONG):
        hiding.sign_in(username, password)


def test_a_client_of_another_pool_does_not_exist_for_an_administrator(pool: Pool) -> None:
    other = a_pool(pool.idp)
    with refused("ResourceNotFoundException", f"User pool client {other.client_id} does not exist."):
        pool.idp.admin_initiate_auth(
            UserPoolId=pool.pool_id, ClientId=other.client_id, AuthFlow="ADMIN_USER_PASSWORD_AUTH"
        )


def test_a_pool_of_another_account_does_not_exist(pool: Pool, aws: Any) -> None:
    with refused("ResourceNotFoundException", f"User pool {pool.pool_id} does not exist."):
        aws("cognito-idp", key="111111111111").admin_initiate_auth(
            UserPoolId=pool.pool_id, ClientId=pool.client_id, AuthFlow="ADMIN_USER_PASSWORD_AUTH"
        )


def test_an_unknown_client_does_not_exist(idp: Any) -> None:
    with refused("ResourceNotFoundException", "User pool client nobody does not exist."):
        idp.initiate_auth(ClientId="nobody", AuthFlow="USER_PASSWORD_AUTH", AuthParameters={})


@pytest.mark.parametrize(
    ("flow", "sentence"),
    [
        ("USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH flow not enabled for this client"),
        ("USER_SRP_AUTH", "Auth flow not enabled for this client"),
        ("REFRESH_TOKEN", "Auth flow not enabled for this client"),
        ("USER_AUTH", "Auth flow not enabled for this client"),
        ("CUSTOM_AUTH", "CUSTOM_AUTH is not enabled for the client."),
        ("ADMIN_USER_PASSWORD_AUTH", "Initiate Auth method not supported."),
        ("ADMIN_NO_SRP_AUTH", "Initiate Auth method not supported."),
    ],
)
def test_a_flow_that_the_client_does_not_allow_is_refused(idp: Any, flow: str, sentence: str) -> None:
    closed = a_pool(idp, ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"])
    with refused("InvalidParameterException", sentence):
        closed.initiate(flow)


def test_the_admin_flow_must_be_allowed_too(idp: Any) -> None:
    closed = a_pool(idp, ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
    with refused("InvalidParameterException", "Auth flow not enabled for this client"):
        idp.admin_initiate_auth(
            UserPoolId=closed.pool_id, ClientId=closed.client_id, AuthFlow="ADMIN_USER_PASSWORD_AUTH"
        )


def test_custom_sign_in_needs_its_trigger(pool: Pool) -> None:
    with refused("InvalidParameterException", "Custom auth lambda trigger is not configured for the user pool."):
        pool.initiate("CUSTOM_AUTH")


@pytest.mark.parametrize(
    ("flow", "parameters", "missing"),
    [
        ("USER_PASSWORD_AUTH", {}, "USERNAME"),
        ("USER_PASSWORD_AUTH", {"USERNAME": "ann"}, "PASSWORD"),
        ("USER_PASSWORD_AUTH", {"USERNAME": "ann", "PASSWORD": ""}, "PASSWORD"),
        ("USER_SRP_AUTH", {"USERNAME": "ann"}, "SRP_A"),
        ("REFRESH_TOKEN_AUTH", {}, "REFRESH_TOKEN"),
    ],
)
def test_a_missing_parameter_is_named(pool: Pool, flow: Any, parameters: dict[str, str], missing: str) -> None:
    with refused("InvalidParameterException", f"Missing required parameter {missing}"):
        pool.idp.initiate_auth(ClientId=pool.client_id, AuthFlow=flow, AuthParameters=parameters)


def test_a_wrong_password_is_refused(pool: Pool) -> None:
    with refused("NotAuthorizedException", WRONG):
        pool.sign_in(password="wrong")


def test_an_alias_signs_in_and_the_tokens_name_the_user(idp: Any) -> None:
    pool = a_pool(idp, settings={"UsernameAttributes": ["email"]})
    sub = pool.sign_up("ann@example.com")

    assert claims_of(pool.tokens("ann@example.com")["AccessToken"])["username"] == sub


def test_an_unknown_user_is_told_so_by_a_client_that_does_not_hide_users(pool: Pool) -> None:
    with refused("UserNotFoundException", "User does not exist."):
        pool.sign_in("bob")


def test_an_unknown_user_is_a_wrong_password_for_a_client_that_hides_users(hiding: Pool) -> None:
    with refused("NotAuthorizedException", WRONG):
        hiding.sign_in("bob")


def test_an_unconfirmed_user_is_told_to_confirm_after_the_right_password(idp: Any) -> None:
    pool = a_pool(idp)
    idp.sign_up(ClientId=pool.client_id, **an_application("ann"))

    with refused("UserNotConfirmedException", "User is not confirmed."):
        pool.sign_in()
    with refused("NotAuthorizedException", WRONG):
        pool.sign_in(password="wrong")


def test_a_disabled_user_is_told_so_after_the_right_password(pool: Pool) -> None:
    pool.idp.admin_disable_user(UserPoolId=pool.pool_id, Username="ann")

    with refused("NotAuthorizedException", "User is disabled."):
        pool.sign_in()
    with refused("NotAuthorizedException", WRONG):
        pool.sign_in(password="wrong")


def test_a_user_whose_password_was_reset_must_set_a_new_one(pool: Pool) -> None:
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.pool_id, Username="ann", UserAttributes=[{"Name": "email_verified", "Value": "true"}]
    )
    pool.idp.admin_reset_user_password(UserPoolId=pool.pool_id, Username="ann")

    with refused("PasswordResetRequiredException", "Password reset required for the user"):
        pool.sign_in()


# SECRET_HASH


def test_a_secret_client_signs_in_with_its_hash(idp: Any) -> None:
    secret = with_ann(a_pool(idp, GenerateSecret=True))

    assert secret.tokens()["TokenType"] == "Bearer"


def test_a_secret_client_without_its_hash_is_refused(idp: Any) -> None:
    secret = with_ann(a_pool(idp, GenerateSecret=True))
    sentence = f"Client {secret.client_id} is configured with secret but SECRET_HASH was not received"
    with refused("NotAuthorizedException", sentence):
        idp.initiate_auth(
            ClientId=secret.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ann", "PASSWORD": PASSWORD},
        )


@pytest.mark.parametrize("client", [{"GenerateSecret": True}, {}], ids=["secret", "public"])
def test_a_wrong_secret_hash_is_refused(idp: Any, client: dict[str, Any]) -> None:
    pool = with_ann(a_pool(idp, **client))
    with refused("NotAuthorizedException", f"Unable to verify secret hash for client {pool.client_id}"):
        idp.initiate_auth(
            ClientId=pool.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ann", "PASSWORD": PASSWORD, "SECRET_HASH": "d3Jvbmc="},
        )


# SRP


@pytest.mark.usefixtures("real_time")
def test_an_independent_srp_client_signs_in(pool: Pool) -> None:
    assert claims_of(pool.srp().answer()["AuthenticationResult"]["IdToken"])["cognito:username"] == "ann"


@pytest.mark.usefixtures("real_time")
def test_an_independent_srp_client_with_a_secret_signs_in(idp: Any) -> None:
    assert with_ann(a_pool(idp, GenerateSecret=True)).srp().answer()["AuthenticationResult"]


@pytest.mark.usefixtures("real_time")
def test_srp_works_with_the_name_that_the_user_did_not_choose(idp: Any) -> None:
    pool = a_pool(idp, settings={"UsernameAttributes": ["email"]})
    sub = pool.sign_up("ann@example.com")
    exchange = pool.srp("ann@example.com")

    assert exchange.asked["ChallengeParameters"]["USER_ID_FOR_SRP"] == sub
    assert exchange.answer()["AuthenticationResult"]


@pytest.mark.usefixtures("real_time")
def test_srp_asks_without_a_session(pool: Pool) -> None:
    asked = pool.srp().asked

    assert "Session" not in asked
    assert sorted(asked["ChallengeParameters"]) == ["SALT", "SECRET_BLOCK", "SRP_B", "USERNAME", "USER_ID_FOR_SRP"]


@pytest.mark.usefixtures("real_time")
def test_srp_with_a_wrong_password_is_refused(pool: Pool) -> None:
    with refused("NotAuthorizedException", WRONG):
        pool.srp(password="wrong").answer()


@pytest.mark.usefixtures("real_time")
def test_srp_follows_a_changed_password(pool: Pool) -> None:
    pool.idp.admin_set_user_password(UserPoolId=pool.pool_id, Username="ann", Password=NEW_PASSWORD, Permanent=True)

    assert pool.srp(password=NEW_PASSWORD).answer()["AuthenticationResult"]


@pytest.mark.usefixtures("real_time")
def test_srp_with_a_late_answer_is_refused(pool: Pool, clock: FakeClock) -> None:
    exchange = pool.srp()
    clock.advance(timedelta(minutes=5, seconds=1))
    with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
        exchange.answer()


@pytest.mark.usefixtures("real_time")
@pytest.mark.parametrize("minutes", [-6, 6])
def test_srp_with_a_timestamp_far_from_now_is_refused(pool: Pool, clock: FakeClock, minutes: int) -> None:
    clock.advance(timedelta(minutes=minutes))
    with refused("NotAuthorizedException", WRONG):
        pool.srp().answer()


@pytest.mark.parametrize("share", ["0", "zz", "-1"])
def test_srp_with_a_share_that_is_none_is_refused(pool: Pool, share: str) -> None:
    with refused("InvalidParameterException", "Invalid SRP_A."):
        pool.initiate("USER_SRP_AUTH", SRP_A=share)


def test_srp_for_an_unknown_user_is_refused_by_a_client_that_does_not_hide_users(pool: Pool) -> None:
    with refused("UserNotFoundException", "User does not exist."):
        pool.initiate("USER_SRP_AUTH", "bob", SRP_A="2")


@pytest.mark.usefixtures("real_time")
def test_srp_for_an_unknown_user_looks_like_any_and_fails_at_the_verifier(hiding: Pool) -> None:
    exchange = hiding.srp("bob")

    assert sorted(exchange.asked["ChallengeParameters"]) == sorted(hiding.srp().asked["ChallengeParameters"])
    with refused("NotAuthorizedException", WRONG):
        exchange.answer()


def test_srp_for_an_unknown_user_says_the_same_salt_and_name_each_time(hiding: Pool) -> None:
    once, twice, other = (
        hiding.initiate("USER_SRP_AUTH", name, SRP_A="2")["ChallengeParameters"] for name in ("bob", "bob", "eve")
    )

    assert (once["SALT"], once["USER_ID_FOR_SRP"]) == (twice["SALT"], twice["USER_ID_FOR_SRP"])
    assert once["SRP_B"] != twice["SRP_B"]
    assert (once["SALT"], once["USER_ID_FOR_SRP"]) != (other["SALT"], other["USER_ID_FOR_SRP"])
    assert str(uuid.UUID(once["USER_ID_FOR_SRP"])) == once["USER_ID_FOR_SRP"]


@pytest.mark.parametrize("name", ["b", "bob", "bob@a-company-with-a-long-name.example.com"])
def test_the_length_of_a_secret_block_does_not_tell_somebody_from_nobody(hiding: Pool, name: str) -> None:
    nobody, somebody = (
        hiding.initiate("USER_SRP_AUTH", each, SRP_A="2" * 768)["ChallengeParameters"] for each in (name, "ann")
    )

    assert len(nobody["SECRET_BLOCK"]) == len(somebody["SECRET_BLOCK"])


# NEW_PASSWORD_REQUIRED


def test_a_temporary_password_must_be_changed_and_then_signs_in(pool: Pool) -> None:
    pool.give_temporary_password()
    asked = pool.sign_in(password=TEMPORARY)

    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert asked["ChallengeParameters"]["USER_ID_FOR_SRP"] == "ann"
    assert json.loads(asked["ChallengeParameters"]["requiredAttributes"]) == []
    assert json.loads(asked["ChallengeParameters"]["userAttributes"])["email"] == "ann@example.com"
    assert pool.answer(asked, NEW_PASSWORD=NEW_PASSWORD)["AuthenticationResult"]
    assert pool.tokens(password=NEW_PASSWORD)


@pytest.mark.usefixtures("real_time")
def test_srp_comes_to_the_new_password_too(pool: Pool) -> None:
    pool.give_temporary_password()
    asked = pool.srp(password=TEMPORARY).answer()

    assert pool.answer(asked, NEW_PASSWORD=NEW_PASSWORD)["AuthenticationResult"]
    assert pool.srp(password=NEW_PASSWORD).answer()["AuthenticationResult"]


def test_a_session_string_has_the_length_that_the_model_allows(pool: Pool) -> None:
    pool.give_temporary_password()

    assert 20 <= len(pool.sign_in(password=TEMPORARY)["Session"]) <= 2048


def test_a_new_password_that_breaks_the_policy_leaves_the_session_good(pool: Pool) -> None:
    pool.give_temporary_password()
    asked = pool.sign_in(password=TEMPORARY)
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        pool.answer(asked, NEW_PASSWORD="short")

    assert pool.answer(asked, NEW_PASSWORD=NEW_PASSWORD)["AuthenticationResult"]


def test_a_required_attribute_must_be_given_with_the_new_password(idp: Any) -> None:
    pool = a_pool(idp, settings={"Schema": [{"Name": "given_name", "Required": True}]})
    idp.admin_create_user(UserPoolId=pool.pool_id, Username="ann", TemporaryPassword=TEMPORARY)
    asked = pool.sign_in(password=TEMPORARY)

    assert json.loads(asked["ChallengeParameters"]["requiredAttributes"]) == ["userAttributes.given_name"]
    with refused("InvalidParameterException", "Invalid attributes given, given_name is missing"):
        pool.answer(asked, NEW_PASSWORD=NEW_PASSWORD)
    tokens = pool.answer(asked, NEW_PASSWORD=NEW_PASSWORD, **{"userAttributes.given_name": "Ann"})
    assert claims_of(tokens["AuthenticationResult"]["IdToken"])["given_name"] == "Ann"


def test_an_email_that_is_there_cannot_be_given_again(pool: Pool) -> None:
    pool.give_temporary_password()
    asked = pool.sign_in(password=TEMPORARY)
    with refused("NotAuthorizedException", "Cannot modify an already provided email"):
        pool.answer(asked, NEW_PASSWORD=NEW_PASSWORD, **{"userAttributes.email": "eve@example.com"})


def test_an_attribute_that_the_client_may_not_write_is_refused_with_the_new_password(pool: Pool) -> None:
    pool.give_temporary_password()
    asked = pool.sign_in(password=TEMPORARY)
    with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
        pool.answer(asked, NEW_PASSWORD=NEW_PASSWORD, **{"userAttributes.email_verified": "true"})


def test_an_attribute_that_the_pool_does_not_have_is_refused_with_the_new_password(pool: Pool) -> None:
    pool.give_temporary_password()
    asked = pool.sign_in(password=TEMPORARY)
    with refused("InvalidParameterException"):
        pool.answer(asked, NEW_PASSWORD=NEW_PASSWORD, **{"userAttributes.custom:odd": "1"})


def test_a_preferred_username_given_with_the_new_password_signs_in(idp: Any) -> None:
    pool = with_ann(a_pool(idp, settings={"AliasAttributes": ["preferred_username"]}))
    pool.give_temporary_password()
    asked = pool.sign_in(password=TEMPORARY)
    pool.answer(asked, NEW_PASSWORD=NEW_PASSWORD, **{"userAttributes.preferred_username": "annie"})

    assert claims_of(pool.tokens("annie", NEW_PASSWORD)["AccessToken"])["username"] == "ann"


def test_a_temporary_password_ends(pool: Pool, clock: FakeClock) -> None:
    pool.give_temporary_password()
    clock.advance(timedelta(days=7))
    sentence = "Temporary password has expired and must be reset by an administrator."
    with refused("NotAuthorizedException", sentence):
        pool.sign_in(password=TEMPORARY)


def test_a_session_ends_after_the_time_that_the_client_sets(pool: Pool, clock: FakeClock) -> None:
    pool.give_temporary_password()
    asked = pool.sign_in(password=TEMPORARY)
    clock.advance(timedelta(minutes=3))
    with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
        pool.answer(asked, NEW_PASSWORD=NEW_PASSWORD)


def test_the_admin_form_answers_what_the_admin_form_began(pool: Pool) -> None:
    pool.give_temporary_password()
    asked = pool.idp.admin_initiate_auth(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ann", "PASSWORD": TEMPORARY},
    )
    answer = pool.idp.admin_respond_to_auth_challenge(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ann", "NEW_PASSWORD": NEW_PASSWORD},
    )

    assert answer["AuthenticationResult"]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"ChallengeResponses": {"NEW_PASSWORD": NEW_PASSWORD}}, "USERNAME"),
        ({"ChallengeResponses": {"USERNAME": "ann"}}, "NEW_PASSWORD"),
        ({"ChallengeResponses": {"USERNAME": "ann", "NEW_PASSWORD": NEW_PASSWORD}}, "Session"),
    ],
    ids=["username", "answer", "session"],
)
def test_a_missing_response_is_named(pool: Pool, given: dict[str, Any], missing: str) -> None:
    with refused("InvalidParameterException", f"Missing required parameter {missing}"):
        pool.idp.respond_to_auth_challenge(ClientId=pool.client_id, ChallengeName="NEW_PASSWORD_REQUIRED", **given)


# Lockout


def test_five_failures_lock_for_a_second(pool: Pool, clock: FakeClock) -> None:
    fail(pool, times=5)
    with refused("NotAuthorizedException", LOCKED):
        pool.sign_in()
    clock.advance(1)

    assert pool.tokens()


def test_the_lock_doubles_with_each_further_failure(pool: Pool, clock: FakeClock) -> None:
    fail(pool, times=5)
    clock.advance(1)
    fail(pool, times=1)
    clock.advance(1.9)
    with refused("NotAuthorizedException", LOCKED):
        pool.sign_in()


def test_attempts_during_a_lock_do_not_prolong_it(pool: Pool, clock: FakeClock) -> None:
    fail(pool, times=5)
    clock.advance(0.5)
    with refused("NotAuthorizedException", LOCKED):
        pool.sign_in(password="wrong")
    clock.advance(0.5)

    assert pool.tokens()


def test_a_good_sign_in_forgets_the_failures(pool: Pool) -> None:
    fail(pool, times=4)
    pool.sign_in()
    fail(pool, times=4)

    assert pool.tokens()


def test_fifteen_quiet_minutes_forget_the_failures(pool: Pool, clock: FakeClock) -> None:
    fail(pool, times=4)
    clock.advance(timedelta(minutes=15))
    fail(pool, times=4)

    assert pool.tokens()


def test_failures_by_alias_count_for_the_user(idp: Any) -> None:
    pool = a_pool(idp, settings={"UsernameAttributes": ["email"]})
    sub = pool.sign_up("ann@example.com")
    fail(pool, times=5, username="ann@example.com")
    with refused("NotAuthorizedException", LOCKED):
        pool.sign_in(sub)


def test_a_name_that_nobody_has_is_locked_alike(hiding: Pool) -> None:
    fail(hiding, times=5, username="bob")
    with refused("NotAuthorizedException", LOCKED):
        hiding.sign_in("bob")


def test_failures_of_one_user_do_not_lock_another(pool: Pool) -> None:
    pool.sign_up("bob")
    fail(pool, times=5, username="bob")

    assert pool.tokens()


@pytest.mark.usefixtures("real_time")
def test_srp_failures_count_and_a_lock_stops_srp_too(pool: Pool) -> None:
    exchange = pool.srp()
    fail(pool, times=4)
    with refused("NotAuthorizedException", WRONG):
        pool.srp(password="wrong").answer()
    with refused("NotAuthorizedException", LOCKED):
        pool.srp()
    with refused("NotAuthorizedException", LOCKED):
        exchange.answer()


# Triggers


def triggered(pool: Pool, *names: str) -> None:
    pool.idp.update_user_pool(UserPoolId=pool.pool_id, LambdaConfig=dict.fromkeys(names, FUNCTION))


def refusing(_event: object) -> Any:
    raise TriggerRefused("PreAuthentication failed with error not today.")


def test_triggers_run_in_order_around_a_sign_in(pool: Pool, triggers: ScriptedTriggers) -> None:
    triggered(pool, "PreAuthentication", "PostAuthentication", "PreTokenGeneration")
    pool.sign_in(ClientMetadata={"device": "phone"})

    assert [call.source for call in triggers.calls] == [
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
    ]
    assert triggers.calls[0].event["request"]["validationData"] == {"device": "phone"}
    assert triggers.calls[0].event["callerContext"]["clientId"] == pool.client_id
    assert triggers.calls[1].event["request"]["newDeviceUsed"] is False
    assert ["clientMetadata" in call.event["request"] for call in triggers.calls] == [False, False, False]


def test_a_refusal_before_the_password_refuses_the_right_one(pool: Pool, triggers: ScriptedTriggers) -> None:
    triggered(pool, "PreAuthentication")
    triggers.on("PreAuthentication", refusing)
    with refused("UserLambdaValidationException", "PreAuthentication failed with error not today."):
        pool.sign_in()


def test_a_wrong_password_never_reaches_the_triggers_after_it(pool: Pool, triggers: ScriptedTriggers) -> None:
    triggered(pool, "PreAuthentication", "PostAuthentication", "PreTokenGeneration")
    fail(pool, times=1)

    assert [call.name for call in triggers.calls] == ["PreAuthentication"]


def test_the_trigger_hears_of_nobody_only_where_users_are_hidden(hiding: Pool, triggers: ScriptedTriggers) -> None:
    triggered(hiding, "PreAuthentication")
    fail(hiding, times=1, username="bob")
    fail(hiding, times=1)

    assert [call.event["request"]["userNotFound"] for call in triggers.calls] == [True, False]
    assert triggers.calls[0].event["userName"] == "bob"


def test_a_new_password_brings_its_metadata_to_the_later_triggers(pool: Pool, triggers: ScriptedTriggers) -> None:
    pool.give_temporary_password()
    triggered(pool, "PostAuthentication", "PreTokenGeneration")
    asked = pool.sign_in(password=TEMPORARY)
    pool.idp.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ann", "NEW_PASSWORD": NEW_PASSWORD},
        ClientMetadata={"step": "two"},
    )

    assert [call.source for call in triggers.calls] == [
        "PostAuthentication_Authentication",
        "TokenGeneration_NewPasswordChallenge",
    ]
    assert [call.event["request"]["clientMetadata"] for call in triggers.calls] == [{"step": "two"}] * 2


def test_both_clients_of_a_pool_sign_its_users_in(pool: Pool) -> None:
    other = a_client_of(pool.idp, pool.pool_id)

    assert claims_of(other.tokens()["AccessToken"])["client_id"] == other.client_id
