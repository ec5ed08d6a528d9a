"""Choice-based sign-in of nobody, where the client hides who exists."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.authenticator import Authenticator, decode
from tests.aws.cognito_idp.passkeys import (
    HIDING,
    ORIGIN,
    a_choice_pool,
    asked_for_passkey,
    signed,
)
from tests.aws.cognito_idp.people import Pool
from tests.aws.cognito_idp.pools import PASSWORD
from tests.sdk import refused

if TYPE_CHECKING:
    from tests.conftest import Outbox

WRONG = "Incorrect username or password."


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool that allows every first factor, and Ann, who has a password and an e-mail address."""
    return a_choice_pool(idp)


@pytest.fixture
def hiding(idp: Any) -> Pool:
    """A pool that allows every first factor, whose client hides which users exist."""
    return a_choice_pool(idp, **HIDING)


def test_an_unknown_user_is_told_where_that_may_be_told(pool: Pool) -> None:
    with refused("UserNotFoundException", "User does not exist."):
        pool.initiate("USER_AUTH", "nobody")


def test_nobody_is_offered_the_same_each_time(hiding: Pool) -> None:
    first = hiding.initiate("USER_AUTH", "nobody")

    assert first["ChallengeName"] == "SELECT_CHALLENGE"
    assert first["AvailableChallenges"][:4] == ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "SMS_OTP"]
    assert hiding.initiate("USER_AUTH", "nobody")["AvailableChallenges"] == first["AvailableChallenges"]


def test_nobody_gets_no_code_and_is_asked_for_it(hiding: Pool, outbox: Outbox) -> None:
    asked = hiding.initiate("USER_AUTH", "nobody@example.com", PREFERRED_CHALLENGE="EMAIL_OTP")

    assert asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "n***@e***"
    assert outbox.messages_to("nobody@example.com") == []
    with refused("CodeMismatchException", "Invalid code or auth state for the user."):
        hiding.answer(asked, username="nobody@example.com", EMAIL_OTP_CODE="12345678")


def test_nobodys_password_is_wrong(hiding: Pool) -> None:
    asked = hiding.initiate("USER_AUTH", "nobody")
    with refused("NotAuthorizedException", WRONG):
        hiding.answer(asked, username="nobody", ANSWER="PASSWORD", PASSWORD=PASSWORD)


@pytest.fixture
def hidden_name(hiding: Pool) -> str:
    """A name that nobody has, and that seems to have a passkey."""
    names = [f"nobody{number}" for number in range(32)]
    return next(name for name in names if asked_for_passkey(hiding, name)["ChallengeName"] == "WEB_AUTHN")


def test_some_names_that_nobody_has_seem_to_have_a_passkey(hiding: Pool, hidden_name: str) -> None:
    first, second = (
        json.loads(asked_for_passkey(hiding, hidden_name)["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
        for _ in range(2)
    )

    assert first["challenge"] != second["challenge"]
    assert first["allowCredentials"] == second["allowCredentials"]


def test_nobodys_passkey_signs_nobody_in(hiding: Pool, hidden_name: str, authenticator: Authenticator) -> None:
    asked = asked_for_passkey(hiding, hidden_name)
    with refused("NotAuthorizedException", WRONG):
        hiding.answer(asked, username=hidden_name, CREDENTIAL=signed(authenticator, asked))


def test_who_has_the_key_of_nobodys_passkey_is_not_signed_in(
    hiding: Pool, hidden_name: str, authenticator: Authenticator
) -> None:
    asked = asked_for_passkey(hiding, hidden_name)
    options = json.loads(asked["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    authenticator.credential_id = decode(options["allowCredentials"][0]["id"])
    authenticator.hold("ES256", ec.derive_private_key(1, ec.SECP256R1()))

    with refused("NotAuthorizedException", WRONG):
        hiding.answer(asked, username=hidden_name, CREDENTIAL=signed(authenticator, asked))


@pytest.fixture
def authenticator() -> Authenticator:
    """An authenticator that a page of the pool's own domain calls."""
    return Authenticator(ORIGIN)
