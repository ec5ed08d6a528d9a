"""Users change and verify their own attributes, through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.people import Pool, a_pool
from tests.aws.cognito_idp.pools import named_values
from tests.sdk import refused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

    from tests.conftest import Outbox
    from tests.fakes import FakeClock

ANN = "ann@example.com"
NEW = "new@example.com"
VERIFIES: dict[str, Any] = {"AutoVerifiedAttributes": ["email"]}
VERIFIES_FIRST: dict[str, Any] = {
    **VERIFIES,
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
}
MISMATCH = "Invalid verification code provided, please try again."
EXPIRED = "Invalid code provided, please request a code again."
TOO_MANY = "Attempt limit exceeded, please try after some time."
TAKEN = "An account with the given email already exists."
UNAUTHORIZED = "A client attempted to write unauthorized attribute"


class Ann:
    """Ann, signed in at a pool's client."""

    def __init__(self, pool: Pool, **attributes: str) -> None:
        self.pool = pool
        pool.sign_up(**{"email": ANN, **attributes})
        self.token = pool.tokens()["AccessToken"]

    def changes(self, **attributes: str) -> list[Any]:
        """Change attributes; return where codes went."""
        answer = self.pool.idp.update_user_attributes(AccessToken=self.token, UserAttributes=named_values(**attributes))
        deliveries: list[Any] = answer["CodeDeliveryDetailsList"]
        return deliveries

    def deletes(self, *names: str) -> None:
        self.pool.idp.delete_user_attributes(AccessToken=self.token, UserAttributeNames=list(names))

    def asks_for_a_code(self, attribute: str = "email") -> Any:
        answer = self.pool.idp.get_user_attribute_verification_code(AccessToken=self.token, AttributeName=attribute)
        return answer["CodeDeliveryDetails"]

    def verifies(self, code: str, attribute: str = "email") -> None:
        self.pool.idp.verify_user_attribute(AccessToken=self.token, AttributeName=attribute, Code=code)

    @property
    def attributes(self) -> dict[str, str]:
        """What is stored of her, without `sub`."""
        user = self.pool.idp.admin_get_user(UserPoolId=self.pool.pool_id, Username="ann")
        return {each["Name"]: each["Value"] for each in user["UserAttributes"] if each["Name"] != "sub"}


def make_verified(ann: Ann) -> Ann:
    verified = named_values(email_verified="true")
    ann.pool.idp.admin_update_user_attributes(UserPoolId=ann.pool.pool_id, Username="ann", UserAttributes=verified)
    return ann


@pytest.fixture
def ann(idp: CognitoIdentityProviderClient) -> Ann:
    """Ann, with a verified address, in a pool that sends codes to new ones."""
    return make_verified(Ann(a_pool(idp, settings=VERIFIES)))


@pytest.fixture
def waiting_ann(idp: CognitoIdentityProviderClient) -> Ann:
    """Ann, with a verified address, in a pool that verifies new ones first."""
    return make_verified(Ann(a_pool(idp, settings=VERIFIES_FIRST)))


# Changing and deleting


def test_attributes_are_changed_at_once_and_by_an_empty_value_deleted(ann: Ann) -> None:
    assert ann.changes(nickname="A", locale="de") == []
    assert ann.changes(nickname="", locale="en") == []

    assert ann.attributes == {"email": ANN, "email_verified": "true", "locale": "en"}


