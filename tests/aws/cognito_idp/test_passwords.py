"""Passwords forgotten, changed, reset and set, through the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.pools import NEW_PASSWORD, PASSWORD, a_client, a_user_pool, an_application
from tests.sdk import refused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

    from tests.conftest import Outbox
    from tests.fakes import FakeClock, ScriptedTriggers

FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
GATE = "arn:aws:lambda:us-east-1:000000000000:function:gate"
SMS: Any = {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms"}
PHONE_FIRST = [{"Name": "verified_phone_number", "Priority": 1}, {"Name": "verified_email", "Priority": 2}]
WRONG_PASSWORD = "Incorrect username or password."
UNKNOWN = "Username/client id combination not found."
MISMATCH = "Invalid verification code provided, please try again."
EXPIRED = "Invalid code provided, please request a code again."
TOO_MANY = "Attempt limit exceeded, please try after some time."
NOT_NOW = "User password cannot be reset in the current state."
NO_ADDRESS = "Cannot reset password for the user as there is no registered/verified email or phone_number"

SignIn = Callable[[str], dict[str, Any]]


@pytest.fixture
def pool_id(idp: CognitoIdentityProviderClient) -> str:
    """A pool that verifies e-mail addresses and tells a trigger of confirmations."""
    return a_user_pool(idp, AutoVerifiedAttributes=["email"], LambdaConfig={"PostConfirmation": GATE})


@pytest.fixture
def client_id(idp: CognitoIdentityProviderClient, pool_id: str) -> str:
    """A client that signs in by password and is told who exists."""
    return a_client(idp, pool_id, ExplicitAuthFlows=FLOWS)


@pytest.fixture
def hiding_client(idp: CognitoIdentityProviderClient, pool_id: str) -> str:
    """A client of that pool that hides who exists."""
    return a_client(idp, pool_id, ExplicitAuthFlows=FLOWS, PreventUserExistenceErrors="ENABLED")


@pytest.fixture
def ann(idp: CognitoIdentityProviderClient, client_id: str, outbox: Outbox) -> str:
    """A confirmed user with a verified e-mail address."""
    idp.sign_up(ClientId=client_id, **an_application("ann", email="ann@example.com"))
    idp.confirm_sign_up(ClientId=client_id, Username="ann", ConfirmationCode=outbox.last_code_to("ann"))
    return "ann"


@pytest.fixture
def sign_in(idp: CognitoIdentityProviderClient, client_id: str) -> SignIn:
    """Sign Ann in by a password; return the tokens or the challenge."""

    def sign_in(password: str) -> dict[str, Any]:
        parameters = {"USERNAME": "ann", "PASSWORD": password}
        answer: Any = idp.initiate_auth(ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
        return dict(answer)

    return sign_in


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


# Forgotten


def test_a_forgotten_password_is_set_anew_by_a_code(
    idp: CognitoIdentityProviderClient, client_id: str, ann: str, outbox: Outbox, sign_in: SignIn
) -> None:
    answer = idp.forgot_password(ClientId=client_id, Username=ann)
    code = outbox.last_code_to("ann@example.com")
    idp.confirm_forgot_password(ClientId=client_id, Username=ann, ConfirmationCode=code, Password=NEW_PASSWORD)

    expected = {"Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    assert answer["CodeDeliveryDetails"] == expected
    assert outbox.messages_to("ann")[0].kind == "ForgotPassword"
    assert sign_in(NEW_PASSWORD)["AuthenticationResult"]
    with refused("NotAuthorizedException", WRONG_PASSWORD):
        sign_in(PASSWORD)


def test_the_old_password_is_good_until_a_new_one_is_set(
    idp: CognitoIdentityProviderClient, client_id: str, ann: str, sign_in: SignIn
) -> None:
    idp.forgot_password(ClientId=client_id, Username=ann)

    assert sign_in(PASSWORD)["AuthenticationResult"]


def test_a_reset_code_is_good_once(
    idp: CognitoIdentityProviderClient, client_id: str, ann: str, outbox: Outbox
) -> None:
    idp.forgot_password(ClientId=client_id, Username=ann)
    reset: Any = {"ClientId": client_id, "Username": ann, "ConfirmationCode": outbox.last_code_to(ann)}
    idp.confirm_forgot_password(**reset, Password=NEW_PASSWORD)

    with refused("ExpiredCodeException", EXPIRED):
        idp.confirm_forgot_password(**reset, Password=NEW_PASSWORD)


def test_a_reset_code_ends_after_an_hour(
    idp: CognitoIdentityProviderClient, client_id: str, ann: str, outbox: Outbox, clock: FakeClock
) -> None:
    idp.forgot_password(ClientId=client_id, Username=ann)
    code = outbox.last_code_to(ann)
    clock.advance(timedelta(hours=1))

    with refused("ExpiredCodeException", EXPIRED):
        idp.confirm_forgot_password(ClientId=client_id, Username=ann, ConfirmationCode=code, Password=NEW_PASSWORD)


def test_a_code_that_was_never_asked_for_is_refused(
    idp: CognitoIdentityProviderClient, client_id: str, ann: str
) -> None:
    with refused("ExpiredCodeException", EXPIRED):
        idp.confirm_forgot_password(ClientId=client_id, Username=ann, ConfirmationCode="123456", Password=NEW_PASSWORD)


def test_somebody_elses_reset_code_is_refused(
    idp: CognitoIdentityProviderClient, client_id: str, ann: str, outbox: Outbox
) -> None:
    idp.sign_up(ClientId=client_id, **an_application("eve", email="eve@example.com"))
    idp.confirm_sign_up(ClientId=client_id, Username="eve", ConfirmationCode=outbox.last_code_to("eve"))
    idp.forgot_password(ClientId=client_id, Username="eve")
    idp.forgot_password(ClientId=client_id, Username=ann)
    eves = outbox.last_code_to("eve")

    with refused("CodeMismatchException", MISMATCH):
        idp.confirm_forgot_password(ClientId=client_id, Username=ann, ConfirmationCode=eves, Password=NEW_PASSWORD)


def test_a_code_that_confirms_resets_no_password(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str, outbox: Outbox
) -> None:
    idp.sign_up(ClientId=client_id, **an_application("bob", email="bob@example.com"))
    code = outbox.last_code_to("bob")
    idp.admin_confirm_sign_up(UserPoolId=pool_id, Username="bob")

    with refused("ExpiredCodeException", EXPIRED):
        idp.confirm_forgot_password(ClientId=client_id, Username="bob", ConfirmationCode=code, Password=NEW_PASSWORD)


def test_reset_codes_cannot_be_tried_until_one_fits(
    idp: CognitoIdentityProviderClient, client_id: str, ann: str, outbox: Outbox
) -> None:
    idp.forgot_password(ClientId=client_id, Username=ann)
    code = outbox.last_code_to(ann)
    reset: Any = {"ClientId": client_id, "Username": ann, "Password": NEW_PASSWORD}
    for _ in range(10):
        with refused("CodeMismatchException", MISMATCH):
            idp.confirm_forgot_password(**reset, ConfirmationCode=other_than(code))

    with refused("LimitExceededException", TOO_MANY):
        idp.confirm_forgot_password(**reset, ConfirmationCode=code)


def test_reset_codes_are_sent_ten_times_an_hour(idp: CognitoIdentityProviderClient, client_id: str, ann: str) -> None:
    for _ in range(10):
        idp.forgot_password(ClientId=client_id, Username=ann)

    with refused("LimitExceededException", TOO_MANY):
        idp.forgot_password(ClientId=client_id, Username=ann)


def test_a_weak_new_password_leaves_the_code_good(
    idp: CognitoIdentityProviderClient, client_id: str, ann: str, outbox: Outbox
) -> None:
    idp.forgot_password(ClientId=client_id, Username=ann)
    reset: Any = {"ClientId": client_id, "Username": ann, "ConfirmationCode": outbox.last_code_to(ann)}
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        idp.confirm_forgot_password(**reset, Password="short")

    idp.confirm_forgot_password(**reset, Password=NEW_PASSWORD)


def test_a_reset_ends_a_lock_after_failed_sign_ins(
    idp: CognitoIdentityProviderClient, client_id: str, ann: str, outbox: Outbox, sign_in: SignIn
) -> None:
    for _ in range(5):
        with refused("NotAuthorizedException", WRONG_PASSWORD):
            sign_in("Wr0ng-passw0rd")
    with refused("NotAuthorizedException", "Password attempts exceeded"):
        sign_in(PASSWORD)
    idp.forgot_password(ClientId=client_id, Username=ann)
    code = outbox.last_code_to(ann)

    idp.confirm_forgot_password(ClientId=client_id, Username=ann, ConfirmationCode=code, Password=NEW_PASSWORD)

    assert sign_in(NEW_PASSWORD)["AuthenticationResult"]


def test_a_trigger_is_told_of_the_new_password(
    idp: CognitoIdentityProviderClient, client_id: str, ann: str, outbox: Outbox, triggers: ScriptedTriggers
) -> None:
    idp.forgot_password(ClientId=client_id, Username=ann)
    code = outbox.last_code_to(ann)

    idp.confirm_forgot_password(
        ClientId=client_id,
        Username=ann,
        ConfirmationCode=code,
        Password=NEW_PASSWORD,
        ClientMetadata={"from": "phone"},
    )

    event = triggers.calls[-1].event
    assert event["triggerSource"] == "PostConfirmation_ConfirmForgotPassword"
    assert event["callerContext"]["clientId"] == client_id
    assert event["request"]["clientMetadata"] == {"from": "phone"}
    assert event["request"]["userAttributes"]["cognito:user_status"] == "CONFIRMED"


def test_only_an_administrator_resets_where_the_pool_says_so(idp: CognitoIdentityProviderClient) -> None:
    setting: Any = {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}
    client_id = a_client(idp, a_user_pool(idp, AccountRecoverySetting=setting))

    with refused("NotAuthorizedException", "Contact administrator to reset password."):
        idp.forgot_password(ClientId=client_id, Username="ann")


def both_verified(idp: CognitoIdentityProviderClient, triggers: ScriptedTriggers, **settings: Any) -> str:
    """Make a client of a pool in which Ann has a verified address and a verified number."""
    pool_id = a_user_pool(idp, LambdaConfig={"PreSignUp": GATE}, **settings)
    client_id = a_client(idp, pool_id)
    granted = {"autoConfirmUser": True, "autoVerifyEmail": True, "autoVerifyPhone": True}
    triggers.on("PreSignUp", lambda event: {**event, "response": granted})
    idp.sign_up(ClientId=client_id, **an_application("ann", email="ann@example.com", phone_number="+15555550134"))
    return client_id


def test_the_phone_number_gets_the_code_where_the_pool_says_nothing(
    idp: CognitoIdentityProviderClient, triggers: ScriptedTriggers, outbox: Outbox
) -> None:
    client_id = both_verified(idp, triggers)

    answer = idp.forgot_password(ClientId=client_id, Username="ann")

    assert answer["CodeDeliveryDetails"]["Destination"] == "+*******0134"
    assert outbox.messages_to("ann")[0].medium == "SMS"


@pytest.mark.parametrize(
    ("priorities", "destination"),
    [({"AccountRecoverySetting": {"RecoveryMechanisms": PHONE_FIRST}}, "a***@e***"), ({}, "+*******0134")],
    ids=["a pool with an order", "a pool without"],
)
def test_a_second_factor_recovers_no_password_where_the_pool_sets_an_order(
    idp: CognitoIdentityProviderClient, triggers: ScriptedTriggers, priorities: Any, destination: str
) -> None:
    client_id = both_verified(idp, triggers, **priorities)
    pools: Any = idp.list_user_pools(MaxResults=1)["UserPools"]
    idp.set_user_pool_mfa_config(
        UserPoolId=pools[0]["Id"], MfaConfiguration="OPTIONAL", SmsMfaConfiguration={"SmsConfiguration": SMS}
    )
    idp.admin_set_user_mfa_preference(UserPoolId=pools[0]["Id"], Username="ann", SMSMfaSettings={"Enabled": True})

    answer = idp.forgot_password(ClientId=client_id, Username="ann")

    assert answer["CodeDeliveryDetails"]["Destination"] == destination


def test_the_pool_says_which_address_gets_the_code(
    idp: CognitoIdentityProviderClient, triggers: ScriptedTriggers
) -> None:
    mechanisms = [{"Name": "verified_phone_number", "Priority": 2}, {"Name": "verified_email", "Priority": 1}]
    client_id = both_verified(idp, triggers, AccountRecoverySetting={"RecoveryMechanisms": mechanisms})

    answer = idp.forgot_password(ClientId=client_id, Username="ann")

    assert answer["CodeDeliveryDetails"]["AttributeName"] == "email"


def test_no_code_goes_to_an_unverified_address(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str, outbox: Outbox
) -> None:
    idp.sign_up(ClientId=client_id, **an_application("bob", email="bob@example.com"))
    idp.admin_confirm_sign_up(UserPoolId=pool_id, Username="bob")

    with refused("InvalidParameterException", NO_ADDRESS):
        idp.forgot_password(ClientId=client_id, Username="bob")


def test_a_client_is_told_that_nobody_has_the_name(idp: CognitoIdentityProviderClient, client_id: str) -> None:
    with refused("UserNotFoundException", UNKNOWN):
        idp.forgot_password(ClientId=client_id, Username="nobody")
    with refused("UserNotFoundException", UNKNOWN):
        idp.confirm_forgot_password(
            ClientId=client_id, Username="nobody", ConfirmationCode="123456", Password=NEW_PASSWORD
        )


def test_a_hidden_nobody_is_sent_codes_and_refused_them_as_anybody(
    idp: CognitoIdentityProviderClient, hiding_client: str, clock: FakeClock
) -> None:
    reset: Any = {
        "ClientId": hiding_client,
        "Username": "nobody",
        "Password": NEW_PASSWORD,
        "ConfirmationCode": "123456",
    }
    with refused("ExpiredCodeException", EXPIRED):
        idp.confirm_forgot_password(**reset)

    deliveries = [
        idp.forgot_password(ClientId=hiding_client, Username="nobody")["CodeDeliveryDetails"] for _ in range(2)
    ]

    assert deliveries[0] == deliveries[1]
    with refused("CodeMismatchException", MISMATCH):
        idp.confirm_forgot_password(**reset)
    clock.advance(timedelta(hours=1))
    with refused("ExpiredCodeException", EXPIRED):
        idp.confirm_forgot_password(**reset)


def test_a_hidden_user_without_a_verified_address_is_answered_as_nobody(
    idp: CognitoIdentityProviderClient, pool_id: str, hiding_client: str, outbox: Outbox
) -> None:
    idp.sign_up(ClientId=hiding_client, **an_application("bob"))
    idp.admin_confirm_sign_up(UserPoolId=pool_id, Username="bob")

    assert idp.forgot_password(ClientId=hiding_client, Username="bob")["CodeDeliveryDetails"]

    assert outbox.messages_to("bob") == []
    with refused("CodeMismatchException", MISMATCH):
        idp.confirm_forgot_password(
            ClientId=hiding_client, Username="bob", ConfirmationCode="123456", Password=NEW_PASSWORD
        )


# Changed


@pytest.fixture
def access_token(ann: str, sign_in: SignIn) -> str:
    """Ann's access token."""
    token: str = sign_in(PASSWORD)["AuthenticationResult"]["AccessToken"]
    return token


