"""Signing in with a second factor: codes by message, codes of an app, and the choice between them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.aws.cognito_idp.mfa_users import (
    EMAIL,
    MAILBOX,
    PHONE,
    SMS,
    TOTP,
    App,
    a_pool_with_mfa,
    an_app_of_ann,
    prefer,
)
from tests.aws.cognito_idp.people import Pool, a_client_of
from tests.aws.cognito_idp.pools import PASSWORD
from tests.sdk import refused

if TYPE_CHECKING:
    from tests.conftest import Outbox
    from tests.fakes import FakeClock, ScriptedTriggers

WRONG_CODE = "Invalid code or auth state for the user."
WRONG_TOKEN = "Invalid code received for user"
REUSED = "Your software token has already been used once."
INVALID_SESSION = "Invalid session for the user."
SPENT = "Invalid session for the user, session can only be used once."
LOCKED = "Password attempts exceeded"
ON = {"Enabled": True}


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool with all factors, and Ann with both addresses, neither verified."""
    made = a_pool_with_mfa(idp, "OPTIONAL", SMS, TOTP, EMAIL)
    made.sign_up(email=MAILBOX, phone_number=PHONE)
    return made


@pytest.fixture
def texted(pool: Pool) -> Any:
    """Ann, asked for the code of an SMS."""
    prefer(pool, SMS=ON)
    return pool.sign_in()


@pytest.fixture
def authenticator(pool: Pool, clock: FakeClock) -> App:
    """Ann's app, which she has switched on; its next code is due."""
    app = an_app_of_ann(pool, clock)
    prefer(pool, TOTP=ON)
    clock.advance(30)
    return app


def attributes_of_ann(pool: Pool) -> dict[str, str]:
    user = pool.idp.admin_get_user(UserPoolId=pool.pool_id, Username="ann")
    return {each["Name"]: each["Value"] for each in user["UserAttributes"]}


def other_than(code: str) -> str:
    return ("1" if code[0] == "0" else "0") + code[1:]


# Codes by message


def test_a_code_by_sms_completes_the_sign_in_and_verifies_the_number(pool: Pool, texted: Any, outbox: Outbox) -> None:
    assert texted["ChallengeName"] == "SMS_MFA"
    assert texted["ChallengeParameters"] == {
        "CODE_DELIVERY_DELIVERY_MEDIUM": "SMS",
        "CODE_DELIVERY_DESTINATION": "+*******0100",
        "USER_ID_FOR_SRP": "ann",
    }
    code = outbox.last_code_to(PHONE)
    assert len(code) == 6

    done = pool.answer(texted, SMS_MFA_CODE=code)

    assert "AccessToken" in done["AuthenticationResult"]
    assert attributes_of_ann(pool)["phone_number_verified"] == "true"


def test_a_code_by_email_completes_the_sign_in_and_verifies_the_address(pool: Pool, outbox: Outbox) -> None:
    prefer(pool, EMAIL=ON)
    asked = pool.sign_in()
    assert asked["ChallengeName"] == "EMAIL_OTP"
    assert asked["ChallengeParameters"] == {
        "CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL",
        "CODE_DELIVERY_DESTINATION": "a***@e***",
    }
    code = outbox.last_code_to(MAILBOX)
    assert len(code) == 8

    assert "AccessToken" in pool.answer(asked, EMAIL_OTP_CODE=code)["AuthenticationResult"]
    assert attributes_of_ann(pool)["email_verified"] == "true"


def test_messages_say_what_the_pool_says(pool: Pool, outbox: Outbox) -> None:
    prefer(pool, EMAIL=ON)
    pool.sign_in()

    message = outbox.messages_to(MAILBOX)[0]

    assert (message.subject, message.body, message.kind) == ("Sign in", f"Code {message.code}", "Authentication")


