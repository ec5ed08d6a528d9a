"""Registering authenticator apps, by access token and in the middle of a sign-in."""

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
from tests.aws.cognito_idp.people import TEMPORARY, Pool, a_client_of, a_pool
from tests.aws.cognito_idp.pools import NEW_PASSWORD
from tests.sdk import refused

if TYPE_CHECKING:
    from tests.conftest import Outbox
    from tests.fakes import FakeClock

MISMATCH = "Code mismatch and fail enable Software Token MFA"
NOT_OFFERED = "Software Token MFA has not been enabled by the userPool"
INVALID_SESSION = "Invalid session for the user."
SPENT = "Invalid session for the user, session can only be used once."


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool that takes apps, and Ann."""
    made = a_pool_with_mfa(idp, "OPTIONAL", TOTP)
    made.sign_up()
    return made


@pytest.fixture
def strict(idp: Any) -> Pool:
    """A pool that requires an app, and Ann, who has none."""
    made = a_pool_with_mfa(idp, "ON", TOTP)
    made.sign_up()
    return made


def associate(pool: Pool, asked: Any, clock: FakeClock) -> tuple[App, str]:
    """Associate an app by a Session; return it and the next Session."""
    answer = pool.idp.associate_software_token(Session=asked["Session"])
    return App(answer["SecretCode"], clock), answer["Session"]


# By access token


def test_an_app_is_asked_for_once_its_user_switches_it_on(pool: Pool, clock: FakeClock) -> None:
    app = an_app_of_ann(pool, clock, name="my phone")
    assert "AuthenticationResult" in pool.sign_in()

    prefer(pool, TOTP={"Enabled": True})

    asked = pool.sign_in()
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert asked["ChallengeParameters"] == {"USER_ID_FOR_SRP": "ann", "FRIENDLY_DEVICE_NAME": "my phone"}
    assert "AuthenticationResult" in pool.answer(asked, SOFTWARE_TOKEN_MFA_CODE=app.next_code())


def test_a_secret_is_52_characters_of_base32_and_comes_once(pool: Pool) -> None:
    token = pool.tokens()["AccessToken"]

    first, second = (pool.idp.associate_software_token(AccessToken=token)["SecretCode"] for _ in range(2))

    assert (len(first), set(first) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")) == (52, set())
    assert first != second


def test_a_wrong_code_registers_nothing(pool: Pool, clock: FakeClock) -> None:
    token = pool.tokens()["AccessToken"]
    app = App(pool.idp.associate_software_token(AccessToken=token)["SecretCode"], clock)

    with refused("EnableSoftwareTokenMFAException", MISMATCH):
        pool.idp.verify_software_token(AccessToken=token, UserCode=app.wrong_code())

    with refused("InvalidParameterException"):
        prefer(pool, TOTP={"Enabled": True})


def test_codes_cannot_be_guessed(pool: Pool, clock: FakeClock) -> None:
    token = pool.tokens()["AccessToken"]
    app = App(pool.idp.associate_software_token(AccessToken=token)["SecretCode"], clock)
    wrong = app.wrong_code()
    for _ in range(5):
        with refused("EnableSoftwareTokenMFAException", MISMATCH):
            pool.idp.verify_software_token(AccessToken=token, UserCode=wrong)

    with refused("NotAuthorizedException", "Password attempts exceeded"):
        pool.idp.verify_software_token(AccessToken=token, UserCode=app.code())


def test_a_newer_secret_replaces_one_that_waits(pool: Pool, clock: FakeClock) -> None:
    token = pool.tokens()["AccessToken"]
    older = App(pool.idp.associate_software_token(AccessToken=token)["SecretCode"], clock)
    pool.idp.associate_software_token(AccessToken=token)

    with refused("EnableSoftwareTokenMFAException", MISMATCH):
        pool.idp.verify_software_token(AccessToken=token, UserCode=older.code())


def test_the_registered_app_stays_good_until_the_new_one_is_verified(pool: Pool, clock: FakeClock) -> None:
    token = pool.tokens()["AccessToken"]
    older = an_app_of_ann(pool, clock)
    prefer(pool, TOTP={"Enabled": True})
    newer = App(pool.idp.associate_software_token(AccessToken=token)["SecretCode"], clock)
    assert "AuthenticationResult" in pool.answer(pool.sign_in(), SOFTWARE_TOKEN_MFA_CODE=older.next_code())

    pool.idp.verify_software_token(AccessToken=token, UserCode=newer.code())

    with refused("CodeMismatchException", "Invalid code received for user"):
        pool.answer(pool.sign_in(), SOFTWARE_TOKEN_MFA_CODE=older.next_code())


def test_a_code_that_registered_an_app_does_not_sign_in(pool: Pool, clock: FakeClock) -> None:
    app = an_app_of_ann(pool, clock)
    prefer(pool, TOTP={"Enabled": True})
    with refused("ExpiredCodeException", "Your software token has already been used once."):
        pool.answer(pool.sign_in(), SOFTWARE_TOKEN_MFA_CODE=app.code())


def test_nothing_is_verified_that_was_not_associated(pool: Pool) -> None:
    with refused("SoftwareTokenMFANotFoundException"):
        pool.idp.verify_software_token(AccessToken=pool.tokens()["AccessToken"], UserCode="123456")


@pytest.mark.parametrize(
    "call",
    [
        lambda idp, token: idp.associate_software_token(AccessToken=token),
        lambda idp, token: idp.verify_software_token(AccessToken=token, UserCode="123456"),
    ],
    ids=["associate", "verify"],
)
def test_a_pool_may_take_no_apps(idp: Any, call: Any) -> None:
    pool = a_pool(idp)
    pool.sign_up()
    with refused("SoftwareTokenMFANotFoundException", NOT_OFFERED):
        call(idp, pool.tokens()["AccessToken"])


@pytest.mark.parametrize("both", [False, True], ids=["neither", "both"])
def test_one_proof_is_needed(pool: Pool, both: bool) -> None:
    given = {"AccessToken": pool.tokens()["AccessToken"], "Session": "A" * 20} if both else {}
    with refused("InvalidParameterException", "Exactly one of AccessToken and Session must be given."):
        pool.idp.associate_software_token(**given)


def test_an_administrator_removes_an_app_and_what_preferred_it(pool: Pool, clock: FakeClock) -> None:
    an_app_of_ann(pool, clock)
    prefer(pool, TOTP={"Enabled": True, "PreferredMfa": True})

    pool.idp.admin_delete_software_token(UserPoolId=pool.pool_id, Username="ann")

    user = pool.idp.admin_get_user(UserPoolId=pool.pool_id, Username="ann")
    assert "UserMFASettingList" not in user
    assert "PreferredMfaSetting" not in user
    assert "AuthenticationResult" in pool.sign_in()
    with refused("InvalidParameterException"):
        prefer(pool, TOTP={"Enabled": True})


# In the middle of a sign-in


def test_who_must_have_a_second_factor_sets_one_up_before_getting_tokens(strict: Pool, clock: FakeClock) -> None:
    asked = strict.sign_in()
    assert asked["ChallengeName"] == "MFA_SETUP"
    assert asked["ChallengeParameters"] == {"MFAS_CAN_SETUP": '["SOFTWARE_TOKEN_MFA"]', "USER_ID_FOR_SRP": "ann"}
    app, session = associate(strict, asked, clock)

    verified = strict.idp.verify_software_token(Session=session, UserCode=app.code())

    assert verified["Status"] == "SUCCESS"
    done = strict.answer({"ChallengeName": "MFA_SETUP", "Session": verified["Session"]})
    assert done["ChallengeParameters"] == {}
    assert "AccessToken" in done["AuthenticationResult"]
    again = strict.sign_in()
    assert again["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert "AuthenticationResult" in strict.answer(again, SOFTWARE_TOKEN_MFA_CODE=app.next_code())


def test_a_new_password_comes_before_the_second_factor(strict: Pool) -> None:
    strict.give_temporary_password()

    asked = strict.answer(strict.sign_in(password=TEMPORARY), NEW_PASSWORD=NEW_PASSWORD)

    assert asked["ChallengeName"] == "MFA_SETUP"


def test_the_client_s_word_does_not_set_up_mfa(strict: Pool, clock: FakeClock) -> None:
    asked = strict.sign_in()
    with refused("NotAuthorizedException", INVALID_SESSION):
        strict.answer(asked)
    _, session = associate(strict, asked, clock)
    with refused("NotAuthorizedException", INVALID_SESSION):
        strict.answer({"ChallengeName": "MFA_SETUP", "Session": session})


def test_a_wrong_code_leaves_the_session_good(strict: Pool, clock: FakeClock) -> None:
    app, session = associate(strict, strict.sign_in(), clock)
    with refused("EnableSoftwareTokenMFAException", MISMATCH):
        strict.idp.verify_software_token(Session=session, UserCode=app.wrong_code())

    assert strict.idp.verify_software_token(Session=session, UserCode=app.code())["Status"] == "SUCCESS"


def test_each_session_of_a_set_up_works_once(strict: Pool, clock: FakeClock) -> None:
    asked = strict.sign_in()
    app, session = associate(strict, asked, clock)
    with refused("NotAuthorizedException", SPENT):
        strict.idp.associate_software_token(Session=asked["Session"])
    verified = strict.idp.verify_software_token(Session=session, UserCode=app.code())
    with refused("NotAuthorizedException", SPENT):
        strict.idp.verify_software_token(Session=session, UserCode=app.next_code())
    strict.answer({"ChallengeName": "MFA_SETUP", "Session": verified["Session"]})
    with refused("NotAuthorizedException", SPENT):
        strict.answer({"ChallengeName": "MFA_SETUP", "Session": verified["Session"]})


def test_a_session_of_a_set_up_expires(strict: Pool, clock: FakeClock) -> None:
    asked = strict.sign_in()
    clock.advance(181)
    with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
        strict.idp.associate_software_token(Session=asked["Session"])


def test_a_session_of_another_challenge_sets_up_nothing(pool: Pool, clock: FakeClock) -> None:
    an_app_of_ann(pool, clock)
    prefer(pool, TOTP={"Enabled": True})
    asked = pool.sign_in()
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    with refused("NotAuthorizedException", INVALID_SESSION):
        pool.idp.associate_software_token(Session=asked["Session"])


def test_who_has_proved_no_first_factor_sets_up_nothing(idp: Any) -> None:
    made = a_pool_with_mfa(idp, "ON", TOTP)
    made.sign_up()
    chooser = a_client_of(idp, made.pool_id, ExplicitAuthFlows=["ALLOW_USER_AUTH"])
    asked = chooser.initiate("USER_AUTH")
    assert asked["ChallengeName"] == "SELECT_CHALLENGE"
    with refused("NotAuthorizedException", INVALID_SESSION):
        idp.associate_software_token(Session=asked["Session"])


def test_who_must_choose_a_new_password_first_sets_up_nothing(strict: Pool) -> None:
    strict.give_temporary_password()
    asked = strict.sign_in(password=TEMPORARY)
    with refused("NotAuthorizedException", INVALID_SESSION):
        strict.idp.associate_software_token(Session=asked["Session"])


@pytest.mark.parametrize("session", ["A" * 20, "x.y-z_" * 30])
def test_a_made_up_session_sets_up_nothing(strict: Pool, session: str) -> None:
    with refused("NotAuthorizedException", INVALID_SESSION):
        strict.idp.associate_software_token(Session=session)


def test_a_verified_session_finishes_at_its_own_client_only(strict: Pool, clock: FakeClock) -> None:
    app, session = associate(strict, strict.sign_in(), clock)
    verified = strict.idp.verify_software_token(Session=session, UserCode=app.code())
    with refused("NotAuthorizedException", INVALID_SESSION):
        a_client_of(strict.idp, strict.pool_id).answer({"ChallengeName": "MFA_SETUP", "Session": verified["Session"]})


def test_an_older_set_up_cannot_replace_the_app_that_was_registered_meanwhile(strict: Pool, clock: FakeClock) -> None:
    thief, owner = strict.sign_in(), strict.sign_in()
    stolen, thiefs_session = associate(strict, thief, clock)
    app, session = associate(strict, owner, clock)
    strict.idp.verify_software_token(Session=session, UserCode=app.code())

    with refused("NotAuthorizedException", INVALID_SESSION):
        strict.idp.verify_software_token(Session=thiefs_session, UserCode=stolen.code())


def test_no_secret_is_handed_out_to_an_older_set_up_once_there_is_an_app(strict: Pool, clock: FakeClock) -> None:
    older = strict.sign_in()
    app, session = associate(strict, strict.sign_in(), clock)
    strict.idp.verify_software_token(Session=session, UserCode=app.code())

    with refused("NotAuthorizedException", INVALID_SESSION):
        strict.idp.associate_software_token(Session=older["Session"])


def test_a_set_up_ends_with_the_app_that_an_administrator_removed(strict: Pool, clock: FakeClock) -> None:
    app, session = associate(strict, strict.sign_in(), clock)
    verified = strict.idp.verify_software_token(Session=session, UserCode=app.code())
    strict.idp.admin_delete_software_token(UserPoolId=strict.pool_id, Username="ann")
    with refused("NotAuthorizedException", INVALID_SESSION):
        strict.answer({"ChallengeName": "MFA_SETUP", "Session": verified["Session"]})


def test_a_disabled_user_sets_up_nothing(strict: Pool) -> None:
    asked = strict.sign_in()
    strict.idp.admin_disable_user(UserPoolId=strict.pool_id, Username="ann")
    with refused("NotAuthorizedException", "User is disabled."):
        strict.idp.associate_software_token(Session=asked["Session"])


def test_of_many_who_verify_at_once_one_registers(strict: Pool, clock: FakeClock) -> None:
    app, session = associate(strict, strict.sign_in(), clock)

    def verify(_: int) -> str:
        try:
            return str(strict.idp.verify_software_token(Session=session, UserCode=app.code())["Status"])
        except ClientError as refusal:
            return str(refusal.response["Error"]["Code"])

    with ThreadPoolExecutor(4) as threads:
        results = sorted(threads.map(verify, range(4)))

    assert results == [*["NotAuthorizedException"] * 3, "SUCCESS"]


# An e-mail address in the middle of a sign-in


@pytest.mark.parametrize("key", ["EMAIL", "email"])
def test_an_address_that_is_given_must_be_proved(idp: Any, outbox: Outbox, key: str) -> None:
    pool = a_pool_with_mfa(idp, "ON", SMS, EMAIL)
    pool.sign_up()
    setting_up = pool.sign_in()
    assert setting_up["ChallengeParameters"]["MFAS_CAN_SETUP"] == '["EMAIL_OTP"]'

    asked = pool.answer(setting_up, **{key: MAILBOX})

    assert asked["ChallengeName"] == "EMAIL_OTP"
    done = pool.answer(asked, EMAIL_OTP_CODE=outbox.last_code_to(MAILBOX))
    assert "AccessToken" in done["AuthenticationResult"]
    user = idp.admin_get_user(UserPoolId=pool.pool_id, Username="ann")
    attributes = {each["Name"]: each["Value"] for each in user["UserAttributes"]}
    assert (attributes["email"], attributes["email_verified"]) == (MAILBOX, "true")


@pytest.mark.parametrize("mine", [{"email": MAILBOX}, {"phone_number": PHONE}])
def test_an_address_is_not_taken_from_who_can_give_a_factor(idp: Any, mine: dict[str, str]) -> None:
    pool = a_pool_with_mfa(idp, "ON", TOTP, SMS, EMAIL)
    pool.sign_up()
    setting_up = pool.sign_in()
    attributes = [{"Name": name, "Value": value} for name, value in mine.items()]
    idp.admin_update_user_attributes(UserPoolId=pool.pool_id, Username="ann", UserAttributes=attributes)

    with refused("NotAuthorizedException", INVALID_SESSION):
        pool.answer(setting_up, EMAIL="mallory@example.com")


def test_an_address_must_have_the_form_of_one(idp: Any) -> None:
    pool = a_pool_with_mfa(idp, "ON", EMAIL)
    pool.sign_up()
    with refused("InvalidParameterException"):
        pool.answer(pool.sign_in(), EMAIL="nowhere")
