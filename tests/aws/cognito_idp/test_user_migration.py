"""UserMigration: another directory brings users, and judges passwords we do not know (spec USER_POOLS section 8.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from idp.domain.errors import TriggerFailed, TriggerRefused
from tests.aws.cognito_idp.people import Pool, a_client_of, a_pool, claims_of
from tests.aws.cognito_idp.pools import NEW_PASSWORD, PASSWORD, named_values
from tests.aws.cognito_idp.trigger_stories import FUNCTION, bringing
from tests.sdk import refused

if TYPE_CHECKING:
    from tests.conftest import Outbox
    from tests.fakes import ScriptedTriggers

CONFIG: dict[str, Any] = {"LambdaConfig": {"UserMigration": FUNCTION}}
HIDING: dict[str, Any] = {"PreventUserExistenceErrors": "ENABLED"}
WRONG = "Incorrect username or password."


def refusing(_event: Any) -> Any:
    raise TriggerRefused("UserMigration failed with error Bad password.")


def failing(_event: Any) -> Any:
    raise TriggerFailed("UserMigration invocation failed due to error ResourceNotFoundException.")


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool with a migration function, and a client that tells who exists."""
    return a_pool(idp, settings=CONFIG)


@pytest.fixture
def hiding(pool: Pool) -> Pool:
    """A client of the same pool that hides who exists."""
    return a_client_of(pool.idp, pool.pool_id, **HIDING)


def user_of(pool: Pool, username: str = "ann") -> Any:
    return pool.idp.admin_get_user(UserPoolId=pool.pool_id, Username=username)


def failed(pool: Pool) -> Any:
    return refused("UserNotFoundException", f"Exception migrating user in app client {pool.client_id}")


# At sign-in


def test_an_unknown_user_whom_the_function_knows_is_signed_in(pool: Pool, triggers: ScriptedTriggers) -> None:
    triggers.on("UserMigration", bringing(finalUserStatus="CONFIRMED"))
    tokens = pool.tokens()
    assert claims_of(tokens["IdToken"])["email"] == "ann@example.com"
    assert user_of(pool)["UserStatus"] == "CONFIRMED"


def test_the_password_is_kept_so_that_the_function_is_asked_once(pool: Pool, triggers: ScriptedTriggers) -> None:
    triggers.on("UserMigration", bringing(finalUserStatus="CONFIRMED"))
    pool.tokens()
    triggers.on("UserMigration", failing)
    assert pool.tokens()["AccessToken"]
    assert [call.name for call in triggers.calls] == ["UserMigration"]


@pytest.mark.usefixtures("real_time")
def test_a_user_who_was_brought_signs_in_by_srp_later(pool: Pool, triggers: ScriptedTriggers) -> None:
    triggers.on("UserMigration", bringing(finalUserStatus="CONFIRMED"))
    pool.tokens()
    assert pool.srp().answer()["AuthenticationResult"]


def test_the_pools_password_policy_is_not_enforced(pool: Pool, triggers: ScriptedTriggers) -> None:
    triggers.on("UserMigration", bringing(finalUserStatus="CONFIRMED"))
    assert pool.tokens(password="old")["AccessToken"]


@pytest.mark.parametrize("client", ["pool", "hiding"])
def test_a_user_must_set_a_password_unless_the_function_confirms_them(
    request: pytest.FixtureRequest, triggers: ScriptedTriggers, client: str
) -> None:
    pool: Pool = request.getfixturevalue(client)
    triggers.on("UserMigration", bringing())
    with refused("PasswordResetRequiredException", "Password reset required for the user"):
        pool.sign_in()
    assert user_of(pool)["UserStatus"] == "RESET_REQUIRED"


def test_administrators_bring_users_too(pool: Pool, triggers: ScriptedTriggers) -> None:
    triggers.on("UserMigration", bringing(finalUserStatus="CONFIRMED"))
    answer = pool.idp.admin_initiate_auth(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ann", "PASSWORD": PASSWORD},
    )
    assert answer["AuthenticationResult"]


@pytest.mark.parametrize("parameters", [{"SRP_A": "a1b2"}])
def test_srp_brings_nobody(pool: Pool, triggers: ScriptedTriggers, parameters: dict[str, str]) -> None:
    with refused("UserNotFoundException", "User does not exist."):
        pool.initiate("USER_SRP_AUTH", **parameters)
    assert triggers.calls == []


def test_someone_who_exists_is_not_brought(pool: Pool, triggers: ScriptedTriggers) -> None:
    pool.sign_up()
    with refused("NotAuthorizedException", WRONG):
        pool.sign_in(password="wrong")
    assert triggers.calls == []


