"""Devices in a sign-in: proving themselves by SRP in place of a second factor, and binding refresh tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pycognito.aws_srp import AWSSRP, long_to_hex

from tests.aws.cognito_idp.custom_auth import CONFIG, FUNCTION, WORD, requests_of, script
from tests.aws.cognito_idp.device_users import (
    ALWAYS,
    ON_PROMPT,
    UNKNOWN_KEY,
    Device,
    a_device,
    a_tracking_pool,
    confirm,
    sign_in_on,
    with_sms_mfa,
)
from tests.aws.cognito_idp.mfa_users import PHONE
from tests.aws.cognito_idp.people import ROTATING, Pool, a_client_of, a_pool, claims_of
from tests.aws.cognito_idp.pools import PASSWORD
from tests.sdk import refused

if TYPE_CHECKING:
    from tests.conftest import Outbox
    from tests.fakes import FakeClock, ScriptedTriggers

WRONG = "Incorrect username or password."
UNKNOWN = "Device does not exist."
INVALID_REFRESH = "Invalid Refresh Token."
SPENT = "Invalid session for the user, session can only be used once."

pytestmark = pytest.mark.usefixtures("real_time")


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool whose remembered devices replace MFA, and Ann."""
    return a_tracking_pool(idp)


@pytest.fixture
def device(pool: Pool) -> Device:
    """A remembered device of Ann's, who is asked for a code by SMS on others."""
    made = a_device(pool)
    with_sms_mfa(pool)
    return made


def begin(pool: Pool, helper: AWSSRP, asked: Any, **changed: str) -> Any:
    """Answer DEVICE_SRP_AUTH by its Session."""
    return pool.answer(
        asked, **{"DEVICE_KEY": helper.device_key, "SRP_A": long_to_hex(helper.large_a_value), **changed}
    )


def prove(pool: Pool, helper: AWSSRP, asked: Any, **changed: str) -> Any:
    """Answer DEVICE_PASSWORD_VERIFIER, which holds its session itself."""
    responses = helper.process_device_challenge(asked["ChallengeParameters"])
    return pool.idp.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName="DEVICE_PASSWORD_VERIFIER",
        ChallengeResponses={**responses, **changed},
    )


# In place of a second factor


def test_a_remembered_device_signs_in_by_srp_without_a_code(pool: Pool, device: Device, outbox: Outbox) -> None:
    tokens = device.srp(pool).authenticate_user()["AuthenticationResult"]

    assert claims_of(tokens["AccessToken"])["device_key"] == device.key
    assert "NewDeviceMetadata" not in tokens
    assert outbox.messages_to(PHONE) == []


def test_a_client_with_a_secret_proves_it_at_each_step(idp: Any) -> None:
    pool = a_client_of(idp, a_tracking_pool(idp).pool_id, GenerateSecret=True)
    device = a_device(pool)
    with_sms_mfa(pool)
    helper = device.srp(pool)
    verifier = begin(pool, helper, sign_in_on(pool, device.key))

    with refused("NotAuthorizedException", f"Unable to verify secret hash for client {pool.client_id}"):
        prove(pool, helper, verifier, SECRET_HASH="bm8=")
    assert "AuthenticationResult" in prove(pool, helper, verifier)


def test_a_remembered_device_is_asked_after_a_plain_password(pool: Pool, device: Device) -> None:
    helper = device.srp(pool)
    asked = sign_in_on(pool, device.key)
    verifier = begin(pool, helper, asked)

    assert (asked["ChallengeName"], asked["ChallengeParameters"]) == ("DEVICE_SRP_AUTH", {})
    assert verifier["ChallengeName"] == "DEVICE_PASSWORD_VERIFIER"
    assert sorted(verifier["ChallengeParameters"]) == ["DEVICE_KEY", "SALT", "SECRET_BLOCK", "SRP_B", "USERNAME"]
    assert "AuthenticationResult" in prove(pool, helper, verifier)


def test_administrators_go_the_same_way(pool: Pool, device: Device) -> None:
    helper = device.srp(pool)
    named = {"UserPoolId": pool.pool_id, "ClientId": pool.client_id}
    asked = pool.idp.admin_initiate_auth(
        **named,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ann", "PASSWORD": PASSWORD, "DEVICE_KEY": device.key},
    )
    verifier = pool.idp.admin_respond_to_auth_challenge(
        **named,
        ChallengeName="DEVICE_SRP_AUTH",
        Session=asked["Session"],
        ChallengeResponses={
            "USERNAME": "ann",
            "DEVICE_KEY": device.key,
            "SRP_A": long_to_hex(helper.large_a_value),
        },
    )
    answer = pool.idp.admin_respond_to_auth_challenge(
        **named,
        ChallengeName="DEVICE_PASSWORD_VERIFIER",
        ChallengeResponses=helper.process_device_challenge(verifier["ChallengeParameters"]),
    )

    assert "AuthenticationResult" in answer


