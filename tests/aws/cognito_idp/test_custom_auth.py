"""Custom sign-in: the pool's functions decide, ask and judge."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pycognito.aws_srp import AWSSRP

from idp.domain.errors import TriggerFailed, TriggerRefused
from tests.aws.cognito_idp.custom_auth import (
    CONFIG,
    FUNCTION,
    WORD,
    a_custom_pool,
    answering,
    requests_of,
    script,
)
from tests.aws.cognito_idp.mfa_users import PHONE, SMS, prefer
from tests.aws.cognito_idp.people import Pool, a_client_of, a_pool, claims_of, with_ann
from tests.aws.cognito_idp.pools import NEW_PASSWORD, PASSWORD
from tests.sdk import refused

if TYPE_CHECKING:
    from tests.conftest import Outbox
    from tests.fakes import FakeClock, ScriptedTriggers

WRONG = "Incorrect username or password."
NOT_CONFIGURED = "Custom auth lambda trigger is not configured for the user pool."
UNUSABLE = "Unrecognizable lambda output"
HIDING: dict[str, Any] = {"PreventUserExistenceErrors": "ENABLED"}
RIGHT_WORD = {"challengeName": "CUSTOM_CHALLENGE", "challengeResult": True, "challengeMetadata": "WORD-0"}


@pytest.fixture(autouse=True)
def scripted(triggers: ScriptedTriggers) -> None:
    """The functions ask for one word."""
    script(triggers)


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool with the three functions, and Ann."""
    return a_custom_pool(idp)


@pytest.fixture
def hiding(idp: Any) -> Pool:
    """The same, whose client hides which users exist."""
    return a_custom_pool(idp, **HIDING)


def begin(pool: Pool, username: str = "ann", **parameters: str) -> Any:
    return pool.initiate("CUSTOM_AUTH", username, **parameters)


def begin_with_password(pool: Pool, password: str = PASSWORD, username: str = "ann") -> Any:
    """Begin by SRP, answer with the password by an independent client, and return what comes then."""
    helper = AWSSRP(username, password, pool.pool_id, pool.client_id, client=pool.idp)
    asked = begin(pool, username, CHALLENGE_NAME="SRP_A", SRP_A=helper.get_auth_params()["SRP_A"])
    return pool.idp.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses=helper.process_challenge(asked["ChallengeParameters"], helper.get_auth_params()),
    )


# Without a password


