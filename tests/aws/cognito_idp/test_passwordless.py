"""Users without a password, and signing in right after confirming."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.passkeys import (
    CHOICE,
    a_choice_pool,
    policies,
    username_of,
)
from tests.aws.cognito_idp.people import TEMPORARY, Pool, a_client_of, a_pool
from tests.aws.cognito_idp.pools import NEW_PASSWORD, PASSWORD, named_values
from tests.sdk import refused

if TYPE_CHECKING:
    from tests.conftest import Outbox
    from tests.fakes import FakeClock, ScriptedTriggers

EMAIL = "ann@example.com"
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:gate"
WRONG = "Incorrect username or password."


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool that allows every first factor, and Ann, who has a password and an e-mail address."""
    return a_choice_pool(idp)


def without_password(pool: Pool, username: str = "bob", **attributes: str) -> Any:
    return pool.idp.sign_up(ClientId=pool.client_id, Username=username, UserAttributes=named_values(**attributes))


def test_who_signs_up_without_a_password_signs_in_by_code(pool: Pool, outbox: Outbox) -> None:
    without_password(pool, email="bob@example.com")
    asked = pool.initiate("USER_AUTH", "bob", PREFERRED_CHALLENGE="EMAIL_OTP")

    assert asked["AvailableChallenges"] == ["EMAIL_OTP"]
    answered = pool.answer(asked, username="bob", EMAIL_OTP_CODE=outbox.last_code_to("bob@example.com"))
    assert username_of(answered) == "bob"


def test_who_has_no_password_may_set_one(pool: Pool, outbox: Outbox) -> None:
    without_password(pool, email="bob@example.com")
    asked = pool.initiate("USER_AUTH", "bob", PREFERRED_CHALLENGE="EMAIL_OTP")
    tokens = pool.answer(asked, username="bob", EMAIL_OTP_CODE=outbox.last_code_to("bob@example.com"))

    pool.idp.change_password(AccessToken=tokens["AuthenticationResult"]["AccessToken"], ProposedPassword=NEW_PASSWORD)
    assert username_of(pool.sign_in("bob", NEW_PASSWORD)) == "bob"


def test_no_password_signs_a_user_without_one_in(pool: Pool) -> None:
    without_password(pool, email="bob@example.com")
    pool.idp.admin_confirm_sign_up(UserPoolId=pool.pool_id, Username="bob")

    with refused("NotAuthorizedException", WRONG):
        pool.sign_in("bob", PASSWORD)


@pytest.mark.parametrize(
    ("factors", "attributes"),
    [(["PASSWORD"], {"email": EMAIL}), (["PASSWORD", "EMAIL_OTP"], {}), (["PASSWORD", "SMS_OTP"], {"email": EMAIL})],
)
def test_who_could_not_sign_in_by_code_needs_a_password(
    idp: Any, factors: list[str], attributes: dict[str, str]
) -> None:
    pool = a_choice_pool(idp, *factors)
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        without_password(pool, **attributes)


def test_the_address_that_is_the_username_takes_the_code(idp: Any, outbox: Outbox) -> None:
    pool = a_pool(idp, settings={**policies("PASSWORD", "EMAIL_OTP"), "UsernameAttributes": ["email"]}, **CHOICE)
    without_password(pool, "bob@example.com")
    asked = pool.initiate("USER_AUTH", "bob@example.com", PREFERRED_CHALLENGE="EMAIL_OTP")

    answered = pool.answer(asked, username="bob@example.com", EMAIL_OTP_CODE=outbox.last_code_to("bob@example.com"))
    assert "AuthenticationResult" in answered


def test_an_invited_user_needs_no_password_where_a_code_signs_in(pool: Pool, outbox: Outbox) -> None:
    made = pool.idp.admin_create_user(
        UserPoolId=pool.pool_id,
        Username="bob",
        UserAttributes=named_values(email="bob@example.com"),
        DesiredDeliveryMediums=["EMAIL"],
    )

    assert made["User"]["UserStatus"] == "CONFIRMED"
    assert outbox.messages_to("bob@example.com")[0].body == "Your username is bob. "
    assert pool.initiate("USER_AUTH", "bob")["AvailableChallenges"] == ["EMAIL_OTP"]


