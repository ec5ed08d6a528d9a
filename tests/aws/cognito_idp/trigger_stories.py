"""What people do that makes a pool's functions run, one story for each event."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.aws.cognito_idp.custom_auth import script
from tests.aws.cognito_idp.mfa_users import prefer
from tests.aws.cognito_idp.people import TEMPORARY, Pool, a_client_of
from tests.aws.cognito_idp.pools import NEW_PASSWORD, PASSWORD, a_user_pool, named_values

if TYPE_CHECKING:
    from tests.conftest import Outbox
    from tests.fakes import ScriptedTriggers

GOLDEN = Path(__file__).parents[2] / "golden" / "triggers"
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:trigger"
KMS_KEY = "arn:aws:kms:us-east-1:000000000000:key/11111111-2222-4333-8444-555555555555"
PLAIN = (
    "PreSignUp",
    "PostConfirmation",
    "PreAuthentication",
    "PostAuthentication",
    "CustomMessage",
    "UserMigration",
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
)
EVERY_PLAIN_TRIGGER = dict.fromkeys(PLAIN, FUNCTION)
SENDERS: dict[str, Any] = {
    "CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION},
    "CustomSMSSender": {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION},
    "KMSKeyID": KMS_KEY,
}
SMS: dict[str, Any] = {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms"}}
PHONE = "+15555550100"
TOLD = {"campaign": "spring"}


def token_generation(version: str) -> dict[str, Any]:
    """Return the LambdaConfig of a token trigger."""
    return {"PreTokenGenerationConfig": {"LambdaVersion": version, "LambdaArn": FUNCTION}}


@dataclass(frozen=True)
class Town:
    """A pool whose functions hear everything, with one client that hides who exists."""

    pool: Pool
    outbox: Outbox
    triggers: ScriptedTriggers

    @property
    def who(self) -> dict[str, str]:
        return {"UserPoolId": self.pool.pool_id, "Username": "ann"}

    @property
    def at_client(self) -> dict[str, str]:
        return {"ClientId": self.pool.client_id, "Username": "ann"}

    def sign_up(self, **more: Any) -> None:
        self.pool.idp.sign_up(
            **self.at_client, Password=PASSWORD, UserAttributes=named_values(email="ann@example.com"), **more
        )

    def confirm(self, **more: Any) -> None:
        code = self.outbox.last_code_to("ann@example.com")
        self.pool.idp.confirm_sign_up(**self.at_client, ConfirmationCode=code, **more)

    def settle(self) -> None:
        """Let Ann be a user who signs in."""
        self.sign_up()
        self.pool.idp.admin_confirm_sign_up(**self.who)
        self.pool.idp.admin_update_user_attributes(**self.who, UserAttributes=named_values(email_verified="true"))

    def last(self, source: str) -> dict[str, Any]:
        """Return the last event of a triggerSource, with names in place of what differs from run to run."""
        event = [call.event for call in self.triggers.calls if call.source == source][-1]
        subs = re.findall(r'"sub": "([0-9a-f-]{36})"', json.dumps(event))
        text = json.dumps(event).replace(self.pool.pool_id, "POOL").replace(self.pool.client_id, "CLIENT")
        for sub in subs:
            text = text.replace(sub, "SUB")
        named: dict[str, Any] = json.loads(re.sub(r'"code": "[A-Za-z0-9+/=]{100,}"', '"code": "ENCRYPTED"', text))
        return named


def a_town(idp: Any, outbox: Outbox, triggers: ScriptedTriggers, **config: Any) -> Town:
    """Make a pool with an e-mail alias, and with functions."""
    pool_id = a_user_pool(idp, AliasAttributes=["email"], AutoVerifiedAttributes=["email"], LambdaConfig=config, **SMS)
    return Town(a_client_of(idp, pool_id, PreventUserExistenceErrors="ENABLED"), outbox, triggers)


def sign_up(town: Town) -> None:
    town.sign_up(ValidationData=named_values(invitation="A7"), ClientMetadata=TOLD)


def create_user(town: Town) -> None:
    town.pool.idp.admin_create_user(
        **town.who,
        TemporaryPassword=TEMPORARY,
        UserAttributes=named_values(email="ann@example.com", email_verified="true", phone_number="+15555550100"),
        DesiredDeliveryMediums=["EMAIL", "SMS"],
        ClientMetadata=TOLD,
    )


def confirm(town: Town) -> None:
    town.pool.idp.sign_up(**town.at_client, Password=PASSWORD, UserAttributes=named_values(email="ann@example.com"))
    town.pool.idp.admin_confirm_sign_up(**town.who, ClientMetadata=TOLD)


def resend_code(town: Town) -> None:
    town.sign_up()
    town.pool.idp.resend_confirmation_code(**town.at_client, ClientMetadata=TOLD)


def forget_password(town: Town) -> None:
    town.settle()
    town.pool.idp.forgot_password(**town.at_client, ClientMetadata=TOLD)


def set_forgotten_password(town: Town) -> None:
    town.settle()
    town.pool.idp.forgot_password(**town.at_client)
    code = town.outbox.last_code_to("ann@example.com")
    town.pool.idp.confirm_forgot_password(
        **town.at_client, ConfirmationCode=code, Password=NEW_PASSWORD, ClientMetadata=TOLD
    )


def sign_in(town: Town) -> None:
    town.settle()
    town.pool.sign_in(ClientMetadata=TOLD)


def sign_in_with_new_password(town: Town) -> None:
    town.settle()
    town.pool.give_temporary_password()
    asked = town.pool.sign_in(password=TEMPORARY)
    town.pool.idp.respond_to_auth_challenge(
        ClientId=town.pool.client_id,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ann", "NEW_PASSWORD": NEW_PASSWORD},
        ClientMetadata=TOLD,
    )


def refresh(town: Town) -> None:
    town.settle()
    town.pool.idp.create_group(
        UserPoolId=town.pool.pool_id, GroupName="staff", RoleArn="arn:aws:iam::000000000000:role/staff"
    )
    town.pool.idp.admin_add_user_to_group(**town.who, GroupName="staff")
    tokens = town.pool.tokens()
    town.pool.idp.get_tokens_from_refresh_token(
        ClientId=town.pool.client_id, RefreshToken=tokens["RefreshToken"], ClientMetadata=TOLD
    )


def change_address(town: Town) -> None:
    town.settle()
    town.pool.idp.admin_update_user_attributes(
        **town.who, UserAttributes=named_values(email="new@example.com"), ClientMetadata=TOLD
    )


def verify_address(town: Town) -> None:
    town.settle()
    town.pool.idp.get_user_attribute_verification_code(
        AccessToken=town.pool.tokens()["AccessToken"], AttributeName="email", ClientMetadata=TOLD
    )


def migrate_at_sign_in(town: Town) -> None:
    town.triggers.on("UserMigration", bringing(finalUserStatus="CONFIRMED"))
    town.pool.sign_in(ClientMetadata=TOLD)


def migrate_at_reset(town: Town) -> None:
    town.triggers.on("UserMigration", bringing())
    town.pool.idp.forgot_password(**town.at_client, ClientMetadata=TOLD)


def bringing(**response: Any) -> Any:
    """Return a migration function that knows everybody."""
    user = {"userAttributes": {"email": "ann@example.com", "email_verified": "true"}, "messageAction": "SUPPRESS"}
    return lambda event: {**event, "response": {**user, **response}}


def sign_in_with_code(town: Town) -> None:
    town.settle()
    town.pool.idp.admin_update_user_attributes(**town.who, UserAttributes=named_values(phone_number="+15555550100"))
    town.pool.idp.set_user_pool_mfa_config(
        UserPoolId=town.pool.pool_id, MfaConfiguration="OPTIONAL", SmsMfaConfiguration=SMS
    )
    prefer(town.pool, SMS={"Enabled": True, "PreferredMfa": True})
    town.pool.sign_in(ClientMetadata=TOLD)


def move_to_a_phone(town: Town) -> None:
    """Let Ann be reached by SMS alone from now on: the pool verifies phone numbers, and hers is."""
    town.settle()
    town.pool.idp.update_user_pool(
        UserPoolId=town.pool.pool_id, AutoVerifiedAttributes=["phone_number"], LambdaConfig=SENDERS, **SMS
    )
    town.pool.idp.admin_update_user_attributes(
        **town.who, UserAttributes=named_values(phone_number=PHONE, phone_number_verified="true")
    )


def sign_up_by_phone(town: Town) -> None:
    town.pool.idp.update_user_pool(
        UserPoolId=town.pool.pool_id, AutoVerifiedAttributes=["phone_number"], LambdaConfig=SENDERS, **SMS
    )
    town.pool.idp.sign_up(
        **town.at_client, Password=PASSWORD, UserAttributes=named_values(phone_number=PHONE), ClientMetadata=TOLD
    )


def resend_code_by_phone(town: Town) -> None:
    sign_up_by_phone(town)
    town.pool.idp.resend_confirmation_code(**town.at_client, ClientMetadata=TOLD)


def forget_password_by_phone(town: Town) -> None:
    move_to_a_phone(town)
    town.pool.idp.forgot_password(**town.at_client, ClientMetadata=TOLD)


def change_number(town: Town) -> None:
    move_to_a_phone(town)
    town.pool.idp.admin_update_user_attributes(
        **town.who, UserAttributes=named_values(phone_number="+15555550199"), ClientMetadata=TOLD
    )


def verify_number(town: Town) -> None:
    move_to_a_phone(town)
    town.pool.idp.get_user_attribute_verification_code(
        AccessToken=town.pool.tokens()["AccessToken"], AttributeName="phone_number", ClientMetadata=TOLD
    )


def sign_in_with_emailed_code(town: Town) -> None:
    town.settle()
    town.pool.idp.update_user_pool(
        UserPoolId=town.pool.pool_id,
        AutoVerifiedAttributes=["email"],
        LambdaConfig=SENDERS,
        Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}},
        **SMS,
    )
    town.pool.idp.update_user_pool_client(
        UserPoolId=town.pool.pool_id, ClientId=town.pool.client_id, ExplicitAuthFlows=["ALLOW_USER_AUTH"]
    )
    asked = town.pool.initiate("USER_AUTH")
    town.pool.idp.respond_to_auth_challenge(
        ClientId=town.pool.client_id,
        ChallengeName="SELECT_CHALLENGE",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ann", "ANSWER": "EMAIL_OTP"},
        ClientMetadata=TOLD,
    )


def answer_custom_challenge(town: Town) -> None:
    script(town.triggers)
    town.settle()
    asked = town.pool.initiate("CUSTOM_AUTH")
    town.pool.idp.respond_to_auth_challenge(
        ClientId=town.pool.client_id,
        ChallengeName="CUSTOM_CHALLENGE",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ann", "ANSWER": "please"},
        ClientMetadata=TOLD,
    )
