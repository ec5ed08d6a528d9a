"""Choice-based sign-in (USER_AUTH): what may be chosen, passwords and codes, and whose session it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pycognito.aws_srp import AWSSRP

from tests.authenticator import Authenticator
from tests.aws.cognito_idp.passkeys import (
    CHOICE,
    ORIGIN,
    a_choice_pool,
    username_of,
    with_passkey,
)
from tests.aws.cognito_idp.people import TEMPORARY, Pool, a_client_of, a_pool
from tests.aws.cognito_idp.pools import NEW_PASSWORD, PASSWORD, named_values
from tests.sdk import refused

if TYPE_CHECKING:
    from tests.conftest import Outbox

EMAIL = "ann@example.com"
UNAVAILABLE = "The selected challenge is not available for the user."
WRONG = "Incorrect username or password."


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool that allows every first factor, and Ann, who has a password and an e-mail address."""
    return a_choice_pool(idp)


def status_of(pool: Pool, username: str = "ann") -> str:
    status: str = pool.idp.admin_get_user(UserPoolId=pool.pool_id, Username=username)["UserStatus"]
    return status


def is_verified(pool: Pool, attribute: str, username: str = "ann") -> bool:
    listed = pool.idp.admin_get_user(UserPoolId=pool.pool_id, Username=username)["UserAttributes"]
    return {"Name": f"{attribute}_verified", "Value": "true"} in listed


def test_without_a_preference_the_user_is_asked_to_choose(pool: Pool) -> None:
    asked = pool.initiate("USER_AUTH")

    assert (asked["ChallengeName"], asked["ChallengeParameters"]) == ("SELECT_CHALLENGE", {})
    assert asked["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"]