def test_another_device_is_asked_for_the_code(pool: Pool, device: Device) -> None:
    del device

    assert pool.sign_in()["ChallengeName"] == "SMS_MFA"


def test_a_device_that_is_named_with_the_code_is_the_devices_sign_in(
    pool: Pool, device: Device, outbox: Outbox
) -> None:
    asked = pool.sign_in()
    tokens = pool.answer(asked, SMS_MFA_CODE=outbox.last_code_to(PHONE), DEVICE_KEY=device.key)["AuthenticationResult"]

    assert claims_of(tokens["AccessToken"])["device_key"] == device.key


@pytest.mark.parametrize(
    "tracking", [{"ChallengeRequiredOnNewDevice": False}, {"DeviceOnlyRememberedOnUserPrompt": False}]
)
def test_a_pool_may_ask_for_the_code_on_every_device(idp: Any, tracking: Any) -> None:
    pool = a_tracking_pool(idp, tracking)
    device = a_device(pool)
    with_sms_mfa(pool)

    assert sign_in_on(pool, device.key)["ChallengeName"] == "SMS_MFA"


def test_a_device_counts_when_its_user_wants_it_remembered(idp: Any) -> None:
    pool = a_tracking_pool(idp, ON_PROMPT)
    device = a_device(pool)
    with_sms_mfa(pool)
    before = sign_in_on(pool, device.key)["ChallengeName"]
    idp.update_device_status(
        AccessToken=device.tokens["AccessToken"], DeviceKey=device.key, DeviceRememberedStatus="remembered"
    )

    assert (before, sign_in_on(pool, device.key)["ChallengeName"]) == ("SMS_MFA", "DEVICE_SRP_AUTH")


def test_a_device_without_a_secret_replaces_nothing(pool: Pool) -> None:
    tokens = pool.tokens()
    key = tokens["NewDeviceMetadata"]["DeviceKey"]
    pool.idp.confirm_device(AccessToken=tokens["AccessToken"], DeviceKey=key)
    with_sms_mfa(pool)

    assert sign_in_on(pool, key)["ChallengeName"] == "SMS_MFA"


def test_a_device_is_not_asked_where_no_second_factor_is(pool: Pool) -> None:
    device = a_device(pool)

    assert "AuthenticationResult" in device.srp(pool).authenticate_user()
    assert "AuthenticationResult" in sign_in_on(pool, device.key)


def test_the_triggers_hear_of_devices(idp: Any, triggers: ScriptedTriggers) -> None:
    names = {"PostAuthentication": FUNCTION, "PreTokenGeneration": FUNCTION}
    pool = a_tracking_pool(idp, LambdaConfig=names)
    device = a_device(pool)
    with_sms_mfa(pool)
    device.srp(pool).authenticate_user()

    assert [each["newDeviceUsed"] for each in requests_of(triggers, "PostAuthentication")] == [True, False]
    assert [call.source for call in triggers.calls if call.name == "PreTokenGeneration"] == [
        "TokenGeneration_Authentication",
        "TokenGeneration_AuthenticateDevice",
    ]


# Unknown devices


@pytest.mark.parametrize("flow", ["plain", "srp"])
def test_an_unknown_device_is_told_once_the_password_is_right(pool: Pool, flow: str) -> None:
    stranger = Device(UNKNOWN_KEY, "-12345678", "secret", None)
    sign_in = {"plain": lambda: sign_in_on(pool, UNKNOWN_KEY), "srp": stranger.srp(pool).authenticate_user}

    with refused("ResourceNotFoundException", UNKNOWN):
        sign_in[flow]()


def test_an_unknown_device_is_not_told_with_a_wrong_password(pool: Pool) -> None:
    with refused("NotAuthorizedException", WRONG):
        pool.initiate("USER_PASSWORD_AUTH", PASSWORD="wrong", DEVICE_KEY=UNKNOWN_KEY)


