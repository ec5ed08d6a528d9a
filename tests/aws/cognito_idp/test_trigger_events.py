"""Every event as AWS documents it, member by member, and the client metadata in it (spec USER_POOLS sections 1.13 and 8.2).

The golden files hold what a function gets, with names in place of what differs from run to run.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp import trigger_stories as stories
from tests.aws.cognito_idp.trigger_stories import (
    EVERY_PLAIN_TRIGGER,
    GOLDEN,
    SENDERS,
    TOLD,
    Town,
    a_town,
    token_generation,
)

if TYPE_CHECKING:
    from tests.conftest import Outbox
    from tests.fakes import ScriptedTriggers

V1, V2, V3 = (token_generation(version) for version in ("V1_0", "V2_0", "V3_0"))
Story = Callable[[Town], None]

EVENTS: dict[str, tuple[str, Story, dict[str, Any]]] = {
    "PreSignUp_SignUp": ("PreSignUp_SignUp", stories.sign_up, EVERY_PLAIN_TRIGGER),
    "PreSignUp_AdminCreateUser": ("PreSignUp_AdminCreateUser", stories.create_user, EVERY_PLAIN_TRIGGER),
    "PostConfirmation_ConfirmSignUp": ("PostConfirmation_ConfirmSignUp", stories.confirm, EVERY_PLAIN_TRIGGER),
    "PostConfirmation_ConfirmForgotPassword": (
        "PostConfirmation_ConfirmForgotPassword",
        stories.set_forgotten_password,
        EVERY_PLAIN_TRIGGER,
    ),
    "PreAuthentication_Authentication": ("PreAuthentication_Authentication", stories.sign_in, EVERY_PLAIN_TRIGGER),
    "PostAuthentication_Authentication": (
        "PostAuthentication_Authentication",
        stories.sign_in_with_new_password,
        EVERY_PLAIN_TRIGGER,
    ),
    "TokenGeneration_Authentication_V1": ("TokenGeneration_Authentication", stories.sign_in, V1),
    "TokenGeneration_Authentication_V2": ("TokenGeneration_Authentication", stories.sign_in, V2),
    "TokenGeneration_Authentication_V3": ("TokenGeneration_Authentication", stories.sign_in, V3),
    "TokenGeneration_NewPasswordChallenge": (
        "TokenGeneration_NewPasswordChallenge",
        stories.sign_in_with_new_password,
        V1,
    ),
    "TokenGeneration_RefreshTokens": ("TokenGeneration_RefreshTokens", stories.refresh, V2),
    "UserMigration_Authentication": ("UserMigration_Authentication", stories.migrate_at_sign_in, EVERY_PLAIN_TRIGGER),
    "UserMigration_ForgotPassword": ("UserMigration_ForgotPassword", stories.migrate_at_reset, EVERY_PLAIN_TRIGGER),
    "CustomMessage_SignUp": ("CustomMessage_SignUp", stories.sign_up, EVERY_PLAIN_TRIGGER),
    "CustomMessage_AdminCreateUser": ("CustomMessage_AdminCreateUser", stories.create_user, EVERY_PLAIN_TRIGGER),
    "CustomMessage_ResendCode": ("CustomMessage_ResendCode", stories.resend_code, EVERY_PLAIN_TRIGGER),
    "CustomMessage_ForgotPassword": ("CustomMessage_ForgotPassword", stories.forget_password, EVERY_PLAIN_TRIGGER),
    "CustomMessage_UpdateUserAttribute": (
        "CustomMessage_UpdateUserAttribute",
        stories.change_address,
        EVERY_PLAIN_TRIGGER,
    ),
    "CustomMessage_VerifyUserAttribute": (
        "CustomMessage_VerifyUserAttribute",
        stories.verify_address,
        EVERY_PLAIN_TRIGGER,
    ),
    "CustomMessage_Authentication": ("CustomMessage_Authentication", stories.sign_in_with_code, EVERY_PLAIN_TRIGGER),
    "DefineAuthChallenge_Authentication": (
        "DefineAuthChallenge_Authentication",
        stories.answer_custom_challenge,
        EVERY_PLAIN_TRIGGER,
    ),
    "CreateAuthChallenge_Authentication": (
        "CreateAuthChallenge_Authentication",
        stories.answer_custom_challenge,
        EVERY_PLAIN_TRIGGER,
    ),
    "VerifyAuthChallengeResponse_Authentication": (
        "VerifyAuthChallengeResponse_Authentication",
        stories.answer_custom_challenge,
        EVERY_PLAIN_TRIGGER,
    ),
    "CustomEmailSender_SignUp": ("CustomEmailSender_SignUp", stories.sign_up, SENDERS),
    "CustomEmailSender_AdminCreateUser": ("CustomEmailSender_AdminCreateUser", stories.create_user, SENDERS),
    "CustomEmailSender_ResendCode": ("CustomEmailSender_ResendCode", stories.resend_code, SENDERS),
    "CustomEmailSender_ForgotPassword": ("CustomEmailSender_ForgotPassword", stories.forget_password, SENDERS),
    "CustomEmailSender_UpdateUserAttribute": (
        "CustomEmailSender_UpdateUserAttribute",
        stories.change_address,
        SENDERS,
    ),
    "CustomEmailSender_VerifyUserAttribute": (
        "CustomEmailSender_VerifyUserAttribute",
        stories.verify_address,
        SENDERS,
    ),
    "CustomEmailSender_Authentication": (
        "CustomEmailSender_Authentication",
        stories.sign_in_with_emailed_code,
        SENDERS,
    ),
    "CustomSMSSender_SignUp": ("CustomSMSSender_SignUp", stories.sign_up_by_phone, SENDERS),
    "CustomSMSSender_ResendCode": ("CustomSMSSender_ResendCode", stories.resend_code_by_phone, SENDERS),
    "CustomSMSSender_ForgotPassword": ("CustomSMSSender_ForgotPassword", stories.forget_password_by_phone, SENDERS),
    "CustomSMSSender_UpdateUserAttribute": ("CustomSMSSender_UpdateUserAttribute", stories.change_number, SENDERS),
    "CustomSMSSender_VerifyUserAttribute": ("CustomSMSSender_VerifyUserAttribute", stories.verify_number, SENDERS),
    "CustomSMSSender_AdminCreateUser": ("CustomSMSSender_AdminCreateUser", stories.create_user, SENDERS),
    "CustomSMSSender_Authentication": ("CustomSMSSender_Authentication", stories.sign_in_with_code, SENDERS),
}


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_is_as_documented(idp: Any, outbox: Outbox, triggers: ScriptedTriggers, name: str) -> None:
    source, story, config = EVENTS[name]
    town = a_town(idp, outbox, triggers, **config)
    story(town)
    assert town.last(source) == json.loads((GOLDEN / f"{name}.json").read_text())


SILENT = [
    (stories.sign_in, "PostAuthentication_Authentication"),
    (stories.sign_in, "TokenGeneration_Authentication"),
    (stories.sign_in_with_code, "CustomMessage_Authentication"),
]


@pytest.mark.parametrize(("story", "source"), SILENT)
def test_client_metadata_of_initiate_auth_reaches_nobody_but_those_before_the_password(
    idp: Any, outbox: Outbox, triggers: ScriptedTriggers, story: Story, source: str
) -> None:
    town = a_town(idp, outbox, triggers, **EVERY_PLAIN_TRIGGER, **V2)
    story(town)
    assert "clientMetadata" not in town.last(source)["request"]


def test_metadata_of_a_sign_up_that_needs_no_confirmation_reaches_post_confirmation(
    idp: Any, outbox: Outbox, triggers: ScriptedTriggers
) -> None:
    triggers.on("PreSignUp", lambda event: {**event, "response": {"autoConfirmUser": True}})
    town = a_town(idp, outbox, triggers, **EVERY_PLAIN_TRIGGER)
    town.sign_up(ClientMetadata=TOLD)
    assert town.last("PostConfirmation_ConfirmSignUp")["request"]["clientMetadata"] == TOLD


def test_metadata_of_a_confirmation_reaches_post_confirmation(
    idp: Any, outbox: Outbox, triggers: ScriptedTriggers
) -> None:
    town = a_town(idp, outbox, triggers, **EVERY_PLAIN_TRIGGER)
    town.sign_up()
    town.confirm(ClientMetadata=TOLD)
    assert town.last("PostConfirmation_ConfirmSignUp")["request"]["clientMetadata"] == TOLD


def test_metadata_of_a_reset_by_an_administrator_reaches_custom_message(
    idp: Any, outbox: Outbox, triggers: ScriptedTriggers
) -> None:
    town = a_town(idp, outbox, triggers, **EVERY_PLAIN_TRIGGER)
    town.settle()
    idp.admin_reset_user_password(**town.who, ClientMetadata=TOLD)
    event = town.last("CustomMessage_ForgotPassword")
    assert event["request"]["clientMetadata"] == TOLD
    assert event["callerContext"]["clientId"] == "CLIENT_ID_NOT_APPLICABLE"


@pytest.mark.parametrize(
    ("header", "user_agent", "sdk"),
    [
        ("User-Agent", "aws-sdk-js/3.400.0 ua/2.0 os/linux", "aws-sdk-js-3.400.0"),
        ("User-Agent", "aws-sdk-java/2.20.1 Linux/5.10", "aws-sdk-java-2.20.1"),
        ("X-Amz-User-Agent", "aws-sdk-js/2.6.4 callback", "aws-sdk-js-2.6.4"),
        ("User-Agent", "aws-sdk-go-v2/1.17.3", "aws-sdk-go-v2-1.17.3"),
        ("User-Agent", "Mozilla/5.0", "aws-sdk-unknown-unknown"),
        ("User-Agent", 'aws-sdk-"},{/1', "aws-sdk-unknown-unknown"),
    ],
)
def test_the_callers_sdk_is_told(
    idp: Any, outbox: Outbox, triggers: ScriptedTriggers, web: Any, header: str, user_agent: str, sdk: str
) -> None:
    town = a_town(idp, outbox, triggers, **EVERY_PLAIN_TRIGGER)
    town.settle()
    request = {
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": town.pool.client_id,
        "AuthParameters": {"USERNAME": "ann", "PASSWORD": "wrong"},
    }
    web.post(
        "/",
        data=json.dumps(request),
        headers={
            "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
            "Content-Type": "application/x-amz-json-1.1",
            header: user_agent,
        },
    )
    assert town.last("PreAuthentication_Authentication")["callerContext"]["awsSdkVersion"] == sdk