def test_the_right_word_gives_tokens(pool: Pool) -> None:
    asked = begin(pool)
    answer = pool.answer(asked, ANSWER=WORD)

    assert asked["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert asked["ChallengeParameters"] == {"USERNAME": "ann", "hint": "to the cave"}
    assert claims_of(answer["AuthenticationResult"]["AccessToken"])["username"] == "ann"
    assert answer["ChallengeParameters"] == {}


def test_private_parameters_are_not_readable_in_the_answer(pool: Pool) -> None:
    assert WORD not in str(begin(pool))


def test_a_wrong_word_is_asked_again_with_a_new_session_until_the_function_has_enough(pool: Pool) -> None:
    first = begin(pool)
    second = pool.answer(first, ANSWER="please")
    third = pool.answer(second, ANSWER="pretty please")

    assert len({first["Session"], second["Session"], third["Session"]}) == 3
    with refused("NotAuthorizedException", WRONG):
        pool.answer(third, ANSWER="now!")


def test_a_word_may_be_right_at_the_second_attempt(pool: Pool) -> None:
    again = pool.answer(begin(pool), ANSWER="please")

    assert "AuthenticationResult" in pool.answer(again, ANSWER=WORD)


def test_an_administrator_begins_and_answers_too(pool: Pool) -> None:
    asked = pool.idp.admin_initiate_auth(
        UserPoolId=pool.pool_id, ClientId=pool.client_id, AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": "ann"}
    )
    answer = pool.idp.admin_respond_to_auth_challenge(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        ChallengeName="CUSTOM_CHALLENGE",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ann", "ANSWER": WORD},
    )

    assert "AuthenticationResult" in answer


def test_a_function_may_issue_tokens_at_once(pool: Pool, triggers: ScriptedTriggers) -> None:
    triggers.on("DefineAuthChallenge", answering(lambda _: {"issueTokens": True}))

    assert "AuthenticationResult" in begin(pool)


def test_a_function_may_fail_at_once(pool: Pool, triggers: ScriptedTriggers) -> None:
    triggers.on("DefineAuthChallenge", answering(lambda _: {"failAuthentication": True, "issueTokens": True}))

    with refused("NotAuthorizedException", WRONG):
        begin(pool)


def test_an_answer_must_be_there(pool: Pool) -> None:
    with refused("InvalidParameterException", "Missing required parameter ANSWER"):
        pool.answer(begin(pool))


# Events


def test_the_functions_see_who_signs_in_and_what_was_answered_so_far(pool: Pool, triggers: ScriptedTriggers) -> None:
    pool.answer(pool.answer(begin(pool), ANSWER="please"), ANSWER=WORD)

    sessions = [each["session"] for each in requests_of(triggers, "DefineAuthChallenge")]
    assert sessions == [
        [],
        [{**RIGHT_WORD, "challengeResult": False}],
        [{**RIGHT_WORD, "challengeResult": False}, {**RIGHT_WORD, "challengeMetadata": "WORD-1"}],
    ]
    created = requests_of(triggers, "CreateAuthChallenge")
    assert [(each["challengeName"], each["session"]) for each in created] == [
        ("CUSTOM_CHALLENGE", sessions[0]),
        ("CUSTOM_CHALLENGE", sessions[1]),
    ]
    judged = requests_of(triggers, "VerifyAuthChallengeResponse")[0]
    assert judged.pop("userAttributes")["email"] == "ann@example.com"
    assert judged == {"privateChallengeParameters": {"word": WORD}, "challengeAnswer": "please"}


@pytest.mark.parametrize(
    ("name", "source", "response"),
    [
        (
            "DefineAuthChallenge",
            "DefineAuthChallenge_Authentication",
            {"challengeName": None, "issueTokens": None, "failAuthentication": None},
        ),
        (
            "CreateAuthChallenge",
            "CreateAuthChallenge_Authentication",
            {"publicChallengeParameters": None, "privateChallengeParameters": None, "challengeMetadata": None},
        ),
        (
            "VerifyAuthChallengeResponse",
            "VerifyAuthChallengeResponse_Authentication",
            {"answerCorrect": None},
        ),
    ],
)
def test_each_function_finds_what_it_may_answer(
    pool: Pool, triggers: ScriptedTriggers, name: str, source: str, response: Any
) -> None:
    pool.answer(begin(pool), ANSWER=WORD)

    call = next(call for call in triggers.calls if call.name == name)
    assert (call.event["triggerSource"], call.event["response"]) == (source, response)


def test_client_metadata_reaches_the_functions_from_answers_alone(pool: Pool, triggers: ScriptedTriggers) -> None:
    asked = pool.idp.initiate_auth(
        ClientId=pool.client_id,
        AuthFlow="CUSTOM_AUTH",
        AuthParameters={"USERNAME": "ann"},
        ClientMetadata={"from": "begin"},
    )
    pool.idp.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName="CUSTOM_CHALLENGE",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ann", "ANSWER": "please"},
        ClientMetadata={"from": "answer"},
    )

    heard = {"clientMetadata": {"from": "answer"}}
    assert [each.get("clientMetadata") for each in requests_of(triggers, "DefineAuthChallenge")] == [
        None,
        heard["clientMetadata"],
    ]
    assert requests_of(triggers, "VerifyAuthChallengeResponse")[0].items() >= heard.items()
    assert requests_of(triggers, "CreateAuthChallenge")[1].items() >= heard.items()