@pytest.mark.parametrize("function", [refusing, failing], ids=["refuses", "fails"])
def test_someone_the_function_does_not_know_is_refused(pool: Pool, triggers: ScriptedTriggers, function: Any) -> None:
    triggers.on("UserMigration", function)
    with failed(pool):
        pool.sign_in()


@pytest.mark.parametrize("function", [refusing, failing], ids=["refuses", "fails"])
def test_where_existence_is_hidden_an_unknown_user_looks_like_a_wrong_password(
    hiding: Pool, triggers: ScriptedTriggers, function: Any
) -> None:
    triggers.on("UserMigration", function)
    with refused("NotAuthorizedException", WRONG):
        hiding.sign_in()


@pytest.mark.parametrize("client", ["pool", "hiding"])
def test_passwords_cannot_be_guessed_through_the_function_without_end(
    request: pytest.FixtureRequest, triggers: ScriptedTriggers, client: str
) -> None:
    pool: Pool = request.getfixturevalue(client)
    triggers.on("UserMigration", refusing)
    for _ in range(5):
        with pytest.raises(pool.idp.exceptions.ClientError):
            pool.sign_in()
    triggers.on("UserMigration", bringing(finalUserStatus="CONFIRMED"))
    with refused("NotAuthorizedException", "Password attempts exceeded"):
        pool.sign_in()
    assert len([call for call in triggers.calls if call.name == "UserMigration"]) == 5


UNUSABLE: list[dict[str, Any]] = [
    {"userAttributes": None},
    {"userAttributes": {}},
    {"userAttributes": "ann"},
    {"userAttributes": {"email": 7}},
    {"userAttributes": {"email": "no address"}},
    {"userAttributes": {"shoe_size": "42"}},
    {"userAttributes": {"sub": "chosen"}},
    {"finalUserStatus": "UNCONFIRMED"},
    {"finalUserStatus": 7},
    {"messageAction": "SHOUT"},
    {"desiredDeliveryMediums": ["PIGEON"]},
    {"desiredDeliveryMediums": "SMS"},
    {"forceAliasCreation": "yes"},
    {"enableSMSMFA": True},
]


@pytest.mark.parametrize("response", UNUSABLE, ids=str)
def test_an_answer_that_makes_no_user_brings_nobody(
    pool: Pool, triggers: ScriptedTriggers, response: dict[str, Any]
) -> None:
    triggers.on("UserMigration", bringing(**{"finalUserStatus": "CONFIRMED", **response}))
    with failed(pool):
        pool.sign_in()
    assert pool.idp.list_users(UserPoolId=pool.pool_id)["Users"] == []


# Names and aliases


def test_a_pool_of_addresses_brings_a_user_under_a_name_of_its_own(idp: Any, triggers: ScriptedTriggers) -> None:
    pool = a_pool(idp, settings={**CONFIG, "UsernameAttributes": ["email"]})
    triggers.on("UserMigration", bringing(finalUserStatus="CONFIRMED"))
    claims = claims_of(pool.tokens("ann@example.com")["IdToken"])
    assert claims["cognito:username"] == claims["sub"]


def test_a_user_who_signs_in_by_an_alias_is_named_by_the_function(idp: Any, triggers: ScriptedTriggers) -> None:
    pool = a_pool(idp, settings={**CONFIG, "AliasAttributes": ["email"]})
    attributes = {"username": "ann", "email": "ann@example.com", "email_verified": "true"}
    triggers.on("UserMigration", bringing(finalUserStatus="CONFIRMED", userAttributes=attributes))
    assert claims_of(pool.tokens("ann@example.com")["IdToken"])["cognito:username"] == "ann"
    assert pool.tokens("ann@example.com")["AccessToken"]


def test_the_function_cannot_bring_somebody_in_another_users_name(idp: Any, triggers: ScriptedTriggers) -> None:
    pool = a_pool(idp, settings=CONFIG)
    pool.sign_up("bob")
    attributes = {"username": "bob", "email": "ann@example.com"}
    triggers.on("UserMigration", bringing(finalUserStatus="CONFIRMED", userAttributes=attributes))
    with failed(pool):
        pool.sign_in("ann")


def with_taken_alias(idp: Any) -> Pool:
    """Make a pool where another user has Ann's address."""
    pool = a_pool(idp, settings={**CONFIG, "AliasAttributes": ["email"]})
    pool.sign_up("other", email="ann@example.com")
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.pool_id, Username="other", UserAttributes=named_values(email_verified="true")
    )
    return pool


def test_a_taken_address_is_left_to_its_owner(idp: Any, triggers: ScriptedTriggers) -> None:
    pool = with_taken_alias(idp)
    triggers.on("UserMigration", bringing(finalUserStatus="CONFIRMED"))
    with failed(pool):
        pool.sign_in()