def test_a_trigger_may_word_the_message(pool: Pool, outbox: Outbox, triggers: ScriptedTriggers, idp: Any) -> None:
    arn = "arn:aws:lambda:us-east-1:000000000000:function:words"
    idp.update_user_pool(
        UserPoolId=pool.pool_id,
        LambdaConfig={"CustomMessage": arn},
        MfaConfiguration="OPTIONAL",
        SmsConfiguration=SMS["SmsMfaConfiguration"]["SmsConfiguration"],
        EmailConfiguration={"EmailSendingAccount": "DEVELOPER"},
    )
    triggers.on("CustomMessage", lambda event: {**event, "response": {"smsMessage": "Psst: {####}"}})
    prefer(pool, SMS=ON)

    pool.sign_in(ClientMetadata={"for": "PreAuthentication"})

    message = outbox.messages_to(PHONE)[0]
    assert message.body == f"Psst: {message.code}"
    assert triggers.calls[-1].source == "CustomMessage_Authentication"


def test_an_address_that_another_user_signs_in_by_stays_unverified(idp: Any, outbox: Outbox) -> None:
    pool = a_pool_with_mfa(idp, "OPTIONAL", SMS, TOTP, AliasAttributes=["phone_number"])
    pool.sign_up(phone_number=PHONE)
    pool.sign_up("bob", phone_number=PHONE)
    verified = [{"Name": "phone_number", "Value": PHONE}, {"Name": "phone_number_verified", "Value": "true"}]
    idp.admin_update_user_attributes(UserPoolId=pool.pool_id, Username="bob", UserAttributes=verified)
    prefer(pool, SMS=ON)

    done = pool.answer(pool.sign_in(), SMS_MFA_CODE=outbox.last_code_to(PHONE))

    assert "AccessToken" in done["AuthenticationResult"]
    assert attributes_of_ann(pool).get("phone_number_verified", "false") == "false"


def test_a_wrong_code_leaves_the_session_good(pool: Pool, texted: Any, outbox: Outbox) -> None:
    code = outbox.last_code_to(PHONE)
    with refused("CodeMismatchException", WRONG_CODE):
        pool.answer(texted, SMS_MFA_CODE=other_than(code))

    assert "AuthenticationResult" in pool.answer(texted, SMS_MFA_CODE=code)


def test_a_code_works_once(pool: Pool, texted: Any, outbox: Outbox) -> None:
    code = outbox.last_code_to(PHONE)
    pool.answer(texted, SMS_MFA_CODE=code)
    with refused("NotAuthorizedException", SPENT):
        pool.answer(texted, SMS_MFA_CODE=code)


def test_a_code_is_good_for_the_sign_in_it_was_sent_in_alone(pool: Pool, texted: Any, outbox: Outbox) -> None:
    code = outbox.last_code_to(PHONE)
    another = pool.sign_in()
    with refused("CodeMismatchException", WRONG_CODE):
        pool.answer(another, SMS_MFA_CODE=code)


def test_a_code_is_good_for_the_address_it_was_sent_to_alone(pool: Pool, texted: Any, outbox: Outbox) -> None:
    code = outbox.last_code_to(PHONE)
    moved = [{"Name": "phone_number", "Value": "+15550199"}]
    pool.idp.admin_update_user_attributes(UserPoolId=pool.pool_id, Username="ann", UserAttributes=moved)
    with refused("CodeMismatchException", WRONG_CODE):
        pool.answer(texted, SMS_MFA_CODE=code)


def test_a_code_lives_as_long_as_its_session(pool: Pool, texted: Any, outbox: Outbox, clock: FakeClock) -> None:
    clock.advance(181)
    with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
        pool.answer(texted, SMS_MFA_CODE=outbox.last_code_to(PHONE))


@pytest.mark.parametrize("code", ["", " "])
def test_an_empty_code_is_none(pool: Pool, texted: Any, code: str) -> None:
    with refused("InvalidParameterException" if not code else "CodeMismatchException"):
        pool.answer(texted, SMS_MFA_CODE=code)