def test_a_user_changes_their_password(idp: CognitoIdentityProviderClient, access_token: str, sign_in: SignIn) -> None:
    idp.change_password(AccessToken=access_token, PreviousPassword=PASSWORD, ProposedPassword=NEW_PASSWORD)

    assert sign_in(NEW_PASSWORD)["AuthenticationResult"]
    with refused("NotAuthorizedException", WRONG_PASSWORD):
        sign_in(PASSWORD)


@pytest.mark.parametrize("previous", [{"PreviousPassword": "Wr0ng-passw0rd"}, {}], ids=["wrong", "missing"])
def test_a_user_must_know_the_previous_password(
    idp: CognitoIdentityProviderClient, access_token: str, previous: Any
) -> None:
    with refused("NotAuthorizedException", WRONG_PASSWORD):
        idp.change_password(AccessToken=access_token, ProposedPassword=NEW_PASSWORD, **previous)


def test_a_proposed_password_must_satisfy_the_policy(idp: CognitoIdentityProviderClient, access_token: str) -> None:
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        idp.change_password(AccessToken=access_token, PreviousPassword=PASSWORD, ProposedPassword="short")


def test_a_previous_password_cannot_be_guessed_by_trying(
    idp: CognitoIdentityProviderClient, access_token: str, clock: FakeClock
) -> None:
    for _ in range(5):
        with refused("NotAuthorizedException", WRONG_PASSWORD):
            idp.change_password(
                AccessToken=access_token, PreviousPassword="Wr0ng-passw0rd", ProposedPassword=NEW_PASSWORD
            )

    with refused("LimitExceededException", TOO_MANY):
        idp.change_password(AccessToken=access_token, PreviousPassword=PASSWORD, ProposedPassword=NEW_PASSWORD)