def test_an_invited_user_gets_the_password_that_was_given(pool: Pool, outbox: Outbox) -> None:
    made = pool.idp.admin_create_user(
        UserPoolId=pool.pool_id,
        Username="bob",
        TemporaryPassword=TEMPORARY,
        UserAttributes=named_values(email="bob@example.com"),
        DesiredDeliveryMediums=["EMAIL"],
    )

    assert made["User"]["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert outbox.last_code_to("bob@example.com") == TEMPORARY


def test_an_invited_user_without_an_address_gets_a_password(pool: Pool) -> None:
    made = pool.idp.admin_create_user(UserPoolId=pool.pool_id, Username="bob", MessageAction="SUPPRESS")

    assert made["User"]["UserStatus"] == "FORCE_CHANGE_PASSWORD"


@pytest.fixture
def verifying(idp: Any) -> Pool:
    """A pool that confirms by a code to the e-mail address, and lets such a code sign in."""
    settings = {**policies("PASSWORD", "EMAIL_OTP"), "AutoVerifiedAttributes": ["email"]}
    return a_pool(idp, settings=settings, **CHOICE)


def confirm(pool: Pool, outbox: Outbox, signed_up: Any, **more: Any) -> Any:
    given = {"Session": signed_up["Session"], "ConfirmationCode": outbox.last_code_to("bob@example.com"), **more}
    return pool.idp.confirm_sign_up(ClientId=pool.client_id, Username="bob", **given)


def initiate_with(pool: Pool, session: str, username: str = "bob") -> Any:
    return pool.idp.initiate_auth(
        ClientId=pool.client_id,
        AuthFlow="USER_AUTH",
        AuthParameters={"USERNAME": username},
        Session=session,
    )


def test_who_has_just_confirmed_is_signed_in_by_that(verifying: Pool, outbox: Outbox) -> None:
    signed_up = without_password(verifying, email="bob@example.com")
    confirmed = confirm(verifying, outbox, signed_up)

    assert username_of(initiate_with(verifying, confirmed["Session"])) == "bob"


def test_where_no_code_signs_in_who_has_just_confirmed_must_choose(idp: Any, outbox: Outbox) -> None:
    pool = a_pool(idp, settings={**policies("PASSWORD"), "AutoVerifiedAttributes": ["email"]}, **CHOICE)
    signed_up = pool.idp.sign_up(
        ClientId=pool.client_id,
        Username="bob",
        Password=PASSWORD,
        UserAttributes=named_values(email="bob@example.com"),
    )
    asked = initiate_with(pool, confirm(pool, outbox, signed_up)["Session"])

    assert (asked["ChallengeName"], asked["AvailableChallenges"]) == ("SELECT_CHALLENGE", ["PASSWORD_SRP", "PASSWORD"])


def test_confirming_without_the_session_of_sign_up_gives_none(verifying: Pool, outbox: Outbox) -> None:
    without_password(verifying, email="bob@example.com")
    code = outbox.last_code_to("bob@example.com")
    confirmed = verifying.idp.confirm_sign_up(ClientId=verifying.client_id, Username="bob", ConfirmationCode=code)

    assert "Session" not in confirmed


def test_a_client_without_choice_gets_no_session_from_sign_up(verifying: Pool) -> None:
    plain = a_client_of(verifying.idp, verifying.pool_id)

    assert "Session" not in without_password(plain, email="bob@example.com")


def test_a_wrong_code_leaves_the_session_of_sign_up_good(verifying: Pool, outbox: Outbox) -> None:
    signed_up = without_password(verifying, email="bob@example.com")
    with refused("CodeMismatchException"):
        confirm(verifying, outbox, signed_up, ConfirmationCode="not-it")

    assert "Session" in confirm(verifying, outbox, signed_up)


def test_the_session_of_a_confirmation_signs_in_once(verifying: Pool, outbox: Outbox) -> None:
    confirmed = confirm(verifying, outbox, without_password(verifying, email="bob@example.com"))
    initiate_with(verifying, confirmed["Session"])

    with refused("NotAuthorizedException", "Invalid session for the user, session can only be used once."):
        initiate_with(verifying, confirmed["Session"])


def test_the_session_of_a_confirmation_ends_soon(verifying: Pool, outbox: Outbox, clock: FakeClock) -> None:
    confirmed = confirm(verifying, outbox, without_password(verifying, email="bob@example.com"))
    clock.advance(timedelta(minutes=3))

    with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
        initiate_with(verifying, confirmed["Session"])


def test_the_session_of_a_confirmation_is_its_users(verifying: Pool, outbox: Outbox) -> None:
    verifying.sign_up("ann", email=EMAIL)
    confirmed = confirm(verifying, outbox, without_password(verifying, email="bob@example.com"))

    with refused("NotAuthorizedException", "Invalid session for the user."):
        initiate_with(verifying, confirmed["Session"], "ann")


def test_the_session_of_sign_up_signs_nobody_in(verifying: Pool) -> None:
    signed_up = without_password(verifying, email="bob@example.com")

    with refused("NotAuthorizedException", "Invalid session for the user."):
        initiate_with(verifying, signed_up["Session"])


def test_the_session_of_a_challenge_confirms_nobody(verifying: Pool, outbox: Outbox) -> None:
    without_password(verifying, email="bob@example.com")
    asked = verifying.initiate("USER_AUTH", "bob")

    with refused("NotAuthorizedException", "Invalid session for the user."):
        confirm(verifying, outbox, asked)


def test_the_session_of_a_confirmation_answers_no_challenge(verifying: Pool, outbox: Outbox) -> None:
    confirmed = confirm(verifying, outbox, without_password(verifying, email="bob@example.com"))
    forged = {"ChallengeName": "EMAIL_OTP", "Session": confirmed["Session"]}

    with refused("NotAuthorizedException", "Invalid session for the user."):
        verifying.answer(forged, username="bob", EMAIL_OTP_CODE="12345678")


def test_a_session_of_somebody_elses_sign_up_confirms_nobody(verifying: Pool, outbox: Outbox) -> None:
    without_password(verifying, email="bob@example.com")
    other = without_password(verifying, "eve", email="eve@example.com")

    with refused("NotAuthorizedException", "Invalid session for the user."):
        confirm(verifying, outbox, other)


def test_pre_authentication_may_refuse_who_has_just_confirmed(
    verifying: Pool, outbox: Outbox, triggers: ScriptedTriggers
) -> None:
    confirmed = confirm(verifying, outbox, without_password(verifying, email="bob@example.com"))
    verifying.idp.update_user_pool(
        UserPoolId=verifying.pool_id,
        LambdaConfig={"PreAuthentication": FUNCTION},
        **policies("PASSWORD", "EMAIL_OTP"),
    )
    initiate_with(verifying, confirmed["Session"])

    assert [call.name for call in triggers.calls] == ["PreAuthentication"]