def test_a_client_drops_its_unknown_device_and_sends_the_same_answer_again(pool: Pool) -> None:
    helper = Device(UNKNOWN_KEY, "-12345678", "secret", None).srp(pool)
    asked = pool.idp.initiate_auth(
        ClientId=pool.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=helper.get_auth_params()
    )
    responses: Any = helper.process_challenge(asked["ChallengeParameters"], helper.get_auth_params())
    named = {"ClientId": pool.client_id, "ChallengeName": "PASSWORD_VERIFIER"}
    with refused("ResourceNotFoundException", UNKNOWN):
        pool.idp.respond_to_auth_challenge(**named, ChallengeResponses=responses)
    answer = pool.idp.respond_to_auth_challenge(**named, ChallengeResponses={**responses, "DEVICE_KEY": None})

    assert "NewDeviceMetadata" in answer["AuthenticationResult"]


def test_another_users_device_is_unknown(pool: Pool, device: Device) -> None:
    pool.sign_up("bob")

    with refused("ResourceNotFoundException", UNKNOWN):
        pool.initiate("USER_PASSWORD_AUTH", "bob", PASSWORD=PASSWORD, DEVICE_KEY=device.key)


def test_a_pool_that_tracks_no_devices_does_not_look_at_keys(idp: Any) -> None:
    pool = a_pool(idp)
    pool.sign_up()

    assert "NewDeviceMetadata" not in sign_in_on(pool, UNKNOWN_KEY)["AuthenticationResult"]


# Proofs that are none


def test_a_wrong_device_password_proves_nothing(pool: Pool, device: Device) -> None:
    with refused("NotAuthorizedException", WRONG):
        device.srp(pool, device_password="guess").authenticate_user()


def test_a_device_alone_signs_nobody_in(pool: Pool, device: Device) -> None:
    helper = device.srp(pool)
    responses = {"USERNAME": "ann", "DEVICE_KEY": device.key, "SRP_A": long_to_hex(helper.large_a_value)}

    with refused("InvalidParameterException", "Missing required parameter Session"):
        pool.idp.respond_to_auth_challenge(
            ClientId=pool.client_id, ChallengeName="DEVICE_SRP_AUTH", ChallengeResponses=responses
        )


def test_a_wrong_password_opens_no_door_to_a_device(pool: Pool, device: Device) -> None:
    with refused("NotAuthorizedException", WRONG):
        pool.initiate("USER_PASSWORD_AUTH", PASSWORD="wrong", DEVICE_KEY=device.key)

    test_a_device_alone_signs_nobody_in(pool, device)


def test_a_sign_in_that_waits_for_a_device_waits_at_its_client_alone(pool: Pool, device: Device) -> None:
    sign_in_on(pool, device.key)

    test_a_device_alone_signs_nobody_in(a_client_of(pool.idp, pool.pool_id), device)


def test_a_sign_in_waits_for_a_device_once(pool: Pool, device: Device) -> None:
    device.srp(pool).authenticate_user()
    helper = device.srp(pool)
    responses = {"USERNAME": "ann", "DEVICE_KEY": device.key, "SRP_A": long_to_hex(helper.large_a_value)}

    with refused("NotAuthorizedException", SPENT):
        pool.idp.respond_to_auth_challenge(
            ClientId=pool.client_id, ChallengeName="DEVICE_SRP_AUTH", ChallengeResponses=responses
        )


def test_a_sign_in_waits_for_a_device_a_short_time(pool: Pool, device: Device, clock: FakeClock) -> None:
    sign_in_on(pool, device.key)
    clock.advance(timedelta(minutes=3))
    helper = device.srp(pool)
    responses = {"USERNAME": "ann", "DEVICE_KEY": device.key, "SRP_A": long_to_hex(helper.large_a_value)}

    with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
        pool.idp.respond_to_auth_challenge(
            ClientId=pool.client_id, ChallengeName="DEVICE_SRP_AUTH", ChallengeResponses=responses
        )


def test_a_later_sign_in_waits_in_place_of_an_earlier_one(pool: Pool, device: Device) -> None:
    sign_in_on(pool, device.key)

    assert "AuthenticationResult" in device.srp(pool).authenticate_user()


@pytest.mark.parametrize("given", [UNKNOWN_KEY, "other"])
def test_the_device_that_was_named_must_answer(pool: Pool, given: str) -> None:
    device, other = a_device(pool), a_device(pool)
    with_sms_mfa(pool)
    key = {UNKNOWN_KEY: UNKNOWN_KEY, "other": other.key}[given]
    asked = sign_in_on(pool, device.key)

    with refused("ResourceNotFoundException", UNKNOWN):
        begin(pool, device.srp(pool), asked, DEVICE_KEY=key)


def test_the_device_that_began_must_finish(pool: Pool) -> None:
    device, other = a_device(pool), a_device(pool)
    with_sms_mfa(pool)
    helper = device.srp(pool)
    verifier = begin(pool, helper, sign_in_on(pool, device.key))

    with refused("ResourceNotFoundException", UNKNOWN):
        prove(pool, other.srp(pool), verifier, DEVICE_KEY=other.key)


