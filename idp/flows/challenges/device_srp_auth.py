"""DEVICE_SRP_AUTH: a remembered device begins to prove itself, by its share of SRP; this proves nothing yet.

Clients there are send no Session with the answer, so the sealed session is kept for the device that is asked: whoever
answers for it must still know the device's secret.  Source: spec USER_POOLS section 1.5; amazon-cognito-identity-js 6.3,
`CognitoUser.getDeviceResponse`; pycognito 2024.5, `AWSSRP.authenticate_user`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from idp.domain import challenge as names
from idp.flows.challenges.challenge import Challenge, Memory, Proof, Question, SignInContext
from idp.flows.device_sign_in import ASKED, get_proving_device
from idp.flows.lookups import find_user, get_pool_of

if TYPE_CHECKING:
    from datetime import datetime

    from idp.domain.client import Client
    from idp.services import Services


def start(context: SignInContext) -> Question:
    """Ask; there is nothing to tell the client."""
    return Question({}, {ASKED: context.device_key})


def answer(context: SignInContext, responses: Mapping[str, str]) -> Proof:
    """Go on to the device's password.

    Raises:
        DeviceNotFound: it is not the device that the sign-in began with, or was forgotten meanwhile.
    """
    get_proving_device(context, responses["DEVICE_KEY"], asked=context.secrets[ASKED])
    return Proof(asks=names.DEVICE_PASSWORD_VERIFIER)


def keep(context: SignInContext, sealed: str, until: datetime) -> None:
    """Keep the session for the device that is asked."""
    assert context.user is not None
    assert context.device is not None
    with context.services.unit_of_work() as work:
        work.kept_sessions.delete_expired(context.services.clock.now())
        work.kept_sessions.keep(_key(context.client, context.user.sub, context.device.key), sealed, until=until)
        work.commit()


def recall(services: Services, client: Client, responses: Mapping[str, str]) -> str | None:
    """Return the session that waits for a device of the user; None when none does, or nobody goes by the name."""
    with services.reading() as work:
        user = find_user(work, get_pool_of(services, client), responses["USERNAME"])
        return None if user is None else work.kept_sessions.find(_key(client, user.sub, responses["DEVICE_KEY"]))


def _key(client: Client, sub: str, device_key: str) -> str:
    return hashlib.sha256(f"device\n{client.id}\n{sub}\n{device_key}".encode()).hexdigest()


CHALLENGE = Challenge(
    names.DEVICE_SRP_AUTH, start, answer, required=("DEVICE_KEY", "SRP_A"), memory=Memory(keep, recall)
)
