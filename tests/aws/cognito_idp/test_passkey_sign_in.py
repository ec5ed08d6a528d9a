"""Signing in with a passkey: what is asked, which signatures are taken, and when it counts as two factors."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.authenticator import Authenticator, encode
from tests.aws.cognito_idp.passkeys import (
    ORIGIN,
    RELYING_PARTY,
    a_choice_pool,
    asked_for_passkey,
    signed,
    username_of,
    with_passkey,
)
from tests.aws.cognito_idp.people import Pool
from tests.sdk import refused

if TYPE_CHECKING:
    from tests.fakes import FakeClock

WRONG = "Incorrect username or password."


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool that allows every first factor, and Ann, who has a password and an e-mail address."""
    return a_choice_pool(idp)


@pytest.fixture
def authenticator() -> Authenticator:
    """An authenticator that a page of the pool's own domain calls."""
    return Authenticator(ORIGIN)


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_passkey_signs_in(pool: Pool, authenticator: Authenticator, algorithm: Any) -> None:
    authenticator.algorithm = algorithm
    asked = asked_for_passkey(with_passkey(pool, authenticator))

    assert asked["ChallengeName"] == "WEB_AUTHN"
    assert asked["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]
    assert username_of(pool.answer(asked, CREDENTIAL=signed(authenticator, asked))) == "ann"


def test_the_request_options_have_the_members_of_cognitos_in_their_order(
    pool: Pool, authenticator: Authenticator
) -> None:
    asked = asked_for_passkey(with_passkey(pool, authenticator))
    options = json.loads(asked["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])

    assert list(options) == ["challenge", "timeout", "rpId", "allowCredentials", "userVerification"]
    assert options | {"challenge": ""} == {
        "challenge": "",
        "timeout": 180000,
        "rpId": RELYING_PARTY,
        "allowCredentials": [
            {
                "type": "public-key",
                "id": encode(authenticator.credential_id),
                "transports": ["internal", "hybrid"],
            }
        ],
        "userVerification": "preferred",
    }


def test_a_passkey_may_be_chosen_in_two_steps(pool: Pool, authenticator: Authenticator) -> None:
    asked = pool.answer(with_passkey(pool, authenticator).initiate("USER_AUTH"), ANSWER="WEB_AUTHN")

    assert username_of(pool.answer(asked, CREDENTIAL=signed(authenticator, asked))) == "ann"


def test_a_passkey_may_sign_together_with_the_choice(pool: Pool, authenticator: Authenticator) -> None:
    asked = with_passkey(pool, authenticator).initiate("USER_AUTH")

    answered = pool.answer(asked, ANSWER="WEB_AUTHN", CREDENTIAL=signed(authenticator, asked))
    assert username_of(answered) == "ann"


def test_an_authenticator_that_does_not_count_signs_in_again(pool: Pool, authenticator: Authenticator) -> None:
    authenticator.sign_count = None
    asked = asked_for_passkey(with_passkey(pool, authenticator))
    pool.answer(asked, CREDENTIAL=signed(authenticator, asked))

    again = asked_for_passkey(pool)
    assert username_of(pool.answer(again, CREDENTIAL=signed(authenticator, again))) == "ann"


@pytest.mark.parametrize("count", [0, 4, 5])
def test_a_count_that_does_not_go_on_is_refused(pool: Pool, authenticator: Authenticator, count: int) -> None:
    authenticator.sign_count = 5
    with_passkey(pool, authenticator)
    asked = asked_for_passkey(pool)
    pool.answer(asked, CREDENTIAL=signed(authenticator, asked))
    authenticator.sign_count = count

    copied = asked_for_passkey(pool)
    with refused("NotAuthorizedException", WRONG):
        pool.answer(copied, CREDENTIAL=signed(authenticator, copied))


def test_of_two_signatures_with_one_count_the_second_is_refused(pool: Pool, authenticator: Authenticator) -> None:
    with_passkey(pool, authenticator)
    first, second = asked_for_passkey(pool), asked_for_passkey(pool)
    answer = signed(authenticator, first)
    authenticator.sign_count = 0
    copied = signed(authenticator, second)
    pool.answer(first, CREDENTIAL=answer)

    with refused("NotAuthorizedException", WRONG):
        pool.answer(second, CREDENTIAL=copied)


def test_a_signature_of_another_sign_in_is_refused(pool: Pool, authenticator: Authenticator) -> None:
    with_passkey(pool, authenticator)
    other = signed(authenticator, asked_for_passkey(pool))

    with refused("NotAuthorizedException", WRONG):
        pool.answer(asked_for_passkey(pool), CREDENTIAL=other)


def test_a_signature_signs_in_once(pool: Pool, authenticator: Authenticator) -> None:
    asked = asked_for_passkey(with_passkey(pool, authenticator))
    credential = signed(authenticator, asked)
    pool.answer(asked, CREDENTIAL=credential)

    with refused("NotAuthorizedException", "Invalid session for the user, session can only be used once."):
        pool.answer(asked, CREDENTIAL=credential)


def test_a_passkey_challenge_ends_with_its_session(pool: Pool, authenticator: Authenticator, clock: FakeClock) -> None:
    asked = asked_for_passkey(with_passkey(pool, authenticator))
    clock.advance(timedelta(minutes=3))

    with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
        pool.answer(asked, CREDENTIAL=signed(authenticator, asked))


def test_the_passkey_of_somebody_else_does_not_sign_in(pool: Pool, authenticator: Authenticator) -> None:
    with_passkey(pool, authenticator)
    stranger = Authenticator(ORIGIN, credential_id=b"another passkey")
    asked = asked_for_passkey(pool)

    with refused("NotAuthorizedException", WRONG):
        pool.answer(asked, CREDENTIAL=signed(stranger, asked))


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://evil.example.com"},
        {"relying_party_id": "evil.example.com"},
        {"is_user_present": False},
        {"is_framed": True},
        {"algorithm": "RS256"},
        {"user_handle": b"somebody else"},
        {"credential_id": b"a passkey that nobody has"},
    ],
)
def test_a_signature_that_something_is_wrong_with_does_not_sign_in(
    pool: Pool, authenticator: Authenticator, change: dict[str, Any]
) -> None:
    asked = asked_for_passkey(with_passkey(pool, authenticator))
    for name, value in change.items():
        setattr(authenticator, name, value)

    with refused("NotAuthorizedException", WRONG):
        pool.answer(asked, CREDENTIAL=signed(authenticator, asked))


@pytest.mark.parametrize("credential", ["{}", "[]", "null", "no JSON", '{"id": 5}', "[" * 5000])
def test_what_is_no_signature_does_not_sign_in(pool: Pool, authenticator: Authenticator, credential: str) -> None:
    asked = asked_for_passkey(with_passkey(pool, authenticator))
    with refused("NotAuthorizedException", WRONG):
        pool.answer(asked, CREDENTIAL=credential)


def test_a_deleted_passkey_does_not_sign_in(pool: Pool, authenticator: Authenticator) -> None:
    asked = asked_for_passkey(with_passkey(pool, authenticator))
    pool.idp.delete_web_authn_credential(
        AccessToken=pool.tokens()["AccessToken"], CredentialId=encode(authenticator.credential_id)
    )

    with refused("NotAuthorizedException", WRONG):
        pool.answer(asked, CREDENTIAL=signed(authenticator, asked))


def test_a_new_relying_party_orphans_the_passkeys_of_the_old(pool: Pool, authenticator: Authenticator) -> None:
    with_passkey(pool, authenticator)
    pool.idp.set_user_pool_mfa_config(UserPoolId=pool.pool_id, WebAuthnConfiguration={"RelyingPartyId": "example.com"})

    assert "WEB_AUTHN" not in pool.initiate("USER_AUTH")["AvailableChallenges"]


def with_required_mfa(pool: Pool, factors: str) -> None:
    pool.idp.set_user_pool_mfa_config(
        UserPoolId=pool.pool_id,
        MfaConfiguration="ON",
        SoftwareTokenMfaConfiguration={"Enabled": True},
        WebAuthnConfiguration={"FactorConfiguration": factors},
    )


def test_a_passkey_that_is_one_factor_is_not_offered_where_two_are_required(
    pool: Pool, authenticator: Authenticator
) -> None:
    with_passkey(pool, authenticator)
    with_required_mfa(pool, "SINGLE_FACTOR")

    assert pool.initiate("USER_AUTH")["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]


def test_a_passkey_that_is_two_factors_signs_in_where_two_are_required(
    pool: Pool, authenticator: Authenticator
) -> None:
    with_passkey(pool, authenticator)
    with_required_mfa(pool, "MULTI_FACTOR_WITH_USER_VERIFICATION")
    asked = asked_for_passkey(pool)

    assert username_of(pool.answer(asked, CREDENTIAL=signed(authenticator, asked))) == "ann"


def test_a_passkey_is_two_factors_only_when_the_user_was_verified(pool: Pool, authenticator: Authenticator) -> None:
    with_passkey(pool, authenticator)
    with_required_mfa(pool, "MULTI_FACTOR_WITH_USER_VERIFICATION")
    asked = asked_for_passkey(pool)
    authenticator.verifies_user = False

    with refused("NotAuthorizedException", WRONG):
        pool.answer(asked, CREDENTIAL=signed(authenticator, asked))


def test_a_passkey_is_among_the_factors_that_a_user_can_sign_in_with(pool: Pool, authenticator: Authenticator) -> None:
    with_passkey(pool, authenticator)
    told = pool.idp.get_user_auth_factors(AccessToken=pool.tokens()["AccessToken"])

    assert told["ConfiguredUserAuthFactors"] == ["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]