def test_a_new_address_is_unverified_and_gets_a_code(ann: Ann, outbox: Outbox) -> None:
    deliveries = ann.changes(email=NEW)

    assert deliveries == [{"Destination": "n***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}]
    assert outbox.messages_to(NEW)[0].kind == "UpdateUserAttribute"
    assert ann.attributes == {"email": NEW, "email_verified": "false"}


def test_a_code_verifies_the_new_address(ann: Ann, outbox: Outbox) -> None:
    ann.changes(email=NEW)

    ann.verifies(outbox.last_code_to(NEW))

    assert ann.attributes == {"email": NEW, "email_verified": "true"}


@pytest.mark.parametrize("name", ["email_verified", "sub", "nickname"])
def test_a_client_changes_nothing_that_it_may_not_write(idp: CognitoIdentityProviderClient, name: str) -> None:
    ann = Ann(a_pool(idp, WriteAttributes=["email"]))

    with refused("NotAuthorizedException", UNAUTHORIZED):
        ann.changes(**{name: "true"})
    with refused("NotAuthorizedException", UNAUTHORIZED):
        ann.deletes(name)


def test_an_attribute_that_the_pool_lacks_is_refused(ann: Ann) -> None:
    sentence = "Invalid user attributes: user.custom:role: Attribute does not exist in the schema.\n"

    with refused("InvalidParameterException", sentence):
        ann.changes(**{"custom:role": "admin"})


def test_an_address_is_deleted_with_its_flag(ann: Ann) -> None:
    ann.deletes("email")

    assert ann.attributes == {}


def test_an_administrator_deletes_attributes(ann: Ann) -> None:
    ann.pool.idp.admin_delete_user_attributes(UserPoolId=ann.pool.pool_id, Username="ann", UserAttributeNames=["email"])

    assert ann.attributes == {}


def test_a_required_attribute_cannot_be_deleted(idp: CognitoIdentityProviderClient) -> None:
    ann = Ann(a_pool(idp, settings={"Schema": [{"Name": "email", "Required": True}]}))

    with refused("InvalidParameterException", "user.email: Attribute is required"):
        ann.deletes("email")


# A new address that waits


def test_where_the_pool_says_so_an_address_stays_until_the_new_one_is_verified(
    waiting_ann: Ann, outbox: Outbox
) -> None:
    deliveries = waiting_ann.changes(email=NEW, nickname="A")

    assert [delivery["Destination"] for delivery in deliveries] == ["n***@e***"]
    assert waiting_ann.attributes == {"email": ANN, "email_verified": "true", "nickname": "A"}

    waiting_ann.verifies(outbox.last_code_to(NEW))

    assert waiting_ann.attributes == {"email": NEW, "email_verified": "true", "nickname": "A"}


def test_a_code_that_is_asked_for_again_goes_to_the_address_that_waits(waiting_ann: Ann, outbox: Outbox) -> None:
    waiting_ann.changes(email=NEW)

    assert waiting_ann.asks_for_a_code()["Destination"] == "n***@e***"

    waiting_ann.verifies(outbox.last_code_to(NEW))
    assert waiting_ann.attributes["email"] == NEW


def test_an_address_that_waits_for_too_long_is_forgotten(waiting_ann: Ann, outbox: Outbox, clock: FakeClock) -> None:
    waiting_ann.changes(email=NEW)
    clock.advance(timedelta(hours=24))
    waiting_ann.token = waiting_ann.pool.tokens()["AccessToken"]

    with refused("ExpiredCodeException", EXPIRED):
        waiting_ann.verifies(outbox.last_code_to(NEW))
    assert waiting_ann.asks_for_a_code()["Destination"] == "a***@e***"


ALIASES: dict[str, Any] = {**VERIFIES_FIRST, "AliasAttributes": ["email"]}


def with_bob(ann: Ann) -> Ann:
    """Let Bob own the address that Ann wants."""
    ann.pool.sign_up("bob", email=NEW)
    ann.pool.idp.admin_update_user_attributes(
        UserPoolId=ann.pool.pool_id, Username="bob", UserAttributes=named_values(email_verified="true")
    )
    return ann


def test_an_address_that_somebody_signs_in_by_is_refused_before_a_code_is_sent(
    idp: CognitoIdentityProviderClient, outbox: Outbox
) -> None:
    ann = with_bob(Ann(a_pool(idp, settings=ALIASES)))
    before = len(outbox.messages_to(NEW))

    with refused("AliasExistsException", TAKEN):
        ann.changes(email=NEW)
    assert len(outbox.messages_to(NEW)) == before


def test_an_address_that_somebody_took_meanwhile_is_refused_at_verification(
    idp: CognitoIdentityProviderClient, outbox: Outbox
) -> None:
    ann = Ann(a_pool(idp, settings=ALIASES))
    ann.changes(email=NEW)
    code = outbox.last_code_to("ann")
    with_bob(ann)

    with refused("AliasExistsException", TAKEN):
        ann.verifies(code)


# Verifying


def test_a_user_asks_for_a_code_to_the_present_address(idp: CognitoIdentityProviderClient, outbox: Outbox) -> None:
    ann = Ann(a_pool(idp))

    delivery = ann.asks_for_a_code()
    ann.verifies(outbox.last_code_to(ANN))

    assert delivery == {"Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    assert outbox.messages_to(ANN)[0].kind == "VerifyUserAttribute"
    assert ann.attributes["email_verified"] == "true"


def test_a_wrong_code_verifies_nothing(ann: Ann, outbox: Outbox) -> None:
    ann.changes(email=NEW)
    wrong = f"{(int(outbox.last_code_to(NEW)) + 1) % 1_000_000:06}"

    with refused("CodeMismatchException", MISMATCH):
        ann.verifies(wrong)


def test_a_code_for_an_older_address_verifies_no_newer_one(ann: Ann, outbox: Outbox) -> None:
    ann.changes(email=NEW)
    code = outbox.last_code_to(NEW)
    changed = named_values(email="victim@example.com", email_verified="false")
    ann.pool.idp.admin_update_user_attributes(UserPoolId=ann.pool.pool_id, Username="ann", UserAttributes=changed)

    with refused("CodeMismatchException", MISMATCH):
        ann.verifies(code)


def test_a_code_verifies_once(ann: Ann, outbox: Outbox) -> None:
    ann.changes(email=NEW)
    code = outbox.last_code_to(NEW)
    ann.verifies(code)

    with refused("ExpiredCodeException", EXPIRED):
        ann.verifies(code)


def test_codes_are_sent_five_times_an_hour(ann: Ann) -> None:
    for _ in range(5):
        ann.asks_for_a_code()

    with refused("LimitExceededException", TOO_MANY):
        ann.asks_for_a_code()


def test_codes_are_tried_fifteen_times_an_hour(ann: Ann, outbox: Outbox) -> None:
    ann.changes(email=NEW)
    code = outbox.last_code_to(NEW)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(15):
        with refused("CodeMismatchException"):
            ann.verifies(wrong)

    with refused("LimitExceededException", TOO_MANY):
        ann.verifies(code)


@pytest.mark.parametrize("attribute", ["nickname", "sub", "custom:email"])
def test_codes_go_to_addresses_only(ann: Ann, attribute: str) -> None:
    with refused("InvalidParameterException", f"Invalid attribute name {attribute}"):
        ann.asks_for_a_code(attribute)
    with refused("InvalidParameterException", f"Invalid attribute name {attribute}"):
        ann.verifies("123456", attribute)


def test_no_code_goes_to_an_address_that_is_not_there(ann: Ann) -> None:
    with refused("InvalidParameterException", "The user has no phone_number attribute."):
        ann.asks_for_a_code("phone_number")