def test_a_code_is_not_found_in_the_session(pool: Pool, texted: Any, outbox: Outbox) -> None:
    assert outbox.last_code_to(PHONE) not in texted["Session"]


def test_of_many_answers_at_once_one_is_taken(pool: Pool, texted: Any, outbox: Outbox) -> None:
    code = outbox.last_code_to(PHONE)

    def answer(_: int) -> str:
        try:
            return str(pool.answer(texted, SMS_MFA_CODE=code).keys())
        except ClientError as refusal:
            return str(refusal.response["Error"]["Message"])

    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(answer, range(4)))

    assert results.count(SPENT) == 3


# Codes of an app


def test_a_code_of_the_app_completes_the_sign_in(pool: Pool, authenticator: App) -> None:
    asked = pool.sign_in()
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"

    assert "AccessToken" in pool.answer(asked, SOFTWARE_TOKEN_MFA_CODE=authenticator.code())["AuthenticationResult"]


@pytest.mark.parametrize("steps", [-1, 1])
def test_the_app_may_be_one_step_off(pool: Pool, authenticator: App, clock: FakeClock, steps: int) -> None:
    clock.advance(60)
    assert "AuthenticationResult" in pool.answer(pool.sign_in(), SOFTWARE_TOKEN_MFA_CODE=authenticator.code(steps))


@pytest.mark.parametrize("steps", [-2, 2])
def test_the_app_may_not_be_two_steps_off(pool: Pool, authenticator: App, clock: FakeClock, steps: int) -> None:
    clock.advance(90)
    with refused("CodeMismatchException", WRONG_TOKEN):
        pool.answer(pool.sign_in(), SOFTWARE_TOKEN_MFA_CODE=authenticator.code(steps))


def test_no_code_is_taken_twice_nor_an_older_one_after_it(pool: Pool, authenticator: App) -> None:
    earlier, code = authenticator.code(-1), authenticator.code()
    pool.answer(pool.sign_in(), SOFTWARE_TOKEN_MFA_CODE=code)
    asked = pool.sign_in()
    with refused("ExpiredCodeException", REUSED):
        pool.answer(asked, SOFTWARE_TOKEN_MFA_CODE=code)
    with refused("ExpiredCodeException", REUSED):
        pool.answer(asked, SOFTWARE_TOKEN_MFA_CODE=earlier)

    assert "AuthenticationResult" in pool.answer(asked, SOFTWARE_TOKEN_MFA_CODE=authenticator.next_code())


def test_of_many_sign_ins_with_one_code_at_once_one_is_complete(pool: Pool, authenticator: App) -> None:
    asked = [pool.sign_in() for _ in range(4)]
    code = authenticator.code()

    def answer(challenge: Any) -> str:
        try:
            return str(pool.answer(challenge, SOFTWARE_TOKEN_MFA_CODE=code).keys())
        except ClientError as refusal:
            return str(refusal.response["Error"]["Message"])

    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(answer, asked))

    assert results.count(REUSED) == 3


def test_an_app_that_was_removed_meanwhile_is_not_found(pool: Pool, authenticator: App) -> None:
    asked = pool.sign_in()
    pool.idp.admin_delete_software_token(UserPoolId=pool.pool_id, Username="ann")
    with refused("SoftwareTokenMFANotFoundException", "Software Token MFA does not exist for the user."):
        pool.answer(asked, SOFTWARE_TOKEN_MFA_CODE=authenticator.code())


def test_administrators_sign_users_in_with_their_second_factor(pool: Pool, authenticator: App) -> None:
    asked = pool.idp.admin_initiate_auth(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ann", "PASSWORD": PASSWORD},
    )
    with refused("NotAuthorizedException", INVALID_SESSION):
        pool.answer(asked, SOFTWARE_TOKEN_MFA_CODE=authenticator.code())

    done = pool.idp.admin_respond_to_auth_challenge(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        ChallengeName="SOFTWARE_TOKEN_MFA",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ann", "SOFTWARE_TOKEN_MFA_CODE": authenticator.code()},
    )

    assert "AccessToken" in done["AuthenticationResult"]