def test_a_device_that_is_forgotten_meanwhile_proves_nothing(pool: Pool, device: Device) -> None:
    helper = device.srp(pool)
    verifier = begin(pool, helper, sign_in_on(pool, device.key))
    pool.idp.forget_device(AccessToken=device.tokens["AccessToken"], DeviceKey=device.key)

    with refused("ResourceNotFoundException", UNKNOWN):
        prove(pool, helper, verifier)


def test_a_device_that_is_no_longer_remembered_proves_nothing(pool: Pool, device: Device) -> None:
    helper = device.srp(pool)
    verifier = begin(pool, helper, sign_in_on(pool, device.key))
    pool.idp.update_device_status(
        AccessToken=device.tokens["AccessToken"], DeviceKey=device.key, DeviceRememberedStatus="not_remembered"
    )

    with refused("ResourceNotFoundException", UNKNOWN):
        prove(pool, helper, verifier)


def test_a_proof_works_once(pool: Pool, device: Device) -> None:
    helper = device.srp(pool)
    verifier = begin(pool, helper, sign_in_on(pool, device.key))
    prove(pool, helper, verifier)

    with refused("NotAuthorizedException", SPENT):
        prove(pool, helper, verifier)


@pytest.mark.parametrize("share", ["0", "zz", "-1"])
def test_a_share_that_would_give_the_key_away_is_refused(pool: Pool, device: Device, share: str) -> None:
    asked = sign_in_on(pool, device.key)

    with refused("InvalidParameterException", "Invalid SRP_A."):
        begin(pool, device.srp(pool), asked, SRP_A=share)


def test_the_session_of_a_device_is_not_that_of_a_code(pool: Pool, device: Device) -> None:
    asked = sign_in_on(pool, device.key)

    with refused("NotAuthorizedException", "Invalid session for the user."):
        pool.answer({**asked, "ChallengeName": "SMS_MFA"}, SMS_MFA_CODE="123456")


# Refreshing


def test_refreshing_needs_the_device_of_the_sign_in(pool: Pool) -> None:
    device = a_device(pool)
    tokens = sign_in_on(pool, device.key)["AuthenticationResult"]

    refreshed = pool.refresh(tokens, DEVICE_KEY=device.key)

    assert claims_of(refreshed["AccessToken"])["device_key"] == device.key
    with refused("NotAuthorizedException", INVALID_REFRESH):
        pool.refresh(tokens)


@pytest.mark.parametrize("given", [UNKNOWN_KEY, "other"])
def test_another_device_does_not_refresh(pool: Pool, given: str) -> None:
    device, other = a_device(pool), a_device(pool)
    key = {UNKNOWN_KEY: UNKNOWN_KEY, "other": other.key}[given]
    tokens = sign_in_on(pool, device.key)["AuthenticationResult"]

    with refused("NotAuthorizedException", INVALID_REFRESH):
        pool.refresh(tokens, DEVICE_KEY=key)


def test_a_device_that_was_not_confirmed_binds_nothing(pool: Pool) -> None:
    tokens = pool.tokens()

    assert "AccessToken" in pool.refresh(tokens)
    assert "AccessToken" in pool.refresh(tokens, DEVICE_KEY=tokens["NewDeviceMetadata"]["DeviceKey"])
    with refused("NotAuthorizedException", INVALID_REFRESH):
        pool.refresh(tokens, DEVICE_KEY=UNKNOWN_KEY)


def test_confirming_a_device_binds_the_sign_in_that_gave_its_key(pool: Pool) -> None:
    device = a_device(pool)

    assert "AccessToken" in pool.refresh(device.tokens, DEVICE_KEY=device.key)
    with refused("NotAuthorizedException", INVALID_REFRESH):
        pool.refresh(device.tokens)


def test_a_sign_in_goes_on_without_a_device_that_was_forgotten(pool: Pool) -> None:
    device = a_device(pool)
    pool.idp.forget_device(AccessToken=device.tokens["AccessToken"], DeviceKey=device.key)

    assert "AccessToken" in pool.refresh(device.tokens)