def test_a_passkey_and_a_phone_number_may_be_chosen_by_who_has_them(pool: Pool) -> None:
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.pool_id, Username="ann", UserAttributes=named_values(phone_number="+15550100")
    )
    asked = with_passkey(pool, Authenticator(ORIGIN)).initiate("USER_AUTH")

    assert asked["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]


@pytest.mark.parametrize(
    ("factors", "available"),
    [
        (["PASSWORD"], ["PASSWORD_SRP", "PASSWORD"]),
        (["EMAIL_OTP", "SMS_OTP"], ["EMAIL_OTP"]),
        (["WEB_AUTHN", "PASSWORD"], ["PASSWORD_SRP", "PASSWORD"]),
    ],
)
def test_only_what_the_pool_allows_may_be_chosen(idp: Any, factors: list[str], available: list[str]) -> None:
    assert a_choice_pool(idp, *factors).initiate("USER_AUTH")["AvailableChallenges"] == available


def test_a_pool_that_says_nothing_allows_passwords(idp: Any) -> None:
    pool = a_pool(idp, **CHOICE)
    pool.sign_up(email=EMAIL)

    assert pool.initiate("USER_AUTH")["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]


def test_a_temporary_password_must_be_given_first(pool: Pool) -> None:
    pool.give_temporary_password()

    assert pool.initiate("USER_AUTH")["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]


def test_a_second_factor_leaves_no_code_as_the_first(pool: Pool) -> None:
    pool.idp.set_user_pool_mfa_config(
        UserPoolId=pool.pool_id, MfaConfiguration="ON", SoftwareTokenMfaConfiguration={"Enabled": True}
    )

    assert pool.initiate("USER_AUTH")["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]


def test_a_preference_that_the_user_does_not_have_is_as_good_as_none(pool: Pool) -> None:
    asked = pool.initiate("USER_AUTH", PREFERRED_CHALLENGE="WEB_AUTHN")

    assert (asked["ChallengeName"], asked["AvailableChallenges"]) == (
        "SELECT_CHALLENGE",
        ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"],
    )


@pytest.mark.parametrize("name", ["TARGET_ACR_VALUES", "ACCESS_TOKEN"])
def test_a_level_of_authentication_is_not_promised(pool: Pool, name: str) -> None:
    with refused("InvalidParameterException", f"Step-up authentication is not supported: {name}"):
        pool.initiate("USER_AUTH", PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD, **{name: "urn:level:2"})


def test_every_sign_in_is_fresh_enough_for_a_maximum_age(pool: Pool) -> None:
    assert username_of(pool.initiate("USER_AUTH", PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD, MAX_AGE="1"))


def test_a_choice_that_was_not_offered_is_refused(pool: Pool) -> None:
    asked = pool.initiate("USER_AUTH")
    with refused("InvalidParameterException", UNAVAILABLE):
        pool.answer(asked, ANSWER="SMS_OTP")


def test_a_client_must_be_allowed_to_offer_a_choice(pool: Pool) -> None:
    with refused("InvalidParameterException", "Auth flow not enabled for this client"):
        a_client_of(pool.idp, pool.pool_id).initiate("USER_AUTH")


def test_a_preferred_password_is_checked_at_once(pool: Pool) -> None:
    assert username_of(pool.initiate("USER_AUTH", PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)) == "ann"


def test_a_preferred_password_that_is_missing_is_asked_for(pool: Pool) -> None:
    asked = pool.initiate("USER_AUTH", PREFERRED_CHALLENGE="PASSWORD")

    assert (asked["ChallengeName"], asked["ChallengeParameters"]) == ("PASSWORD", {})
    assert username_of(pool.answer(asked, PASSWORD=PASSWORD)) == "ann"


def test_a_chosen_password_is_checked_at_once(pool: Pool) -> None:
    asked = pool.initiate("USER_AUTH")

    assert username_of(pool.answer(asked, ANSWER="PASSWORD", PASSWORD=PASSWORD)) == "ann"


def test_an_administrator_may_offer_the_choice_too(pool: Pool) -> None:
    asked = pool.idp.admin_initiate_auth(
        UserPoolId=pool.pool_id, ClientId=pool.client_id, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": "ann"}
    )
    answered = pool.idp.admin_respond_to_auth_challenge(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        ChallengeName="SELECT_CHALLENGE",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ann", "ANSWER": "PASSWORD", "PASSWORD": PASSWORD},
    )

    assert username_of(answered) == "ann"


def srp_helper(pool: Pool) -> AWSSRP:
    return AWSSRP("ann", PASSWORD, pool.pool_id, pool.client_id, client=pool.idp)


def srp_answer(pool: Pool, helper: AWSSRP, asked: Any) -> Any:
    responses = helper.process_challenge(asked["ChallengeParameters"], helper.get_auth_params())
    return pool.idp.respond_to_auth_challenge(
        ClientId=pool.client_id, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=responses
    )


@pytest.mark.usefixtures("real_time")
def test_srp_may_be_preferred(pool: Pool) -> None:
    helper = srp_helper(pool)
    asked = pool.initiate("USER_AUTH", PREFERRED_CHALLENGE="PASSWORD_SRP", SRP_A=helper.get_auth_params()["SRP_A"])

    assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
    assert username_of(srp_answer(pool, helper, asked)) == "ann"


@pytest.mark.usefixtures("real_time")
def test_srp_may_be_chosen(pool: Pool) -> None:
    helper = srp_helper(pool)
    asked = pool.answer(pool.initiate("USER_AUTH"), ANSWER="PASSWORD_SRP", SRP_A=helper.get_auth_params()["SRP_A"])

    assert username_of(srp_answer(pool, helper, asked)) == "ann"


@pytest.mark.usefixtures("real_time")
def test_srp_may_be_begun_in_a_step_of_its_own(pool: Pool) -> None:
    helper = srp_helper(pool)
    begun = pool.initiate("USER_AUTH", PREFERRED_CHALLENGE="PASSWORD_SRP")
    asked = pool.answer(begun, SRP_A=helper.get_auth_params()["SRP_A"])

    assert begun["ChallengeName"] == "PASSWORD_SRP"
    assert username_of(srp_answer(pool, helper, asked)) == "ann"


def test_a_temporary_password_is_changed_in_the_choice_based_flow(pool: Pool) -> None:
    pool.give_temporary_password()
    asked = pool.initiate("USER_AUTH", PREFERRED_CHALLENGE="PASSWORD", PASSWORD=TEMPORARY)

    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert "AvailableChallenges" not in asked
    assert username_of(pool.answer(asked, NEW_PASSWORD=NEW_PASSWORD)) == "ann"


def test_wrong_passwords_lock_whatever_way_they_come(pool: Pool) -> None:
    asked = pool.initiate("USER_AUTH")
    for _ in range(2):
        with refused("NotAuthorizedException", WRONG):
            pool.initiate("USER_AUTH", PREFERRED_CHALLENGE="PASSWORD", PASSWORD="wrong")
        with refused("NotAuthorizedException", WRONG):
            pool.answer(asked, ANSWER="PASSWORD", PASSWORD="wrong")
    with refused("NotAuthorizedException", WRONG):
        pool.sign_in(password="wrong")

    with refused("NotAuthorizedException", "Password attempts exceeded"):
        pool.answer(asked, ANSWER="PASSWORD", PASSWORD=PASSWORD)


def test_an_unconfirmed_user_is_told_after_the_right_password(pool: Pool) -> None:
    pool.idp.sign_up(ClientId=pool.client_id, Username="bob", Password=PASSWORD)

    with refused("UserNotConfirmedException", "User is not confirmed."):
        pool.initiate("USER_AUTH", "bob", PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)


def test_a_preferred_code_is_sent_and_signs_in(pool: Pool, outbox: Outbox) -> None:
    asked = pool.initiate("USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP")
    code = outbox.last_code_to(EMAIL)

    assert asked["ChallengeName"] == "EMAIL_OTP"
    assert asked["ChallengeParameters"] == {
        "CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL",
        "CODE_DELIVERY_DESTINATION": "a***@e***",
    }
    assert asked["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"]
    assert len(code) == 8
    assert username_of(pool.answer(asked, EMAIL_OTP_CODE=code)) == "ann"


def test_a_chosen_code_by_sms_signs_in(pool: Pool, outbox: Outbox) -> None:
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.pool_id, Username="ann", UserAttributes=named_values(phone_number="+15550100")
    )
    asked = pool.answer(pool.initiate("USER_AUTH"), ANSWER="SMS_OTP")

    assert asked["ChallengeName"] == "SMS_OTP"
    assert username_of(pool.answer(asked, SMS_OTP_CODE=outbox.last_code_to("+15550100"))) == "ann"


def test_a_choice_sends_one_code_however_often_its_session_comes(pool: Pool, outbox: Outbox) -> None:
    asked = pool.initiate("USER_AUTH")
    pool.answer(asked, ANSWER="EMAIL_OTP")
    with refused("NotAuthorizedException", "Invalid session for the user, session can only be used once."):
        pool.answer(asked, ANSWER="EMAIL_OTP")

    assert len([message for message in outbox.messages_to(EMAIL) if message.kind == "Authentication"]) == 1


def test_a_code_confirms_the_user_and_their_address(pool: Pool, outbox: Outbox) -> None:
    pool.idp.sign_up(
        ClientId=pool.client_id,
        Username="bob",
        Password=PASSWORD,
        UserAttributes=named_values(email="bob@example.com"),
    )
    asked = pool.initiate("USER_AUTH", "bob", PREFERRED_CHALLENGE="EMAIL_OTP")
    pool.answer(asked, username="bob", EMAIL_OTP_CODE=outbox.last_code_to("bob@example.com"))

    assert (status_of(pool, "bob"), is_verified(pool, "email", "bob")) == ("CONFIRMED", True)


def test_a_code_does_not_sign_a_disabled_user_in(pool: Pool, outbox: Outbox) -> None:
    pool.idp.admin_disable_user(UserPoolId=pool.pool_id, Username="ann")
    asked = pool.initiate("USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP")

    with refused("NotAuthorizedException", "User is disabled."):
        pool.answer(asked, EMAIL_OTP_CODE=outbox.last_code_to(EMAIL))


def test_a_code_signs_in_once(pool: Pool, outbox: Outbox) -> None:
    asked = pool.initiate("USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP")
    pool.answer(asked, EMAIL_OTP_CODE=outbox.last_code_to(EMAIL))

    with refused("NotAuthorizedException", "Invalid session for the user, session can only be used once."):
        pool.answer(asked, EMAIL_OTP_CODE=outbox.last_code_to(EMAIL))


def test_a_code_of_somebody_else_does_not_sign_in(pool: Pool, outbox: Outbox) -> None:
    pool.sign_up("bob", email="bob@example.com")
    pool.initiate("USER_AUTH", "bob", PREFERRED_CHALLENGE="EMAIL_OTP")
    asked = pool.initiate("USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP")

    with refused("CodeMismatchException", "Invalid code or auth state for the user."):
        pool.answer(asked, EMAIL_OTP_CODE=outbox.last_code_to("bob@example.com"))


@pytest.mark.parametrize(
    ("name", "responses"),
    [
        ("PASSWORD", {"PASSWORD": PASSWORD}),
        ("EMAIL_OTP", {"EMAIL_OTP_CODE": "12345678"}),
        ("WEB_AUTHN", {"CREDENTIAL": "{}"}),
        ("NEW_PASSWORD_REQUIRED", {"NEW_PASSWORD": NEW_PASSWORD}),
    ],
)
def test_the_session_of_the_choice_answers_nothing_else(pool: Pool, name: str, responses: dict[str, str]) -> None:
    asked = pool.initiate("USER_AUTH") | {"ChallengeName": name}
    with refused("NotAuthorizedException", "Invalid session for the user."):
        pool.answer(asked, **responses)


def test_the_session_of_the_choice_is_its_users(pool: Pool) -> None:
    pool.sign_up("bob")
    asked = pool.initiate("USER_AUTH", "bob")
    with refused("NotAuthorizedException", "Invalid session for the user."):
        pool.answer(asked, ANSWER="PASSWORD", PASSWORD=PASSWORD)


def test_the_session_of_the_choice_is_its_clients(pool: Pool) -> None:
    other = a_client_of(pool.idp, pool.pool_id, **CHOICE)
    asked = other.initiate("USER_AUTH")
    with refused("NotAuthorizedException", "Invalid session for the user."):
        pool.answer(asked, ANSWER="PASSWORD", PASSWORD=PASSWORD)


def test_a_choice_of_a_secret_client_needs_its_secret_hash(idp: Any) -> None:
    pool = a_choice_pool(idp, GenerateSecret=True)
    asked = pool.initiate("USER_AUTH")
    with refused(
        "NotAuthorizedException", f"Client {pool.client_id} is configured with secret but SECRET_HASH was not received"
    ):
        idp.respond_to_auth_challenge(
            ClientId=pool.client_id,
            ChallengeName="SELECT_CHALLENGE",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "ann", "ANSWER": "PASSWORD", "PASSWORD": PASSWORD},
        )


@pytest.mark.parametrize("missing", ["ANSWER"])
def test_a_choice_must_be_made(pool: Pool, missing: str) -> None:
    asked = pool.initiate("USER_AUTH")
    with refused("InvalidParameterException", f"Missing required parameter {missing}"):
        pool.answer(asked)
