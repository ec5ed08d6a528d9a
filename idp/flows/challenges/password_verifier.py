"""PASSWORD_VERIFIER: SRP-6a, in which the password never leaves the client.

Clients send no Session with the answer, so the sealed state travels in SECRET_BLOCK. Nobody, users without a password, and
those whose imported hash was never used yet, get a salt and a name that stay the same, and fail at the verifier.
Source: spec USER_POOLS sections 1.4 and 2.12.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from idp.domain import challenge as names, srp
from idp.domain.errors import InvalidParameter, WrongPassword
from idp.flows.challenges.challenge import Challenge, Proof, Question, SignInContext
from idp.flows.challenges.password import ATTEMPTS, require_password_of_import

LIFETIME = timedelta(minutes=5)
TIMESTAMP_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Identity:
    """Whom the exchange is with: a user's name, salt (hex) and verifier, or a decoy's."""

    name: str
    salt: str
    verifier: int = field(repr=False)
    is_decoy: bool = False


def start(context: SignInContext) -> Question:
    """Answer the client's share with salt and server share.

    Raises:
        InvalidParameter: SRP_A is no number, or one that would give the key away.
        PasswordResetRequired: as for a plain password.
    """
    require_password_of_import(context)
    identity = _identity(context)
    server_share = srp.make_server_share(
        identity.verifier, int.from_bytes(context.services.random.bytes(srp.SECRET_EXPONENT_BYTES))
    )
    try:
        client_share = srp.parse_share(context.parameters["SRP_A"])
        scrambler = srp.make_scrambler(client_share, server_share.public)
    except srp.SrpRefused as error:
        raise InvalidParameter("Invalid SRP_A.") from error
    return Question(
        {
            "SALT": identity.salt,
            "SRP_B": f"{server_share.public:x}",
            "USERNAME": identity.name,
            "USER_ID_FOR_SRP": identity.name,
        },
        {"A": f"{client_share:x}", "u": f"{scrambler:x}", "b": f"{server_share.secret:x}"},
    )


def answer(context: SignInContext, responses: Mapping[str, str]) -> Proof:
    """Check that the client derived the same key, over the very text of its timestamp.

    Raises:
        WrongPassword: also for a timestamp far from now.
    """
    identity, timestamp = _identity(context), responses["TIMESTAMP"]
    secrets = {name: int(value, 16) for name, value in context.secrets.items()}
    key = srp.derive_key(identity.verifier, client_share=secrets["A"], scrambler=secrets["u"], secret=secrets["b"])
    expected = srp.claim_signature(
        key,
        context.user_pool.srp_name,
        identity.name,
        secret_block=base64.b64decode(responses["PASSWORD_CLAIM_SECRET_BLOCK"]),
        timestamp=timestamp,
    )
    is_right = srp.is_signature(expected, responses["PASSWORD_CLAIM_SIGNATURE"])
    if not is_right or not _is_timely(context, timestamp) or identity.is_decoy:
        raise WrongPassword
    return Proof()


def _identity(context: SignInContext) -> _Identity:
    user = context.user
    credentials = None if user is None else user.credentials
    if user is None or credentials is None or credentials.srp_salt is None or credentials.srp_verifier is None:
        return _decoy(context)
    return _Identity(user.username, credentials.srp_salt, int(credentials.srp_verifier, 16))


def _decoy(context: SignInContext) -> _Identity:
    """Return salt and name that are always the same for a name in a pool.  Their verifier belongs to no password."""
    subject = f"{context.user_pool.id}\n{context.user_pool.fold(context.username)}".encode()
    salt, name, verifier = (
        context.services.sealer.mac(f"srp-decoy-{part}", subject) for part in ("salt", "name", "verifier")
    )
    first = bytes([salt[0] or 1])
    username = str(uuid.UUID(bytes=name[:16], version=4)) if context.user is None else context.user.username
    return _Identity(username, (first + salt[1 : srp.SALT_BYTES]).hex(), int.from_bytes(verifier), is_decoy=True)


def _is_timely(context: SignInContext, timestamp: str) -> bool:
    moment = srp.parse_timestamp(timestamp)
    return moment is not None and abs(context.services.clock.now() - moment) <= TIMESTAMP_TOLERANCE


CHALLENGE = Challenge(
    names.PASSWORD_VERIFIER,
    start,
    answer,
    required=("PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"),
    wrong=(WrongPassword,),
    attempts=ATTEMPTS,
    carrier=("SECRET_BLOCK", "PASSWORD_CLAIM_SECRET_BLOCK"),
    lifetime=LIFETIME,
)