def test_rotation_needs_the_device_too(idp: Any) -> None:
    pool = a_client_of(idp, a_tracking_pool(idp).pool_id, **ROTATING)
    device = a_device(pool)
    given = {"ClientId": pool.client_id, "RefreshToken": device.tokens["RefreshToken"]}
    with refused("NotAuthorizedException", INVALID_REFRESH):
        idp.get_tokens_from_refresh_token(**given)
    with refused("NotAuthorizedException", INVALID_REFRESH):
        idp.get_tokens_from_refresh_token(**given, DeviceKey=UNKNOWN_KEY)
    rotated = idp.get_tokens_from_refresh_token(**given, DeviceKey=device.key)["AuthenticationResult"]

    assert rotated["RefreshToken"] != device.tokens["RefreshToken"]
    assert "NewDeviceMetadata" not in rotated


def test_refreshing_without_a_device_gives_the_key_that_can_still_be_confirmed(pool: Pool) -> None:
    tokens = pool.tokens()
    refreshed = pool.rotate(tokens)
    confirm(pool, refreshed)

    assert refreshed["NewDeviceMetadata"] == tokens["NewDeviceMetadata"]


def test_a_session_from_before_tracking_gets_a_device(idp: Any) -> None:
    pool = a_pool(idp)
    pool.sign_up()
    tokens = pool.tokens()
    idp.update_user_pool(UserPoolId=pool.pool_id, DeviceConfiguration=ALWAYS)
    refreshed = pool.rotate(tokens)
    device = confirm(pool, refreshed)

    assert "NewDeviceMetadata" not in tokens
    assert claims_of(refreshed["AccessToken"])["device_key"] == device.key
    assert pool.refresh(tokens, DEVICE_KEY=device.key)["AccessToken"]
    with refused("NotAuthorizedException", INVALID_REFRESH):
        pool.refresh(tokens)


# Custom sign-in


@pytest.fixture
def custom(idp: Any, triggers: ScriptedTriggers) -> Pool:
    """A pool with the functions of a custom sign-in that tracks devices, and Ann."""
    script(triggers)
    return a_tracking_pool(idp, LambdaConfig=CONFIG)


def test_a_remembered_device_proves_itself_after_the_functions_are_content(
    custom: Pool, triggers: ScriptedTriggers
) -> None:
    device = a_device(custom)
    helper = device.srp(custom)
    word = custom.initiate("CUSTOM_AUTH", DEVICE_KEY=device.key)
    asked = custom.answer(word, ANSWER=WORD)
    decided = len(requests_of(triggers, "DefineAuthChallenge"))
    answer = prove(custom, helper, begin(custom, helper, asked))

    assert asked["ChallengeName"] == "DEVICE_SRP_AUTH"
    assert claims_of(answer["AuthenticationResult"]["AccessToken"])["device_key"] == device.key
    assert len(requests_of(triggers, "DefineAuthChallenge")) == decided


def test_the_key_may_come_with_the_answer(custom: Pool) -> None:
    device = a_device(custom)
    asked = custom.answer(custom.initiate("CUSTOM_AUTH"), ANSWER=WORD, DEVICE_KEY=device.key)

    assert asked["ChallengeName"] == "DEVICE_SRP_AUTH"


@pytest.mark.parametrize("more", [{}, {"DEVICE_KEY": UNKNOWN_KEY}])
def test_a_custom_sign_in_on_a_new_device_gives_its_keys(custom: Pool, more: dict[str, str]) -> None:
    answer = custom.answer(custom.initiate("CUSTOM_AUTH", **more), ANSWER=WORD, **more)

    assert "NewDeviceMetadata" in answer["AuthenticationResult"]


def test_a_device_that_replaced_mfa_after_the_password_is_not_asked_again(
    custom: Pool, triggers: ScriptedTriggers
) -> None:
    device = a_device(custom)
    with_sms_mfa(custom)
    helper = device.srp(custom)
    srp = custom.initiate("CUSTOM_AUTH", CHALLENGE_NAME="SRP_A", SRP_A=helper.get_auth_params()["SRP_A"])
    asked = custom.idp.respond_to_auth_challenge(
        ClientId=custom.client_id,
        ChallengeName="PASSWORD_VERIFIER",
        Session=srp["Session"],
        ChallengeResponses=helper.process_challenge(srp["ChallengeParameters"], helper.get_auth_params()),
    )
    word = prove(custom, helper, begin(custom, helper, asked))

    assert (asked["ChallengeName"], word["ChallengeName"]) == ("DEVICE_SRP_AUTH", "CUSTOM_CHALLENGE")
    assert [each["challengeName"] for each in requests_of(triggers, "DefineAuthChallenge")[-1]["session"]] == [
        "SRP_A",
        "PASSWORD_VERIFIER",
        "DEVICE_SRP_AUTH",
        "DEVICE_PASSWORD_VERIFIER",
    ]
    assert "AuthenticationResult" in custom.answer(word, ANSWER=WORD)