def test_a_forged_token_changes_no_password(idp: CognitoIdentityProviderClient, access_token: str) -> None:
    with refused("NotAuthorizedException"):
        idp.change_password(
            AccessToken=f"{access_token[:-8]}AAAAAAAA", PreviousPassword=PASSWORD, ProposedPassword=NEW_PASSWORD
        )


# Reset and set by an administrator


def test_an_administrator_ends_a_password_and_the_user_sets_another(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str, ann: str, outbox: Outbox, sign_in: SignIn
) -> None:
    idp.admin_reset_user_password(UserPoolId=pool_id, Username=ann)
    with refused("PasswordResetRequiredException", "Password reset required for the user"):
        sign_in(PASSWORD)
    code = outbox.last_code_to("ann@example.com")

    idp.confirm_forgot_password(ClientId=client_id, Username=ann, ConfirmationCode=code, Password=NEW_PASSWORD)

    assert sign_in(NEW_PASSWORD)["AuthenticationResult"]


def test_a_reset_ends_the_sessions_that_the_old_password_began(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str, ann: str, sign_in: SignIn
) -> None:
    tokens = sign_in(PASSWORD)["AuthenticationResult"]
    idp.admin_reset_user_password(UserPoolId=pool_id, Username=ann)

    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        idp.get_tokens_from_refresh_token(ClientId=client_id, RefreshToken=tokens["RefreshToken"])
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        idp.get_user(AccessToken=tokens["AccessToken"])


