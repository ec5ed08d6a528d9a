"""Signing up and confirming, through the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from idp.domain.errors import TriggerRefused
from idp.domain.user import User, UserStatus
from tests.aws.cognito_idp.pools import PASSWORD, a_client, a_user_pool, an_application, named_values
from tests.sdk import refused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

    from idp.services import Services
    from tests.conftest import Outbox
    from tests.fakes import FakeClock, ScriptedTriggers

ANN = an_application("ann", email="ann@example.com")
TO_ANN = {"Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
SMS = {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms"}
GATE = "arn:aws:lambda:us-east-1:000000000000:function:gate"
UNKNOWN = "Username/client id combination not found."
MISMATCH = "Invalid verification code provided, please try again."
EXPIRED = "Invalid code provided, please request a code again."
TOO_MANY = "Attempt limit exceeded, please try after some time."


@pytest.fixture
def pool_id(idp: CognitoIdentityProviderClient) -> str:
    """A pool that verifies e-mail addresses."""
    return a_user_pool(idp, AutoVerifiedAttributes=["email"])


@pytest.fixture
def client_id(idp: CognitoIdentityProviderClient, pool_id: str) -> str:
    """A client of that pool."""
    return a_client(idp, pool_id)


def stored(services: Services, pool_id: str, username: str) -> User:
    with services.reading() as work:
        user = work.users.find(pool_id, username)
    assert user is not None
    return user


def no_user(services: Services, pool_id: str, username: str) -> bool:
    with services.reading() as work:
        return work.users.find(pool_id, username) is None


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


# Signing up


def test_signing_up_answers_who_it_is_and_where_the_code_went(
    idp: CognitoIdentityProviderClient, services: Services, pool_id: str, client_id: str
) -> None:
    answer: Any = idp.sign_up(ClientId=client_id, **ANN)

    user = stored(services, pool_id, "ann")
    del answer["ResponseMetadata"]
    assert answer == {"UserConfirmed": False, "UserSub": user.sub, "CodeDeliveryDetails": TO_ANN}
    assert user.status is UserStatus.UNCONFIRMED
    assert user.attributes == {"email": "ann@example.com", "email_verified": "false"}


def test_the_code_goes_to_the_address(idp: CognitoIdentityProviderClient, client_id: str, outbox: Outbox) -> None:
    idp.sign_up(ClientId=client_id, **ANN)

    message = outbox.messages_to("ann@example.com")[0]
    assert (message.kind, message.subject) == ("SignUp", "Your verification code")
    assert message.body == f"Your verification code is {message.code}. "
    assert message.code is not None
    assert message.code.isdigit()
    assert len(message.code) == 6


def test_neither_password_nor_code_is_readable_in_the_database(
    idp: CognitoIdentityProviderClient, services: Services, pool_id: str, client_id: str, outbox: Outbox
) -> None:
    idp.sign_up(ClientId=client_id, **ANN)

    user = stored(services, pool_id, "ann")
    with services.reading() as work:
        code = work.confirmation_codes.find(user.id, "sign_up")
    assert user.credentials is not None
    assert user.credentials.password_hash.startswith("$argon2id$")
    assert code is not None
    assert outbox.last_code_to("ann") not in code.mac


def test_a_phone_number_gets_the_code_before_an_email_address(
    idp: CognitoIdentityProviderClient, outbox: Outbox
) -> None:
    pool_id = a_user_pool(idp, AutoVerifiedAttributes=["email", "phone_number"], SmsConfiguration=SMS)
    application = an_application("ann", email="ann@example.com", phone_number="+15555550134")

    answer = idp.sign_up(ClientId=a_client(idp, pool_id), **application)

    expected = {"Destination": "+*******0134", "DeliveryMedium": "SMS", "AttributeName": "phone_number"}
    assert answer["CodeDeliveryDetails"] == expected
    assert [message.recipient for message in outbox.messages_to("ann")] == ["+15555550134"]


@pytest.mark.parametrize(
    "application", [an_application("ann"), an_application("ann", phone_number="+15555550134")], ids=["none", "other"]
)
def test_no_code_is_sent_without_an_address_that_the_pool_verifies(
    idp: CognitoIdentityProviderClient, client_id: str, outbox: Outbox, application: dict[str, Any]
) -> None:
    answer: Any = idp.sign_up(ClientId=client_id, **application)

    assert "CodeDeliveryDetails" not in answer
    assert outbox.messages_to("ann") == []


def test_a_taken_name_is_refused(idp: CognitoIdentityProviderClient, client_id: str) -> None:
    idp.sign_up(ClientId=client_id, **ANN)

    with refused("UsernameExistsException", "User already exists"):
        idp.sign_up(ClientId=client_id, **an_application("ann", email="other@example.com"))


def test_a_taken_name_in_other_case_is_refused_where_case_does_not_count(idp: CognitoIdentityProviderClient) -> None:
    client_id = a_client(idp, a_user_pool(idp, UsernameConfiguration={"CaseSensitive": False}))
    idp.sign_up(ClientId=client_id, **an_application("ann"))

    with refused("UsernameExistsException", "User already exists"):
        idp.sign_up(ClientId=client_id, **an_application("ANN"))


def test_somebodys_subject_is_no_free_name(idp: CognitoIdentityProviderClient, client_id: str) -> None:
    sub = idp.sign_up(ClientId=client_id, **ANN)["UserSub"]

    with refused("UsernameExistsException"):
        idp.sign_up(ClientId=client_id, **an_application(sub))


def test_signing_up_is_refused_where_only_administrators_make_users(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})

    with refused("NotAuthorizedException", "SignUp is not permitted for this user pool"):
        idp.sign_up(ClientId=a_client(idp, pool_id), **ANN)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Sh0rt!", "Password not long enough"),
        ("passw0rd!", "Password must have uppercase characters"),
        ("PASSW0RD!", "Password must have lowercase characters"),
        ("Password!", "Password must have numeric characters"),
        ("Passw0rds", "Password must have symbol characters"),
    ],
)
def test_a_password_must_satisfy_the_policy(
    idp: CognitoIdentityProviderClient, client_id: str, password: str, reason: str
) -> None:
    with refused("InvalidPasswordException", f"Password did not conform with policy: {reason}"):
        idp.sign_up(ClientId=client_id, **{**ANN, "Password": password})


def test_a_password_cannot_be_left_out(idp: CognitoIdentityProviderClient, client_id: str) -> None:
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        idp.sign_up(ClientId=client_id, Username="ann")


def test_an_unknown_client_is_refused(idp: CognitoIdentityProviderClient) -> None:
    with refused("ResourceNotFoundException", "User pool client nobody does not exist."):
        idp.sign_up(ClientId="nobody", **ANN)


@pytest.mark.parametrize("sent", [{}, {"SecretHash": "Zm9yZ2Vk"}], ids=["none", "forged"])
def test_a_client_with_a_secret_must_prove_it(
    idp: CognitoIdentityProviderClient, pool_id: str, sent: dict[str, Any]
) -> None:
    client_id = a_client(idp, pool_id, GenerateSecret=True)

    with refused("NotAuthorizedException"):
        idp.sign_up(ClientId=client_id, **sent, **ANN)


def test_a_client_proves_its_secret_by_secret_hash(
    idp: CognitoIdentityProviderClient, services: Services, pool_id: str
) -> None:
    client_id = a_client(idp, pool_id, GenerateSecret=True)
    client = services.catalog.clients.find(client_id)
    assert client is not None

    assert idp.sign_up(ClientId=client_id, SecretHash=client.secret_hash("ann", client.secrets[0]), **ANN)["UserSub"]


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("confirm_sign_up", {"ConfirmationCode": "123456"}),
        ("resend_confirmation_code", {}),
        ("forgot_password", {}),
        ("confirm_forgot_password", {"ConfirmationCode": "123456", "Password": PASSWORD}),
    ],
)
@pytest.mark.parametrize("username", ["ann", "nobody"])
def test_a_client_must_prove_its_secret_in_everything_it_does_for_users(
    idp: CognitoIdentityProviderClient,
    services: Services,
    pool_id: str,
    operation: str,
    parameters: dict[str, str],
    username: str,
) -> None:
    client_id = a_client(idp, pool_id, GenerateSecret=True)
    client = services.catalog.clients.find(client_id)
    assert client is not None
    idp.sign_up(ClientId=client_id, SecretHash=client.secret_hash("ann", client.secrets[0]), **ANN)

    with refused(
        "NotAuthorizedException", f"Client {client_id} is configured with secret but SECRET_HASH was not received"
    ):
        getattr(idp, operation)(ClientId=client_id, Username=username, **parameters)


def test_a_secret_hash_may_be_made_over_the_username_behind_an_address(
    idp: CognitoIdentityProviderClient, services: Services
) -> None:
    pool_id = a_user_pool(idp, UsernameAttributes=["email"], AutoVerifiedAttributes=["email"])
    client_id = a_client(idp, pool_id, GenerateSecret=True)
    client = services.catalog.clients.find(client_id)
    assert client is not None
    typed: Any = {"ClientId": client_id, "Username": "ann@example.com"}
    sub = idp.sign_up(**typed, Password=PASSWORD, SecretHash=client.secret_hash("ann@example.com", client.secrets[0]))[
        "UserSub"
    ]

    answer = idp.resend_confirmation_code(**typed, SecretHash=client.secret_hash(sub, client.secrets[0]))

    assert answer["CodeDeliveryDetails"] == TO_ANN


@pytest.mark.parametrize("name", ["email_verified", "custom:role"])
def test_a_client_cannot_write_what_it_may_not(idp: CognitoIdentityProviderClient, name: str) -> None:
    schema: Any = [{"Name": "role", "AttributeDataType": "String"}]
    client_id = a_client(idp, a_user_pool(idp, Schema=schema), WriteAttributes=["email"])

    with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
        idp.sign_up(ClientId=client_id, **an_application("ann", **{name: "true"}))


def test_a_required_attribute_must_be_there(idp: CognitoIdentityProviderClient) -> None:
    client_id = a_client(idp, a_user_pool(idp, Schema=[{"Name": "email", "Required": True}]))
    sentence = "Attributes did not conform to the schema: email: The attribute is required\n"

    with refused("InvalidParameterException", sentence):
        idp.sign_up(ClientId=client_id, **an_application("ann"))


# Addresses as usernames, and as aliases


@pytest.fixture
def email_client(idp: CognitoIdentityProviderClient) -> str:
    """A client of a pool where an e-mail address is the username."""
    return a_client(idp, a_user_pool(idp, UsernameAttributes=["email"], AutoVerifiedAttributes=["email"]))


def test_an_address_as_username_is_the_users_attribute_and_their_name_a_uuid(
    idp: CognitoIdentityProviderClient, outbox: Outbox, email_client: str
) -> None:
    answer = idp.sign_up(ClientId=email_client, Username="ann@example.com", Password=PASSWORD)

    message = outbox.messages_to("ann@example.com")[0]
    assert message.username == answer["UserSub"]
    assert answer["CodeDeliveryDetails"] == TO_ANN


def test_a_name_that_is_no_address_is_refused_as_one(idp: CognitoIdentityProviderClient, email_client: str) -> None:
    with refused("InvalidParameterException", "Username should be an email."):
        idp.sign_up(ClientId=email_client, Username="ann", Password=PASSWORD)


def test_a_taken_address_is_a_taken_username(idp: CognitoIdentityProviderClient, email_client: str) -> None:
    idp.sign_up(ClientId=email_client, Username="ann@example.com", Password=PASSWORD)

    with refused("UsernameExistsException", "An account with the given email already exists."):
        idp.sign_up(ClientId=email_client, Username="ann@example.com", Password=PASSWORD)


@pytest.fixture
def alias_client(idp: CognitoIdentityProviderClient) -> str:
    """A client of a pool where a verified e-mail address is an alias."""
    return a_client(idp, a_user_pool(idp, AliasAttributes=["email"], AutoVerifiedAttributes=["email"]))


def confirm(idp: CognitoIdentityProviderClient, client_id: str, username: str, outbox: Outbox, **options: Any) -> None:
    code = outbox.last_code_to(username)
    idp.confirm_sign_up(ClientId=client_id, Username=username, ConfirmationCode=code, **options)


def test_an_alias_is_taken_when_it_is_confirmed_not_when_somebody_signs_up(
    idp: CognitoIdentityProviderClient, alias_client: str, outbox: Outbox
) -> None:
    idp.sign_up(ClientId=alias_client, **ANN)
    idp.sign_up(ClientId=alias_client, **an_application("eve", email="ann@example.com"))
    confirm(idp, alias_client, "ann", outbox)

    with refused("AliasExistsException", "An account with the email already exists."):
        confirm(idp, alias_client, "eve", outbox)


def test_a_refused_alias_leaves_the_code_good(
    idp: CognitoIdentityProviderClient, services: Services, alias_client: str, outbox: Outbox
) -> None:
    idp.sign_up(ClientId=alias_client, **ANN)
    idp.sign_up(ClientId=alias_client, **an_application("bob", email="ann@example.com"))
    confirm(idp, alias_client, "ann", outbox)
    with refused("AliasExistsException"):
        confirm(idp, alias_client, "bob", outbox)

    confirm(idp, alias_client, "bob", outbox, ForceAliasCreation=True)

    client = services.catalog.clients.find(alias_client)
    assert client is not None
    bob = stored(services, client.pool_id, "ann@example.com")
    ann = stored(services, client.pool_id, "ann")
    assert (bob.username, ann.attributes["email_verified"]) == ("bob", "false")


# Confirming


def test_the_code_confirms_the_user_and_verifies_the_address(
    idp: CognitoIdentityProviderClient, services: Services, pool_id: str, client_id: str, outbox: Outbox
) -> None:
    idp.sign_up(ClientId=client_id, **ANN)

    confirm(idp, client_id, "ann", outbox)

    user = stored(services, pool_id, "ann")
    assert user.status is UserStatus.CONFIRMED
    assert user.attributes["email_verified"] == "true"


def test_a_user_is_confirmed_once(idp: CognitoIdentityProviderClient, client_id: str, outbox: Outbox) -> None:
    idp.sign_up(ClientId=client_id, **ANN)
    confirm(idp, client_id, "ann", outbox)

    with refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
        confirm(idp, client_id, "ann", outbox)


def test_a_wrong_code_is_refused(idp: CognitoIdentityProviderClient, client_id: str, outbox: Outbox) -> None:
    idp.sign_up(ClientId=client_id, **ANN)
    wrong = other_than(outbox.last_code_to("ann"))

    with refused("CodeMismatchException", MISMATCH):
        idp.confirm_sign_up(ClientId=client_id, Username="ann", ConfirmationCode=wrong)


def test_somebody_elses_code_is_refused(idp: CognitoIdentityProviderClient, client_id: str, outbox: Outbox) -> None:
    idp.sign_up(ClientId=client_id, **ANN)
    idp.sign_up(ClientId=client_id, **an_application("eve", email="eve@example.com"))

    with refused("CodeMismatchException", MISMATCH):
        idp.confirm_sign_up(ClientId=client_id, Username="ann", ConfirmationCode=outbox.last_code_to("eve"))


def test_a_code_proves_no_other_address_than_it_went_to(
    idp: CognitoIdentityProviderClient, services: Services, pool_id: str, client_id: str, outbox: Outbox
) -> None:
    idp.sign_up(ClientId=client_id, **ANN)
    with services.unit_of_work() as work:
        user = work.users.find_by_username(pool_id, "ann")
        assert user is not None
        work.users.save(replace(user, attributes={"email": "victim@example.com"}))
        work.commit()

    with refused("CodeMismatchException", MISMATCH):
        confirm(idp, client_id, "ann", outbox)


def test_a_code_ends_after_a_day(
    idp: CognitoIdentityProviderClient, client_id: str, outbox: Outbox, clock: FakeClock
) -> None:
    idp.sign_up(ClientId=client_id, **ANN)
    clock.advance(timedelta(hours=24))

    with refused("ExpiredCodeException", EXPIRED):
        confirm(idp, client_id, "ann", outbox)


def test_codes_cannot_be_tried_until_one_fits(
    idp: CognitoIdentityProviderClient, client_id: str, outbox: Outbox
) -> None:
    idp.sign_up(ClientId=client_id, **ANN)
    wrong = other_than(outbox.last_code_to("ann"))
    for _ in range(15):
        with refused("CodeMismatchException"):
            idp.confirm_sign_up(ClientId=client_id, Username="ann", ConfirmationCode=wrong)

    with refused("LimitExceededException", TOO_MANY):
        confirm(idp, client_id, "ann", outbox)


def test_codes_may_be_tried_again_an_hour_later(
    idp: CognitoIdentityProviderClient, client_id: str, outbox: Outbox, clock: FakeClock
) -> None:
    idp.sign_up(ClientId=client_id, **ANN)
    wrong = other_than(outbox.last_code_to("ann"))
    for _ in range(15):
        with refused("CodeMismatchException"):
            idp.confirm_sign_up(ClientId=client_id, Username="ann", ConfirmationCode=wrong)
    clock.advance(timedelta(hours=1))

    confirm(idp, client_id, "ann", outbox)


def test_an_administrator_confirms_without_verifying(
    idp: CognitoIdentityProviderClient, services: Services, pool_id: str, client_id: str
) -> None:
    idp.sign_up(ClientId=client_id, **ANN)

    idp.admin_confirm_sign_up(UserPoolId=pool_id, Username="ann")

    user = stored(services, pool_id, "ann")
    assert (user.status, user.attributes["email_verified"]) == (UserStatus.CONFIRMED, "false")


def test_an_administrator_confirms_once(idp: CognitoIdentityProviderClient, pool_id: str, client_id: str) -> None:
    idp.sign_up(ClientId=client_id, **ANN)
    idp.admin_confirm_sign_up(UserPoolId=pool_id, Username="ann")

    with refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
        idp.admin_confirm_sign_up(UserPoolId=pool_id, Username="ann")


def test_an_administrator_cannot_confirm_nobody(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    with refused("UserNotFoundException", "User does not exist."):
        idp.admin_confirm_sign_up(UserPoolId=pool_id, Username="nobody")


def test_another_accounts_pool_does_not_exist(aws: Any, idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    stranger = aws("cognito-idp", key="111111111111")

    with refused("ResourceNotFoundException", f"User pool {pool_id} does not exist."):
        stranger.admin_confirm_sign_up(UserPoolId=pool_id, Username="ann")


# Sending the code again


def test_a_new_code_ends_the_older_one(idp: CognitoIdentityProviderClient, client_id: str, outbox: Outbox) -> None:
    idp.sign_up(ClientId=client_id, **ANN)
    older = outbox.last_code_to("ann")

    answer = idp.resend_confirmation_code(ClientId=client_id, Username="ann")

    assert answer["CodeDeliveryDetails"] == TO_ANN
    assert outbox.messages_to("ann")[0].kind == "ResendCode"
    with refused("CodeMismatchException", MISMATCH):
        idp.confirm_sign_up(ClientId=client_id, Username="ann", ConfirmationCode=older)
    confirm(idp, client_id, "ann", outbox)


def test_no_code_is_sent_to_who_is_confirmed(idp: CognitoIdentityProviderClient, pool_id: str, client_id: str) -> None:
    idp.sign_up(ClientId=client_id, **ANN)
    idp.admin_confirm_sign_up(UserPoolId=pool_id, Username="ann")

    with refused("InvalidParameterException", "User is already confirmed."):
        idp.resend_confirmation_code(ClientId=client_id, Username="ann")


def test_no_code_is_sent_where_nothing_is_verified(idp: CognitoIdentityProviderClient) -> None:
    client_id = a_client(idp, a_user_pool(idp))
    idp.sign_up(ClientId=client_id, **ANN)

    with refused("NotAuthorizedException", "Cannot resend codes. Auto verification not turned on."):
        idp.resend_confirmation_code(ClientId=client_id, Username="ann")


def test_codes_are_sent_five_times_an_hour(idp: CognitoIdentityProviderClient, client_id: str) -> None:
    idp.sign_up(ClientId=client_id, **ANN)
    for _ in range(5):
        idp.resend_confirmation_code(ClientId=client_id, Username="ann")

    with refused("LimitExceededException", TOO_MANY):
        idp.resend_confirmation_code(ClientId=client_id, Username="ann")


# Who does not exist


def test_a_client_is_told_that_nobody_has_the_name(idp: CognitoIdentityProviderClient, client_id: str) -> None:
    with refused("UserNotFoundException", UNKNOWN):
        idp.confirm_sign_up(ClientId=client_id, Username="nobody", ConfirmationCode="123456")
    with refused("UserNotFoundException", UNKNOWN):
        idp.resend_confirmation_code(ClientId=client_id, Username="nobody")


@pytest.fixture
def hiding_client(idp: CognitoIdentityProviderClient, pool_id: str) -> str:
    """A client that hides who exists."""
    return a_client(idp, pool_id, PreventUserExistenceErrors="ENABLED")


def test_a_hidden_nobody_is_sent_codes_and_refused_them_as_anybody(
    idp: CognitoIdentityProviderClient, hiding_client: str, outbox: Outbox
) -> None:
    with refused("ExpiredCodeException", EXPIRED):
        idp.confirm_sign_up(ClientId=hiding_client, Username="nobody", ConfirmationCode="123456")

    answers = [idp.resend_confirmation_code(ClientId=hiding_client, Username="nobody") for _ in range(5)]

    deliveries = [answer["CodeDeliveryDetails"] for answer in answers]
    assert deliveries == [deliveries[0]] * 5
    assert deliveries[0]["DeliveryMedium"] == "EMAIL"
    assert outbox.messages_to("nobody") == []
    with refused("LimitExceededException", TOO_MANY):
        idp.resend_confirmation_code(ClientId=hiding_client, Username="nobody")
    with refused("CodeMismatchException", MISMATCH):
        idp.confirm_sign_up(ClientId=hiding_client, Username="nobody", ConfirmationCode="123456")


def test_a_hidden_nobodys_codes_are_limited_as_anybodys(idp: CognitoIdentityProviderClient, hiding_client: str) -> None:
    for _ in range(15):
        with refused("ExpiredCodeException"):
            idp.confirm_sign_up(ClientId=hiding_client, Username="nobody", ConfirmationCode="123456")

    with refused("LimitExceededException", TOO_MANY):
        idp.confirm_sign_up(ClientId=hiding_client, Username="nobody", ConfirmationCode="123456")


# Triggers


@pytest.fixture
def gated_client(idp: CognitoIdentityProviderClient) -> str:
    """A client of a pool with triggers."""
    triggers: Any = {"PreSignUp": GATE, "PostConfirmation": GATE, "CustomMessage": GATE}
    pool_id = a_user_pool(idp, AliasAttributes=["email"], AutoVerifiedAttributes=["email"], LambdaConfig=triggers)
    return a_client(idp, pool_id)


def grant(**flags: object) -> Any:
    """Let a trigger answer with these members of its response."""
    return lambda event: {**event, "response": {**event["response"], **flags}}


def test_the_pre_sign_up_trigger_is_asked_with_what_was_submitted(
    idp: CognitoIdentityProviderClient, gated_client: str, triggers: ScriptedTriggers
) -> None:
    idp.sign_up(
        ClientId=gated_client,
        ValidationData=named_values(invitation="xyz"),
        ClientMetadata={"campaign": "spring"},
        **ANN,
    )

    event = triggers.calls[0].event
    assert (event["triggerSource"], event["userName"]) == ("PreSignUp_SignUp", "ann")
    assert event["callerContext"]["clientId"] == gated_client
    assert event["request"] == {
        "userAttributes": {"email": "ann@example.com"},
        "validationData": {"invitation": "xyz"},
        "clientMetadata": {"campaign": "spring"},
    }
    assert event["response"] == {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False}


def test_a_refusal_of_pre_sign_up_stores_nothing(
    idp: CognitoIdentityProviderClient, services: Services, gated_client: str, triggers: ScriptedTriggers
) -> None:
    def refuse(event: Any) -> Any:
        raise TriggerRefused("PreSignUp failed with error by invitation only.")

    triggers.on("PreSignUp", refuse)

    with refused("UserLambdaValidationException", "PreSignUp failed with error by invitation only."):
        idp.sign_up(ClientId=gated_client, **ANN)

    client = services.catalog.clients.find(gated_client)
    assert client is not None
    assert no_user(services, client.pool_id, "ann")


def test_pre_sign_up_can_confirm_and_verify(
    idp: CognitoIdentityProviderClient,
    services: Services,
    gated_client: str,
    triggers: ScriptedTriggers,
    outbox: Outbox,
) -> None:
    triggers.on("PreSignUp", grant(autoConfirmUser=True, autoVerifyEmail=True))

    answer: Any = idp.sign_up(ClientId=gated_client, **ANN)

    client = services.catalog.clients.find(gated_client)
    assert client is not None
    user = stored(services, client.pool_id, "ann@example.com")
    assert answer["UserConfirmed"]
    assert "CodeDeliveryDetails" not in answer
    assert (user.status, user.attributes["email_verified"]) == (UserStatus.CONFIRMED, "true")
    assert [call.source for call in triggers.calls] == ["PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"]
    assert outbox.messages_to("ann") == []


def test_an_address_that_pre_sign_up_verifies_is_taken_from_its_owner(
    idp: CognitoIdentityProviderClient, services: Services, gated_client: str, triggers: ScriptedTriggers
) -> None:
    triggers.on("PreSignUp", grant(autoConfirmUser=True, autoVerifyEmail=True))
    idp.sign_up(ClientId=gated_client, **ANN)

    idp.sign_up(ClientId=gated_client, **an_application("bob", email="ann@example.com"))

    client = services.catalog.clients.find(gated_client)
    assert client is not None
    assert stored(services, client.pool_id, "ann@example.com").username == "bob"
    assert stored(services, client.pool_id, "ann").attributes["email_verified"] == "false"


def test_pre_sign_up_cannot_verify_an_address_that_is_not_there(
    idp: CognitoIdentityProviderClient, gated_client: str, triggers: ScriptedTriggers
) -> None:
    triggers.on("PreSignUp", grant(autoVerifyPhone=True))

    with refused("InvalidParameterException", "Phone number is required to verify/un-verify a phone number"):
        idp.sign_up(ClientId=gated_client, **ANN)


def test_a_flag_that_is_no_truth_value_is_refused(
    idp: CognitoIdentityProviderClient, gated_client: str, triggers: ScriptedTriggers
) -> None:
    triggers.on("PreSignUp", grant(autoConfirmUser="yes"))

    with refused("InvalidLambdaResponseException", "Unrecognizable lambda output"):
        idp.sign_up(ClientId=gated_client, **ANN)


def test_post_confirmation_is_told_who_was_confirmed(
    idp: CognitoIdentityProviderClient, gated_client: str, triggers: ScriptedTriggers, outbox: Outbox
) -> None:
    sub = idp.sign_up(ClientId=gated_client, **ANN)["UserSub"]

    confirm(idp, gated_client, "ann", outbox, ClientMetadata={"campaign": "spring"})

    event = triggers.calls[-1].event
    assert event["triggerSource"] == "PostConfirmation_ConfirmSignUp"
    assert event["request"] == {
        "userAttributes": {
            "sub": sub,
            "cognito:email_alias": "ann@example.com",
            "cognito:user_status": "CONFIRMED",
            "email": "ann@example.com",
            "email_verified": "true",
        },
        "clientMetadata": {"campaign": "spring"},
    }


def test_a_failure_of_post_confirmation_leaves_the_user_confirmed(
    idp: CognitoIdentityProviderClient,
    services: Services,
    gated_client: str,
    triggers: ScriptedTriggers,
    outbox: Outbox,
) -> None:
    def refuse(event: Any) -> Any:
        raise TriggerRefused("PostConfirmation failed with error no table.")

    triggers.on("PostConfirmation", refuse)
    idp.sign_up(ClientId=gated_client, **ANN)

    with refused("UserLambdaValidationException", "PostConfirmation failed with error no table."):
        confirm(idp, gated_client, "ann", outbox)

    client = services.catalog.clients.find(gated_client)
    assert client is not None
    assert stored(services, client.pool_id, "ann").status is UserStatus.CONFIRMED


def test_no_client_is_named_when_an_administrator_confirms(
    idp: CognitoIdentityProviderClient, services: Services, gated_client: str, triggers: ScriptedTriggers
) -> None:
    idp.sign_up(ClientId=gated_client, **ANN)
    client = services.catalog.clients.find(gated_client)
    assert client is not None

    idp.admin_confirm_sign_up(UserPoolId=client.pool_id, Username="ann")

    assert triggers.calls[-1].event["callerContext"]["clientId"] == "CLIENT_ID_NOT_APPLICABLE"


def test_words_that_cannot_be_sent_leave_the_user(
    idp: CognitoIdentityProviderClient, services: Services, gated_client: str, triggers: ScriptedTriggers
) -> None:
    triggers.on("CustomMessage", grant(emailSubject="x" * 141))

    with refused("InvalidLambdaResponseException"):
        idp.sign_up(ClientId=gated_client, **ANN)

    client = services.catalog.clients.find(gated_client)
    assert client is not None
    assert stored(services, client.pool_id, "ann").status is UserStatus.UNCONFIRMED
