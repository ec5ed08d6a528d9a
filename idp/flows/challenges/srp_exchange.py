"""The server's side of one SRP exchange, whoever proves themselves by it: a user or a device.

Source: spec USER_POOLS sections 1.4 and 1.5.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from idp.domain import srp
from idp.domain.errors import InvalidParameter
from idp.flows.challenges.challenge import Question, SignInContext

LIFETIME = timedelta(minutes=5)
TIMESTAMP_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SrpIdentity:
    """Whom the exchange is with.

    Attributes:
        group: the pool's name, or a device group key.
        name: the username, or a device key.
        salt: hex.
    """

    group: str
    name: str
    salt: str
    verifier: int = field(repr=False)


def offer(context: SignInContext, identity: SrpIdentity) -> Question:
    """Answer the client's share with salt and server share.

    Raises:
        InvalidParameter: SRP_A is no number, or one that would give the key away.
    """
    server_share = srp.make_server_share(
        identity.verifier, int.from_bytes(context.services.random.bytes(srp.SECRET_EXPONENT_BYTES))
    )
    try:
        client_share = srp.parse_share(context.parameters["SRP_A"])
        scrambler = srp.make_scrambler(client_share, server_share.public)
    except srp.SrpRefused as error:
        raise InvalidParameter("Invalid SRP_A.") from error
    return Question(
        {"SALT": identity.salt, "SRP_B": f"{server_share.public:x}"},
        {"A": f"{client_share:x}", "u": f"{scrambler:x}", "b": f"{server_share.secret:x}"},
    )


def is_proved(context: SignInContext, identity: SrpIdentity, responses: Mapping[str, str]) -> bool:
    """Say whether the client derived the same key, over the very text of its timestamp, and not long ago."""
    timestamp = responses["TIMESTAMP"]
    secrets = {name: int(context.secrets[name], 16) for name in ("A", "u", "b")}
    key = srp.derive_key(identity.verifier, client_share=secrets["A"], scrambler=secrets["u"], secret=secrets["b"])
    expected = srp.claim_signature(
        key,
        identity.group,
        identity.name,
        secret_block=base64.b64decode(responses["PASSWORD_CLAIM_SECRET_BLOCK"]),
        timestamp=timestamp,
    )
    return srp.is_signature(expected, responses["PASSWORD_CLAIM_SIGNATURE"]) and _is_timely(context, timestamp)


def _is_timely(context: SignInContext, timestamp: str) -> bool:
    moment = srp.parse_timestamp(timestamp)
    return moment is not None and abs(context.services.clock.now() - moment) <= TIMESTAMP_TOLERANCE