def test_a_taken_address_moves_if_the_function_says_so(idp: Any, triggers: ScriptedTriggers) -> None:
    pool = with_taken_alias(idp)
    triggers.on("UserMigration", bringing(finalUserStatus="CONFIRMED", forceAliasCreation=True))
    pool.tokens()
    assert user_of(pool, "ann@example.com")["Username"] == "ann"


def test_sms_mfa_is_switched_on_if_the_function_says_so(idp: Any, triggers: ScriptedTriggers) -> None:
    pool = a_pool(idp, settings=CONFIG)
    attributes = {"phone_number": "+15555550100", "phone_number_verified": "true"}
    triggers.on("UserMigration", bringing(finalUserStatus="CONFIRMED", userAttributes=attributes, enableSMSMFA=True))
    pool.tokens()
    assert user_of(pool)["PreferredMfaSetting"] == "SMS_MFA"


# The welcome


def test_a_user_is_welcomed_unless_the_function_suppresses_it(
    pool: Pool, triggers: ScriptedTriggers, outbox: Outbox
) -> None:
    answer = bringing(finalUserStatus="CONFIRMED", messageAction=None, desiredDeliveryMediums=["EMAIL"])
    triggers.on("UserMigration", answer)
    pool.tokens()
    message = outbox.messages_to("ann@example.com")[0]
    assert message.kind == "AdminCreateUser"
    assert PASSWORD not in message.body


def test_a_suppressed_welcome_is_not_sent(pool: Pool, triggers: ScriptedTriggers, outbox: Outbox) -> None:
    triggers.on("UserMigration", bringing(finalUserStatus="CONFIRMED", desiredDeliveryMediums=["EMAIL"]))
    pool.tokens()
    assert outbox.messages_to("ann@example.com") == []


# At a forgotten password


def test_a_user_who_forgot_their_password_is_brought_and_sets_one(
    pool: Pool, triggers: ScriptedTriggers, outbox: Outbox
) -> None:
    triggers.on("UserMigration", bringing())
    sent = pool.idp.forgot_password(ClientId=pool.client_id, Username="ann")
    assert sent["CodeDeliveryDetails"]["Destination"] == "a***@e***"
    code = outbox.last_code_to("ann@example.com")
    pool.idp.confirm_forgot_password(
        ClientId=pool.client_id, Username="ann", ConfirmationCode=code, Password=NEW_PASSWORD
    )
    assert pool.tokens(password=NEW_PASSWORD)["AccessToken"]


def test_a_user_without_a_verified_address_gets_no_code(pool: Pool, triggers: ScriptedTriggers) -> None:
    triggers.on("UserMigration", bringing(userAttributes={"email": "ann@example.com"}))
    with refused(
        "InvalidParameterException",
        "Cannot reset password for the user as there is no registered/verified email or phone_number",
    ):
        pool.idp.forgot_password(ClientId=pool.client_id, Username="ann")


def test_whom_the_function_does_not_know_gets_no_code(pool: Pool, triggers: ScriptedTriggers) -> None:
    triggers.on("UserMigration", refusing)
    with failed(pool):
        pool.idp.forgot_password(ClientId=pool.client_id, Username="ann")


def test_where_existence_is_hidden_a_code_is_pretended(
    hiding: Pool, triggers: ScriptedTriggers, outbox: Outbox
) -> None:
    triggers.on("UserMigration", refusing)
    sent = hiding.idp.forgot_password(ClientId=hiding.client_id, Username="ann@example.com")
    assert sent["CodeDeliveryDetails"]["Destination"] == "a***@e***"
    assert outbox.messages_to("ann@example.com") == []


# Two at once


def meanwhile(pool: Pool, password: str) -> Any:
    """Return a migration function during whose run somebody of the same name comes to be."""

    def bring(event: Any) -> Any:
        pool.idp.admin_create_user(UserPoolId=pool.pool_id, Username="ann", MessageAction="SUPPRESS")
        pool.idp.admin_set_user_password(UserPoolId=pool.pool_id, Username="ann", Password=password, Permanent=True)
        return bringing(finalUserStatus="CONFIRMED")(event)

    return bring


def test_a_user_whom_another_request_brought_meanwhile_is_signed_in(pool: Pool, triggers: ScriptedTriggers) -> None:
    triggers.on("UserMigration", meanwhile(pool, PASSWORD))
    assert pool.tokens()["AccessToken"]


def test_whoever_took_the_name_meanwhile_is_not_signed_in_by_the_functions_word(
    pool: Pool, triggers: ScriptedTriggers
) -> None:
    triggers.on("UserMigration", meanwhile(pool, NEW_PASSWORD))
    with failed(pool):
        pool.sign_in()
