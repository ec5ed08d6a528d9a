"""CustomEmailSender and CustomSMSSender: the pool sends its messages itself, and gets the codes encrypted."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from aws_encryption_sdk import CommitmentPolicy, EncryptionSDKClient
from aws_encryption_sdk.identifiers import EncryptionKeyType, WrappingAlgorithm
from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey
from aws_encryption_sdk.key_providers.raw import RawMasterKey
from cryptography.exceptions import InvalidTag

from idp.domain.errors import TriggerFailed
from idp.outbound.sender_codes import sender_key
from tests.aws.cognito_idp.people import TEMPORARY
from tests.aws.cognito_idp.pools import PASSWORD, a_user_pool, named_values
from tests.aws.cognito_idp.trigger_stories import EVERY_PLAIN_TRIGGER, KMS_KEY, SENDERS, Town, a_town
from tests.sdk import refused

if TYPE_CHECKING:
    from idp.services import Services
    from tests.conftest import Outbox
    from tests.fakes import ScriptedTriggers

FUNCTION = SENDERS["CustomEmailSender"]


@pytest.fixture
def town(idp: Any, outbox: Outbox, triggers: ScriptedTriggers) -> Town:
    """A pool that sends its e-mail and SMS itself."""
    return a_town(idp, outbox, triggers, **{**EVERY_PLAIN_TRIGGER, **SENDERS})


def opened(services: Services, code: str, *, kms_key: str = KMS_KEY) -> tuple[str, dict[str, str]]:
    """Open a code as a sender's function does, and return it with its encryption context."""
    wrapping_key = WrappingKey(
        wrapping_algorithm=WrappingAlgorithm.AES_256_GCM_IV12_TAG16_NO_PADDING,
        wrapping_key=sender_key(services.sealer, kms_key),
        wrapping_key_type=EncryptionKeyType.SYMMETRIC,
    )
    key = RawMasterKey(key_id=KMS_KEY, provider_id="idp", wrapping_key=wrapping_key)
    client = EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
    text, header = client.decrypt(source=base64.b64decode(code), key_provider=key)
    return text.decode(), header.encryption_context


def code_of(town: Town, source: str) -> str:
    code: str = next(call.event for call in town.triggers.calls if call.source == source)["request"]["code"]
    return code


def test_the_sender_opens_the_code_and_it_confirms_the_user(town: Town, services: Services) -> None:
    town.sign_up()
    code, context = opened(services, code_of(town, "CustomEmailSender_SignUp"))
    assert context["userpool-id"] == town.pool.pool_id
    town.pool.idp.confirm_sign_up(**town.at_client, ConfirmationCode=code)
    assert town.pool.idp.admin_get_user(**town.who)["UserStatus"] == "CONFIRMED"


def test_a_code_does_not_open_with_the_key_of_another_kms_key(town: Town, services: Services) -> None:
    town.sign_up()
    with pytest.raises(InvalidTag):
        opened(services, code_of(town, "CustomEmailSender_SignUp"), kms_key=f"{KMS_KEY}-other")


def test_the_server_sends_nothing_itself_and_asks_for_no_text(town: Town) -> None:
    town.sign_up()
    assert town.outbox.messages_to("ann@example.com") == []
    assert [call.name for call in town.triggers.calls] == ["PreSignUp", "CustomEmailSender"]


def test_the_caller_is_told_where_the_code_goes(town: Town) -> None:
    answer = town.pool.idp.sign_up(
        **town.at_client, Password=PASSWORD, UserAttributes=named_values(email="ann@example.com")
    )
    assert answer["CodeDeliveryDetails"] == {
        "Destination": "a***@e***",
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }


def test_a_medium_without_a_sender_goes_the_usual_way(idp: Any, outbox: Outbox, triggers: ScriptedTriggers) -> None:
    town = a_town(idp, outbox, triggers, CustomSMSSender=FUNCTION, KMSKeyID=KMS_KEY)
    town.sign_up()
    assert outbox.last_code_to("ann@example.com")


def test_a_temporary_password_is_escaped_as_in_html(town: Town, services: Services) -> None:
    town.pool.idp.admin_create_user(
        **town.who,
        TemporaryPassword=f"{TEMPORARY}<&",
        UserAttributes=named_values(email="ann@example.com"),
        DesiredDeliveryMediums=["EMAIL"],
    )
    assert opened(services, code_of(town, "CustomEmailSender_AdminCreateUser"))[0] == f"{TEMPORARY}&lt;&amp;"


def test_an_address_that_waits_for_its_code_is_the_one_told(
    idp: Any, outbox: Outbox, triggers: ScriptedTriggers
) -> None:
    town = a_town(idp, outbox, triggers, **SENDERS)
    idp.update_user_pool(
        UserPoolId=town.pool.pool_id,
        AutoVerifiedAttributes=["email"],
        UserAttributeUpdateSettings={"AttributesRequireVerificationBeforeUpdate": ["email"]},
        LambdaConfig=SENDERS,
    )
    town.settle()
    idp.update_user_attributes(
        AccessToken=town.pool.tokens()["AccessToken"], UserAttributes=named_values(email="new@example.com")
    )
    told = town.last("CustomEmailSender_UpdateUserAttribute")["request"]["userAttributes"]
    assert told["email"] == "new@example.com"


def test_a_sender_that_has_no_room_left_is_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_call: object) -> None:
        raise TriggerFailed("CustomEmailSender invocation failed due to error TooManyRequestsException.")

    monkeypatch.setattr(town.triggers, "enqueue", full)
    with refused(
        "UnexpectedLambdaException", "CustomEmailSender invocation failed due to error TooManyRequestsException."
    ):
        town.sign_up()


def test_a_sender_needs_a_key(idp: Any) -> None:
    with refused("InvalidParameterException", "KMSKeyID is required when a custom sender is configured."):
        a_user_pool(idp, LambdaConfig={"CustomEmailSender": FUNCTION})