def test_an_administrator_may_reset_where_nobody_else_may(
    idp: CognitoIdentityProviderClient, triggers: ScriptedTriggers, outbox: Outbox
) -> None:
    setting = {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}
    client_id = both_verified(idp, triggers, AccountRecoverySetting=setting)
    pools: Any = idp.list_user_pools(MaxResults=1)["UserPools"]
    idp.admin_reset_user_password(UserPoolId=pools[0]["Id"], Username="ann")
    code = outbox.last_code_to("ann")

    idp.confirm_forgot_password(ClientId=client_id, Username="ann", ConfirmationCode=code, Password=NEW_PASSWORD)


def test_a_reset_needs_a_verified_address(idp: CognitoIdentityProviderClient, pool_id: str, client_id: str) -> None:
    idp.sign_up(ClientId=client_id, **an_application("bob", email="bob@example.com"))
    idp.admin_confirm_sign_up(UserPoolId=pool_id, Username="bob")

    with refused("InvalidParameterException", NO_ADDRESS):
        idp.admin_reset_user_password(UserPoolId=pool_id, Username="bob")


def test_a_temporary_password_can_neither_be_reset_nor_forgotten(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str, ann: str
) -> None:
    idp.admin_set_user_password(UserPoolId=pool_id, Username=ann, Password=NEW_PASSWORD)

    with refused("NotAuthorizedException", NOT_NOW):
        idp.admin_reset_user_password(UserPoolId=pool_id, Username=ann)
    with refused("NotAuthorizedException", NOT_NOW):
        idp.forgot_password(ClientId=client_id, Username=ann)