def test_functions_run_after_pre_authentication_and_before_post_authentication(
    pool: Pool, triggers: ScriptedTriggers
) -> None:
    names = {**CONFIG, "PreAuthentication": FUNCTION, "PostAuthentication": FUNCTION, "PreTokenGeneration": FUNCTION}
    pool.idp.update_user_pool(UserPoolId=pool.pool_id, LambdaConfig=names)
    pool.answer(begin(pool), ANSWER=WORD)

    assert [call.name for call in triggers.calls] == [
        "PreAuthentication",
        "DefineAuthChallenge",
        "CreateAuthChallenge",
        "VerifyAuthChallengeResponse",
        "DefineAuthChallenge",
        "PostAuthentication",
        "PreTokenGeneration",
    ]


# Functions that fail, or answer nonsense


@pytest.mark.parametrize("name", ["DefineAuthChallenge", "CreateAuthChallenge"])
def test_a_missing_function_is_told(idp: Any, name: str) -> None:
    config = {other: FUNCTION for other in CONFIG if other != name}
    pool = a_custom_pool(idp, settings={"LambdaConfig": config})

    with refused("InvalidParameterException", NOT_CONFIGURED):
        begin(pool)


@pytest.mark.parametrize(
    "response",
    [
        {},
        {"issueTokens": "true"},
        {"failAuthentication": 1},
        {"challengeName": "SMS_MFA"},
        {"challengeName": "PASSWORD_VERIFIER"},
        {"challengeName": 7},
    ],
)
def test_a_decision_that_says_nothing_usable_is_refused(pool: Pool, triggers: ScriptedTriggers, response: Any) -> None:
    triggers.on("DefineAuthChallenge", answering(lambda _: response))

    with refused("InvalidLambdaResponseException", UNUSABLE):
        begin(pool)


@pytest.mark.parametrize(
    "response",
    [
        {"publicChallengeParameters": {"count": 1}},
        {"privateChallengeParameters": {"word": None}},
        {"publicChallengeParameters": ["word"]},
        {"challengeMetadata": {}},
    ],
)
def test_a_challenge_that_is_not_made_of_texts_is_refused(
    pool: Pool, triggers: ScriptedTriggers, response: Any
) -> None:
    triggers.on("CreateAuthChallenge", answering(lambda _: response))

    with refused("InvalidLambdaResponseException", UNUSABLE):
        begin(pool)


def test_a_judgement_that_is_no_flag_is_refused(pool: Pool, triggers: ScriptedTriggers) -> None:
    triggers.on("VerifyAuthChallengeResponse", answering(lambda _: {"answerCorrect": "yes"}))

    with refused("InvalidLambdaResponseException", UNUSABLE):
        pool.answer(begin(pool), ANSWER=WORD)


def test_no_judgement_is_a_wrong_answer(pool: Pool, triggers: ScriptedTriggers) -> None:
    triggers.on("VerifyAuthChallengeResponse", answering(lambda _: {}))

    assert pool.answer(begin(pool), ANSWER=WORD)["ChallengeName"] == "CUSTOM_CHALLENGE"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TriggerRefused("VerifyAuthChallengeResponse failed with error no."), "UserLambdaValidationException"),
        (TriggerFailed("VerifyAuthChallengeResponse invocation failed."), "UnexpectedLambdaException"),
    ],
)
def test_a_judge_that_fails_has_still_used_up_the_question(
    pool: Pool, triggers: ScriptedTriggers, error: Exception, code: str
) -> None:
    def fail(_: Any) -> Any:
        raise error

    asked = begin(pool)
    triggers.on("VerifyAuthChallengeResponse", fail)
    with refused(code, str(error)):
        pool.answer(asked, ANSWER="please")

    script(triggers)
    with refused("NotAuthorizedException", "Invalid session for the user, session can only be used once."):
        pool.answer(asked, ANSWER=WORD)


# Sessions