def test_a_password_by_srp_is_followed_by_the_second_factor(
    pool: Pool, authenticator: App, clock: FakeClock, real_time: None
) -> None:
    asked = pool.srp().answer()

    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert "AuthenticationResult" in pool.answer(asked, SOFTWARE_TOKEN_MFA_CODE=authenticator.code())


# The choice


def test_who_has_several_factors_and_prefers_none_chooses(pool: Pool, authenticator: App, outbox: Outbox) -> None:
    prefer(pool, SMS=ON)
    choice = pool.sign_in()
    assert choice["ChallengeName"] == "SELECT_MFA_TYPE"
    assert choice["ChallengeParameters"] == {
        "MFAS_CAN_CHOOSE": '["SMS_MFA","SOFTWARE_TOKEN_MFA"]',
        "USER_ID_FOR_SRP": "ann",
    }
    assert outbox.messages_to(PHONE) == []

    asked = pool.answer(choice, ANSWER="SMS_MFA")

    assert asked["ChallengeName"] == "SMS_MFA"
    assert "AuthenticationResult" in pool.answer(asked, SMS_MFA_CODE=outbox.last_code_to(PHONE))


@pytest.mark.parametrize("answer", ["EMAIL_OTP", "EMAIL_MFA"])
def test_email_has_two_names_in_the_choice(pool: Pool, authenticator: App, answer: str) -> None:
    prefer(pool, EMAIL=ON)

    assert pool.answer(pool.sign_in(), ANSWER=answer)["ChallengeName"] == "EMAIL_OTP"


@pytest.mark.parametrize("answer", ["EMAIL_OTP", "PASSWORD", "MFA_SETUP", "NEW_PASSWORD_REQUIRED", "nonsense"])
def test_only_a_factor_of_the_choice_is_chosen(pool: Pool, authenticator: App, answer: str) -> None:
    prefer(pool, SMS=ON)
    choice = pool.sign_in()
    with refused("InvalidParameterException", "Invalid MFA type selected."):
        pool.answer(choice, ANSWER=answer)


def test_choosing_proves_nothing_and_works_once(pool: Pool, authenticator: App) -> None:
    prefer(pool, SMS=ON)
    choice = pool.sign_in()
    asked = pool.answer(choice, ANSWER="SOFTWARE_TOKEN_MFA")
    with refused("NotAuthorizedException", SPENT):
        pool.answer(choice, ANSWER="SMS_MFA")
    with refused("CodeMismatchException", WRONG_TOKEN):
        pool.answer(asked, SOFTWARE_TOKEN_MFA_CODE=authenticator.wrong_code())


# Attempts


def test_codes_cannot_be_guessed_however_many_sessions_there_are(
    pool: Pool, authenticator: App, clock: FakeClock
) -> None:
    wrong = authenticator.wrong_code()
    for _ in range(5):
        with refused("CodeMismatchException", WRONG_TOKEN):
            pool.answer(pool.sign_in(), SOFTWARE_TOKEN_MFA_CODE=wrong)

    with refused("NotAuthorizedException", LOCKED):
        pool.answer(pool.sign_in(), SOFTWARE_TOKEN_MFA_CODE=authenticator.code())

    clock.advance(1)
    assert "AuthenticationResult" in pool.answer(pool.sign_in(), SOFTWARE_TOKEN_MFA_CODE=authenticator.code())