def test_an_administrator_sets_a_password_for_good(
    idp: CognitoIdentityProviderClient, pool_id: str, ann: str, sign_in: SignIn
) -> None:
    idp.admin_set_user_password(UserPoolId=pool_id, Username=ann, Password=NEW_PASSWORD, Permanent=True)

    assert sign_in(NEW_PASSWORD)["AuthenticationResult"]


def test_a_password_may_be_words_with_spaces_between(
    idp: CognitoIdentityProviderClient, pool_id: str, ann: str, sign_in: SignIn
) -> None:
    words = "Correct 7 horses"
    idp.admin_set_user_password(UserPoolId=pool_id, Username=ann, Password=words, Permanent=True)

    assert sign_in(words)["AuthenticationResult"]


@pytest.mark.parametrize("password", [" Passw0rds", "Passw0rds "], ids=["before", "behind"])
def test_a_password_neither_begins_nor_ends_with_a_space(
    idp: CognitoIdentityProviderClient, pool_id: str, ann: str, password: str
) -> None:
    pattern = r"^[\S]+.*[\S]+$"
    sentence = f"failed to satisfy constraint: Member must satisfy regular expression pattern: {pattern}"

    with refused("InvalidParameterException", f"1 validation error detected: Value at 'password' {sentence}"):
        idp.admin_set_user_password(UserPoolId=pool_id, Username=ann, Password=password, Permanent=True)