def test_a_question_is_answered_once_even_wrongly(pool: Pool, triggers: ScriptedTriggers) -> None:
    asked = begin(pool)
    pool.answer(asked, ANSWER="please")

    with refused("NotAuthorizedException", "Invalid session for the user, session can only be used once."):
        pool.answer(asked, ANSWER=WORD)
    assert len(requests_of(triggers, "VerifyAuthChallengeResponse")) == 1


def test_a_question_is_answered_in_time(pool: Pool, clock: FakeClock) -> None:
    asked = begin(pool)
    clock.advance(timedelta(minutes=3))

    with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
        pool.answer(asked, ANSWER=WORD)


def test_a_question_is_answered_at_the_client_that_asked_it(pool: Pool) -> None:
    other = a_client_of(pool.idp, pool.pool_id)

    with refused("NotAuthorizedException", "Invalid session for the user."):
        other.answer(begin(pool), ANSWER=WORD)


def test_a_question_is_answered_by_the_user_it_was_put_to(pool: Pool) -> None:
    pool.sign_up("bob")

    with refused("NotAuthorizedException", "Invalid session for the user."):
        pool.answer(begin(pool), username="bob", ANSWER=WORD)


def test_a_question_is_not_another_challenge(pool: Pool) -> None:
    asked = begin(pool)

    with refused("NotAuthorizedException", "Invalid session for the user."):
        pool.answer({**asked, "ChallengeName": "NEW_PASSWORD_REQUIRED"}, NEW_PASSWORD=NEW_PASSWORD)


def test_the_session_of_a_large_challenge_is_short_and_works_once(pool: Pool, triggers: ScriptedTriggers) -> None:
    large = {"privateChallengeParameters": {"word": WORD, "keys": "k" * 20_000}, "challengeMetadata": "m" * 5_000}
    triggers.on("CreateAuthChallenge", answering(lambda _: large))
    asked = begin(pool)

    assert len(asked["Session"]) <= 2048
    assert "AuthenticationResult" in pool.answer(asked, ANSWER=WORD)
    assert requests_of(triggers, "DefineAuthChallenge")[1]["session"][0]["challengeMetadata"] == "m" * 5_000
    with refused("NotAuthorizedException", "Invalid session for the user, session can only be used once."):
        pool.answer(asked, ANSWER=WORD)


# With a password first


@pytest.mark.usefixtures("real_time")
def test_a_password_may_come_first(pool: Pool, triggers: ScriptedTriggers) -> None:
    asked = begin_with_password(pool)
    answer = pool.answer(asked, ANSWER=WORD)

    srp_a = {"challengeName": "SRP_A", "challengeResult": True, "challengeMetadata": None}
    password = {**srp_a, "challengeName": "PASSWORD_VERIFIER"}
    assert [each["session"] for each in requests_of(triggers, "DefineAuthChallenge")] == [
        [srp_a],
        [srp_a, password],
        [srp_a, password, {**RIGHT_WORD, "challengeMetadata": "WORD-2"}],
    ]
    assert "AuthenticationResult" in answer


@pytest.mark.usefixtures("real_time")
def test_a_wrong_password_ends_it_without_asking_the_function(pool: Pool, triggers: ScriptedTriggers) -> None:
    with refused("NotAuthorizedException", WRONG):
        begin_with_password(pool, "wrong")

    assert len(requests_of(triggers, "DefineAuthChallenge")) == 1


@pytest.mark.usefixtures("real_time")
def test_wrong_passwords_of_custom_sign_ins_lock_the_user(pool: Pool) -> None:
    for _ in range(5):
        with refused("NotAuthorizedException", WRONG):
            begin_with_password(pool, "wrong")

    with refused("NotAuthorizedException", "Password attempts exceeded"):
        begin_with_password(pool)


