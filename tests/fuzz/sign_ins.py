"""Sign-ins of every kind, begun and ended: their tokens, Sessions, devices, codes and passkeys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyotp

from tests.authenticator import Authenticator
from tests.fakes import START
from tests.fuzz.user_pools import PASSWORD, Pool

if TYPE_CHECKING:
    from idp.services import Services

SHARE = "a" * 768
ANN = {"USERNAME": "ann", "PASSWORD": PASSWORD}


@dataclass(frozen=True)
class SignedIn:
    """Ann's tokens, and what she can prove.

    Attributes:
        app_code: the present code of her authenticator app, which is not verified yet.
        passkey: the answer to the registration that she began.
        sent: the code sent to her to verify her address.
        choice: her Session at the choice of a challenge.
        asked: her Session at the code that was sent to her.
    """

    tokens: Mapping[str, Any] = field(repr=False)
    session_id: str
    event_id: str
    app_code: str = field(repr=False)
    passkey: Mapping[str, Any] = field(repr=False)
    credential_id: str
    sent: str = field(repr=False)
    choice: str = field(repr=False)
    asked: str = field(repr=False)

    @property
    def access_token(self) -> str:
        return str(self.tokens["AccessToken"])

    @property
    def device_key(self) -> str:
        return str(self.tokens["NewDeviceMetadata"]["DeviceKey"])


def sign_ann_in(pool: Pool, services: Services) -> SignedIn:
    """Sign Ann in, and let her begin everything that takes two steps."""
    tokens = begin(pool, "USER_PASSWORD_AUTH", ANN)["AuthenticationResult"]
    mine = {"AccessToken": tokens["AccessToken"]}
    pool.door.ask("ConfirmDevice", **mine, DeviceKey=tokens["NewDeviceMetadata"]["DeviceKey"])
    registered = _passkey(pool, mine, b"the first")
    pool.door.ask("CompleteWebAuthnRegistration", **mine, Credential=registered)
    secret = pool.door.ask("AssociateSoftwareToken", **mine)["SecretCode"]
    pool.door.ask("GetUserAttributeVerificationCode", **mine, AttributeName="email")
    preferring = {"USERNAME": "ann", "PREFERRED_CHALLENGE": "EMAIL_OTP"}
    return SignedIn(
        tokens,
        pool.door.ask("ListUserSessions", **mine)["Sessions"][0]["SessionId"],
        pool.ask("AdminListUserAuthEvents", Username="ann")["AuthEvents"][0]["EventId"],
        pyotp.TOTP(secret).at(START),
        _passkey(pool, mine, b"the second"),
        registered["id"],
        code_sent_to(services, "ann@example.com"),
        begin(pool, "USER_AUTH", {"USERNAME": "ann"})["Session"],
        begin(pool, "USER_AUTH", preferring)["Session"],
    )


def begin(pool: Pool, flow: str, parameters: Mapping[str, str]) -> Any:
    """Begin a sign-in."""
    return pool.door.ask("InitiateAuth", ClientId=pool.app, AuthFlow=flow, AuthParameters=parameters)


def code_sent_to(services: Services, address: str) -> str:
    """Return the newest code that an address got."""
    with services.reading() as work:
        return str(work.outbox.list_newest(to=address)[0].code)


def _passkey(pool: Pool, mine: Mapping[str, str], credential_id: bytes) -> dict[str, Any]:
    options = pool.door.ask("StartWebAuthnRegistration", **mine)["CredentialCreationOptions"]
    return Authenticator("http://localhost", credential_id=credential_id).create(options)


def challenge_responses(pool: Pool, services: Services) -> Sequence[Mapping[str, str]]:
    """Return answers to the challenges, some of them right."""
    srp = begin(pool, "USER_SRP_AUTH", {"USERNAME": "ann", "SRP_A": SHARE})["ChallengeParameters"]
    claim = {"PASSWORD_CLAIM_SECRET_BLOCK": srp["SECRET_BLOCK"], "PASSWORD_CLAIM_SIGNATURE": "AAAA"}
    return [
        {"USERNAME": "bob", "NEW_PASSWORD": "Battery-staple-8"},
        {"USERNAME": "ann", **claim, "TIMESTAMP": "Mon Mar 2 12:00:00 UTC 2026"},
        {**ANN, "ANSWER": "PASSWORD"},
        {"USERNAME": "ann", "ANSWER": "WEB_AUTHN"},
        {"USERNAME": "ann", "EMAIL_OTP_CODE": code_sent_to(services, "ann@example.com")},
        {"USERNAME": "ann", "SOFTWARE_TOKEN_MFA_CODE": "123456"},
        {"USERNAME": "ann", "CREDENTIAL": '{"id": "AAAA", "type": "public-key", "response": {}}'},
    ]
