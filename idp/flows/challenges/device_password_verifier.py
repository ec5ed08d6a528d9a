"""DEVICE_PASSWORD_VERIFIER: SRP-6a with a device's key and secret for a user's name and password.

Source: spec USER_POOLS section 1.5.
"""

from __future__ import annotations

from collections.abc import Mapping

from idp.domain import challenge as names
from idp.domain.device import Device, DeviceSecret, device_group_key
from idp.domain.errors import DeviceNotFound, WrongPassword
from idp.flows.challenges.challenge import Challenge, Proof, Question, SignInContext
from idp.flows.challenges.srp_exchange import LIFETIME, SrpIdentity, is_proved, offer
from idp.flows.device_sign_in import ASKED, get_proving_device


def start(context: SignInContext) -> Question:
    """Answer the client's share with salt and server share of the device.

    Raises:
        InvalidParameter: SRP_A is no number, or one that would give the key away.
        DeviceNotFound.
    """
    key = context.parameters["DEVICE_KEY"]
    device = get_proving_device(context, key, asked=key)
    exchange = offer(context, _identity(context, device))
    assert context.user is not None
    return Question(
        {**exchange.parameters, "USERNAME": context.user.username, "DEVICE_KEY": device.key},
        {**exchange.secrets, ASKED: device.key},
    )


def answer(context: SignInContext, responses: Mapping[str, str]) -> Proof:
    """Check that the client derived the same key.  Its secret cannot be guessed, so that failures are not counted.

    Raises:
        WrongPassword: also for a timestamp far from now.
        DeviceNotFound: it is not the device that was asked, or was forgotten meanwhile.
    """
    device = get_proving_device(context, responses["DEVICE_KEY"], asked=context.secrets[ASKED])
    if not is_proved(context, _identity(context, device), responses):
        raise WrongPassword
    return Proof()


def _identity(context: SignInContext, device: Device) -> SrpIdentity:
    assert context.user is not None
    return SrpIdentity(
        group=device_group_key(context.user),
        name=device.key,
        salt=_secret(device).salt,
        verifier=int(_secret(device).verifier, 16),
    )


def _secret(device: Device) -> DeviceSecret:
    if device.secret is None:
        raise DeviceNotFound
    return device.secret


CHALLENGE = Challenge(
    names.DEVICE_PASSWORD_VERIFIER,
    start,
    answer,
    required=("DEVICE_KEY", "PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"),
    carrier=("SECRET_BLOCK", "PASSWORD_CLAIM_SECRET_BLOCK"),
    lifetime=LIFETIME,
)