def test_a_password_for_good_confirms_the_user(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str, sign_in: SignIn
) -> None:
    idp.sign_up(ClientId=client_id, **an_application("ann"))

    idp.admin_set_user_password(UserPoolId=pool_id, Username="ann", Password=NEW_PASSWORD, Permanent=True)

    assert sign_in(NEW_PASSWORD)["AuthenticationResult"]


def test_a_password_for_a_while_must_be_changed_at_sign_in(
    idp: CognitoIdentityProviderClient, pool_id: str, ann: str, sign_in: SignIn
) -> None:
    idp.admin_set_user_password(UserPoolId=pool_id, Username=ann, Password=NEW_PASSWORD)

    assert sign_in(NEW_PASSWORD)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_a_password_for_a_while_ends(
    idp: CognitoIdentityProviderClient, pool_id: str, ann: str, sign_in: SignIn, clock: FakeClock
) -> None:
    idp.admin_set_user_password(UserPoolId=pool_id, Username=ann, Password=NEW_PASSWORD)
    clock.advance(timedelta(days=7))

    with refused("NotAuthorizedException"):
        sign_in(NEW_PASSWORD)


def test_an_administrator_sets_no_weak_password(idp: CognitoIdentityProviderClient, pool_id: str, ann: str) -> None:
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        idp.admin_set_user_password(UserPoolId=pool_id, Username=ann, Password="short")


def test_another_accounts_pool_does_not_exist(aws: Any, pool_id: str, ann: str) -> None:
    stranger = aws("cognito-idp", key="111111111111")

    with refused("ResourceNotFoundException", f"User pool {pool_id} does not exist."):
        stranger.admin_set_user_password(UserPoolId=pool_id, Username=ann, Password=NEW_PASSWORD)