@pytest.mark.usefixtures("real_time")
def test_mfa_comes_after_the_password(pool: Pool, triggers: ScriptedTriggers, outbox: Outbox) -> None:
    pool.idp.set_user_pool_mfa_config(UserPoolId=pool.pool_id, MfaConfiguration="OPTIONAL", **SMS)
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.pool_id, Username="ann", UserAttributes=[{"Name": "phone_number", "Value": PHONE}]
    )
    prefer(pool, SMS={"Enabled": True})

    factor = begin_with_password(pool)
    asked = pool.answer(factor, SMS_MFA_CODE=outbox.last_code_to(PHONE))

    assert (factor["ChallengeName"], asked["ChallengeName"]) == ("SMS_MFA", "CUSTOM_CHALLENGE")
    assert [each["challengeName"] for each in requests_of(triggers, "DefineAuthChallenge")[-1]["session"]] == [
        "SRP_A",
        "PASSWORD_VERIFIER",
        "SMS_MFA",
    ]
    assert "AuthenticationResult" in pool.answer(asked, ANSWER=WORD)


def test_without_a_password_the_functions_stand_for_every_factor(pool: Pool) -> None:
    pool.idp.set_user_pool_mfa_config(UserPoolId=pool.pool_id, MfaConfiguration="ON", **SMS)

    assert "AuthenticationResult" in pool.answer(begin(pool), ANSWER=WORD)


@pytest.mark.usefixtures("real_time")
def test_a_temporary_password_is_replaced_before_the_function_is_asked(pool: Pool, triggers: ScriptedTriggers) -> None:
    pool.give_temporary_password()
    asked = begin_with_password(pool, "Temp0rary!")
    then = pool.answer(asked, NEW_PASSWORD=NEW_PASSWORD)

    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert len(requests_of(triggers, "DefineAuthChallenge")) == 2
    assert "AuthenticationResult" in pool.answer(then, ANSWER=WORD)


def test_srp_needs_a_share(pool: Pool) -> None:
    with refused("InvalidParameterException", "Missing required parameter SRP_A"):
        begin(pool, CHALLENGE_NAME="SRP_A")


def test_the_password_may_be_answered_by_the_session_as_by_the_secret_block(pool: Pool) -> None:
    asked = begin(pool, CHALLENGE_NAME="SRP_A", SRP_A="abc123")

    assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
    assert len(asked["Session"]) > 20


# Users who may not sign in


def test_only_confirmed_users_begin(pool: Pool) -> None:
    pool.idp.sign_up(ClientId=pool.client_id, Username="bob", Password=PASSWORD)

    with refused("UserNotConfirmedException", "User is not confirmed."):
        begin(pool, "bob")


def test_users_whose_password_is_reset_do_not_begin(pool: Pool) -> None:
    verified = [{"Name": "email_verified", "Value": "true"}]
    pool.idp.admin_update_user_attributes(UserPoolId=pool.pool_id, Username="ann", UserAttributes=verified)
    pool.idp.admin_reset_user_password(UserPoolId=pool.pool_id, Username="ann")

    with refused("PasswordResetRequiredException", "Password reset required for the user"):
        begin(pool)


def test_disabled_users_do_not_begin(pool: Pool) -> None:
    pool.idp.admin_disable_user(UserPoolId=pool.pool_id, Username="ann")

    with refused("NotAuthorizedException", "User is disabled."):
        begin(pool)


def test_a_user_who_is_disabled_meanwhile_gets_no_tokens(pool: Pool) -> None:
    asked = begin(pool)
    pool.idp.admin_disable_user(UserPoolId=pool.pool_id, Username="ann")

    with refused("NotAuthorizedException", "User is disabled."):
        pool.answer(asked, ANSWER=WORD)