def test_a_right_code_forgets_earlier_wrong_ones(pool: Pool, texted: Any, outbox: Outbox) -> None:
    code = outbox.last_code_to(PHONE)
    for _ in range(4):
        with refused("CodeMismatchException", WRONG_CODE):
            pool.answer(texted, SMS_MFA_CODE=other_than(code))
    pool.answer(texted, SMS_MFA_CODE=code)
    again = pool.sign_in()
    code = outbox.last_code_to(PHONE)
    for _ in range(4):
        with refused("CodeMismatchException", WRONG_CODE):
            pool.answer(again, SMS_MFA_CODE=other_than(code))

    assert "AuthenticationResult" in pool.answer(again, SMS_MFA_CODE=code)


def test_a_right_password_does_not_forget_wrong_codes(pool: Pool, authenticator: App) -> None:
    wrong = authenticator.wrong_code()
    for _ in range(5):
        with refused("CodeMismatchException", WRONG_TOKEN):
            pool.answer(pool.sign_in(), SOFTWARE_TOKEN_MFA_CODE=wrong)
    pool.sign_in()
    with refused("NotAuthorizedException", LOCKED):
        pool.answer(pool.sign_in(), SOFTWARE_TOKEN_MFA_CODE=wrong)


def test_messages_are_not_sent_without_end(pool: Pool, clock: FakeClock) -> None:
    prefer(pool, SMS=ON)
    for _ in range(20):
        pool.sign_in()
    with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
        pool.sign_in()

    clock.advance(3601)
    assert pool.sign_in()["ChallengeName"] == "SMS_MFA"


# What a session of the second factor is good for


@pytest.mark.parametrize("name", ["MFA_SETUP", "SELECT_MFA_TYPE", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP", "SMS_OTP"])
def test_a_session_answers_no_challenge_but_its_own(pool: Pool, texted: Any, outbox: Outbox, name: str) -> None:
    code = outbox.last_code_to(PHONE)
    codes = {f"{each}_CODE": code for each in ("SOFTWARE_TOKEN_MFA", "EMAIL_OTP", "SMS_OTP")}
    with refused("NotAuthorizedException", INVALID_SESSION):
        pool.answer({**texted, "ChallengeName": name}, ANSWER="SMS_MFA", **codes)


def test_a_session_of_another_client_is_refused(pool: Pool, texted: Any, outbox: Outbox) -> None:
    with refused("NotAuthorizedException", INVALID_SESSION):
        a_client_of(pool.idp, pool.pool_id).answer(texted, SMS_MFA_CODE=outbox.last_code_to(PHONE))


def test_a_session_of_another_user_is_refused(pool: Pool, texted: Any, outbox: Outbox) -> None:
    pool.sign_up("bob")
    with refused("NotAuthorizedException", INVALID_SESSION):
        pool.answer(texted, username="bob", SMS_MFA_CODE=outbox.last_code_to(PHONE))


def test_a_user_who_was_disabled_meanwhile_gets_no_tokens(pool: Pool, texted: Any, outbox: Outbox) -> None:
    pool.idp.admin_disable_user(UserPoolId=pool.pool_id, Username="ann")
    with refused("NotAuthorizedException", "User is disabled."):
        pool.answer(texted, SMS_MFA_CODE=outbox.last_code_to(PHONE))


def test_a_required_factor_is_asked_of_who_has_switched_nothing_on(idp: Any, outbox: Outbox) -> None:
    pool = a_pool_with_mfa(idp, "ON", SMS)
    pool.sign_up(phone_number=PHONE)

    asked = pool.sign_in()

    assert asked["ChallengeName"] == "SMS_MFA"
    assert "AuthenticationResult" in pool.answer(asked, SMS_MFA_CODE=outbox.last_code_to(PHONE))


def test_who_can_neither_give_nor_set_up_a_required_factor_gets_no_tokens(idp: Any) -> None:
    pool = a_pool_with_mfa(idp, "OPTIONAL", SMS)
    pool.sign_up()
    idp.set_user_pool_mfa_config(UserPoolId=pool.pool_id, MfaConfiguration="ON", **SMS)
    with refused("InvalidParameterException", "User does not have delivery config set to turn on SMS_MFA"):
        pool.sign_in()
