"""Pools with multi-factor authentication, and people with an authenticator app, for tests that come in by the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyotp

from tests.aws.cognito_idp.people import Pool, a_pool

if TYPE_CHECKING:
    from tests.fakes import FakeClock

SMS: dict[str, Any] = {
    "SmsMfaConfiguration": {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}}
}
TOTP: dict[str, Any] = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
EMAIL: dict[str, Any] = {"EmailMfaConfiguration": {"Message": "Code {####}", "Subject": "Sign in"}}
SENDER = {"EmailSendingAccount": "DEVELOPER", "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/a@example.com"}

PHONE = "+15550100"
MAILBOX = "ann@example.com"


@dataclass
class App:
    """An independent authenticator app."""

    secret: str = field(repr=False)
    clock: FakeClock

    def code(self, steps: int = 0) -> str:
        """Return the present code, or that of some steps later."""
        return pyotp.TOTP(self.secret).at(self.clock.now(), counter_offset=steps)

    def next_code(self) -> str:
        """Wait for the next time step, and return its code."""
        self.clock.advance(30)
        return self.code()

    def wrong_code(self) -> str:
        """Return a code that is none of the present ones."""
        present = {self.code(steps) for steps in (-1, 0, 1)}
        return next(code for code in ("000000", "111111", "222222", "333333") if code not in present)


def a_pool_with_mfa(idp: Any, mode: str, *factors: dict[str, Any], **settings: Any) -> Pool:
    """Make a pool that offers factors (SMS, TOTP, EMAIL), and a client that may use every flow."""
    pool = a_pool(idp, settings={"EmailConfiguration": SENDER, **settings})
    offered: dict[str, Any] = {name: value for factor in factors for name, value in factor.items()}
    idp.set_user_pool_mfa_config(UserPoolId=pool.pool_id, MfaConfiguration=mode, **offered)
    return pool


def prefer(pool: Pool, **factors: dict[str, bool]) -> None:
    """Switch Ann's factors on or off, as an administrator: `prefer(pool, SMS={"Enabled": True})`."""
    names = {"SMS": "SMSMfaSettings", "TOTP": "SoftwareTokenMfaSettings", "EMAIL": "EmailMfaSettings"}
    changes = {names[factor]: change for factor, change in factors.items()}
    pool.idp.admin_set_user_mfa_preference(UserPoolId=pool.pool_id, Username="ann", **changes)


def an_app_of_ann(pool: Pool, clock: FakeClock, *, name: str = "phone") -> App:
    """Let Ann, who needs no second factor yet, register an app."""
    token = pool.tokens()["AccessToken"]
    app = App(pool.idp.associate_software_token(AccessToken=token)["SecretCode"], clock)
    pool.idp.verify_software_token(AccessToken=token, UserCode=app.code(), FriendlyDeviceName=name)
    return app