def test_a_user_with_a_temporary_password_chooses_their_own_at_the_end(pool: Pool) -> None:
    pool.give_temporary_password()
    then = pool.answer(begin(pool), ANSWER=WORD)

    assert then["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert "AuthenticationResult" in pool.answer(then, NEW_PASSWORD=NEW_PASSWORD)


# Nobody


def test_nobody_is_told_where_clients_do_not_hide_it(pool: Pool) -> None:
    with refused("UserNotFoundException", "User does not exist."):
        begin(pool, "nobody")


def test_the_functions_are_told_of_nobody_and_ask_all_the_same(hiding: Pool, triggers: ScriptedTriggers) -> None:
    asked = begin(hiding, "nobody")
    again = hiding.answer(asked, username="nobody", ANSWER="please")

    assert asked["ChallengeParameters"] == {"USERNAME": "nobody", "hint": "to the cave"}
    assert again["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert {
        (each["userNotFound"], str(each["userAttributes"])) for each in requests_of(triggers, "DefineAuthChallenge")
    } == {(True, "{}")}


def test_somebody_is_told_apart_by_the_functions_alone(hiding: Pool, triggers: ScriptedTriggers) -> None:
    begin(hiding)

    assert requests_of(triggers, "DefineAuthChallenge")[0]["userNotFound"] is False


def test_nobody_gets_tokens_whatever_the_functions_say(hiding: Pool, triggers: ScriptedTriggers) -> None:
    with refused("NotAuthorizedException", WRONG):
        hiding.answer(begin(hiding, "nobody"), username="nobody", ANSWER=WORD)

    triggers.on("DefineAuthChallenge", answering(lambda _: {"issueTokens": True}))
    with refused("NotAuthorizedException", WRONG):
        begin(hiding, "nobody")


def test_a_hiding_client_does_not_tell_a_users_state_before_the_end(hiding: Pool) -> None:
    hiding.idp.admin_disable_user(UserPoolId=hiding.pool_id, Username="ann")
    asked = hiding.answer(begin(hiding), ANSWER="please")

    assert asked["ChallengeName"] == "CUSTOM_CHALLENGE"
    with refused("NotAuthorizedException", "User is disabled."):
        hiding.answer(asked, ANSWER=WORD)


def test_an_unknown_device_does_not_tell_somebody_from_nobody(idp: Any) -> None:
    hiding = a_custom_pool(idp, settings={"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True}}, **HIDING)
    key = {"DEVICE_KEY": "us-east-1_00000000-0000-4000-8000-000000000000"}
    answers = [
        hiding.answer(begin(hiding, name, **key), username=name, ANSWER="please", **key)["ChallengeName"]
        for name in ("ann", "nobody")
    ]

    assert answers == ["CUSTOM_CHALLENGE", "CUSTOM_CHALLENGE"]


def test_somebody_and_nobody_look_alike_where_addresses_are_usernames(idp: Any) -> None:
    settings = {"LambdaConfig": CONFIG, "UsernameAttributes": ["email"]}
    hiding = a_pool(idp, settings=settings, **HIDING)
    sub = hiding.sign_up("ann@example.com")
    shown = [
        begin(hiding, name)["ChallengeParameters"]["USERNAME"]
        for name in ("ann@example.com", "nobody@example.com", "nobody@example.com")
    ]

    assert shown[0] == sub
    assert shown[1] == shown[2]
    assert len(shown[1]) == len(sub)


# Secrets


def test_a_client_with_a_secret_must_prove_it_at_each_step(idp: Any) -> None:
    pool = a_custom_pool(idp, GenerateSecret=True)
    asked = begin(pool)

    with refused("NotAuthorizedException", f"Unable to verify secret hash for client {pool.client_id}"):
        pool.idp.respond_to_auth_challenge(
            ClientId=pool.client_id,
            ChallengeName="CUSTOM_CHALLENGE",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "ann", "ANSWER": WORD, "SECRET_HASH": "bm8="},
        )
    assert "AuthenticationResult" in pool.answer(asked, ANSWER=WORD)


def test_custom_sign_in_is_not_asked_of_clients_without_it(idp: Any) -> None:
    pool = with_ann(a_pool(idp, settings={"LambdaConfig": CONFIG}, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]))

    with refused("InvalidParameterException", "CUSTOM_AUTH is not enabled for the client."):
        begin(pool)
