"""PASSWORD_VERIFIER: SRP-6a, in which the password never leaves the client.

Clients send no Session with the answer, so the sealed state travels in SECRET_BLOCK. Nobody, users without a password, and
those whose imported hash was never used yet, get a salt and a name that stay the same, and fail at the verifier.
Source: spec USER_POOLS sections 1.4 and 2.12.
"""

from __future__ import annotations

from collections.abc import Mapping

from idp.domain import challenge as names, srp
from idp.domain.errors import WrongPassword
from idp.flows.challenges.challenge import Challenge, Proof, Question, SignInContext
from idp.flows.challenges.password import ATTEMPTS, require_password_of_import
from idp.flows.challenges.srp_exchange import LIFETIME, SrpIdentity, is_proved, offer
from idp.flows.sign_in_subjects import decoy_username


def start(context: SignInContext) -> Question:
    """Answer the client's share with salt and server share.

    Raises:
        InvalidParameter: SRP_A is no number, or one that would give the key away.
        PasswordResetRequired: as for a plain password.
    """
    require_password_of_import(context)
    identity, _ = _identity(context)
    exchange = offer(context, identity)
    return Question(
        {**exchange.parameters, "USERNAME": identity.name, "USER_ID_FOR_SRP": identity.name}, exchange.secrets
    )


def answer(context: SignInContext, responses: Mapping[str, str]) -> Proof:
    """Check that the client derived the same key, over the very text of its timestamp.

    Raises:
        WrongPassword: also for a timestamp far from now.
    """
    identity, is_decoy = _identity(context)
    if not is_proved(context, identity, responses) or is_decoy:
        raise WrongPassword
    return Proof()


def _identity(context: SignInContext) -> tuple[SrpIdentity, bool]:
    """Return whom the exchange is with, and whether that is a decoy."""
    user, group = context.user, context.user_pool.srp_name
    credentials = None if user is None else user.credentials
    if user is None or credentials is None or credentials.srp_salt is None or credentials.srp_verifier is None:
        return _decoy(context), True
    return SrpIdentity(group, user.username, credentials.srp_salt, int(credentials.srp_verifier, 16)), False


def _decoy(context: SignInContext) -> SrpIdentity:
    """Return salt and name that are always the same for a name in a pool.  Their verifier belongs to no password."""
    services, user_pool, user = context.services, context.user_pool, context.user
    subject = f"{user_pool.id}\n{user_pool.fold(context.username)}".encode()
    salt, verifier = (services.sealer.mac(f"srp-decoy-{part}", subject) for part in ("salt", "verifier"))
    name = decoy_username(services, user_pool, context.username) if user is None else user.username
    first = bytes([salt[0] or 1])
    return SrpIdentity(user_pool.srp_name, name, (first + salt[1 : srp.SALT_BYTES]).hex(), int.from_bytes(verifier))


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
