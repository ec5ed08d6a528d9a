"""Which first factors a user, or somebody who does not exist, may choose from.

Nobody is offered what a user might have: the same for a name each time.  Source: spec USER_POOLS sections 1.9 and 2.12.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from idp.domain import challenge as names, first_factor
from idp.domain.mfa import PoolMfa
from idp.domain.passkey import Passkey
from idp.flows.relying_parties import find_relying_party

if TYPE_CHECKING:
    from idp.domain.relying_party import RelyingParty
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.flows.challenges.challenge import SignInContext
    from idp.services import Services

# A COSE_Key like any other: ES256, with the base point of P-256 for a public key.
DECOY_KEY = "pQECAyYgASFYIGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWIlggT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"


def available_challenges(context: SignInContext) -> tuple[str, ...]:
    """Return the challenges that whoever signs in may choose."""
    services, user_pool = context.services, context.user_pool
    if context.user is None:
        return _decoys(context)
    return _available(services, user_pool, context.user)


def configured_factors(services: Services, user_pool: UserPool, user: User) -> list[str]:
    """Return ConfiguredUserAuthFactors: the first factors that a user can sign in with."""
    challenges = _available(services, user_pool, user)
    return [challenge for challenge in challenges if challenge != names.PASSWORD_SRP]


def passkeys_for_sign_in(context: SignInContext, relying_party: RelyingParty) -> list[Passkey]:
    """Return the passkeys that may sign for the relying party; nobody's is one that never existed."""
    if context.user is None:
        return [_decoy_passkey(context, relying_party)]
    return _passkeys(context.services, context.user, relying_party)


def _available(services: Services, user_pool: UserPool, user: User) -> tuple[str, ...]:
    pool = PoolMfa.parse(user_pool)
    return first_factor.available_challenges(
        user,
        allowed=user_pool.first_factors,
        has_passkey=_has_passkey(services, user_pool, user),
        needs_mfa=pool.mode == "ON" or (pool.mode == "OPTIONAL" and bool(user.mfa.enabled)),
        is_passkey_mfa=pool.has_passkeys,
    )


def _has_passkey(services: Services, user_pool: UserPool, user: User) -> bool:
    relying_party = _relying_party(services, user_pool)
    return relying_party is not None and bool(_passkeys(services, user, relying_party))


def _relying_party(services: Services, user_pool: UserPool) -> RelyingParty | None:
    """Return the relying party, for pools that let passkeys sign in."""
    if names.WEB_AUTHN not in user_pool.first_factors:
        return None
    return find_relying_party(services, user_pool)


def _passkeys(services: Services, user: User, relying_party: RelyingParty) -> list[Passkey]:
    with services.reading() as work:
        passkeys = work.passkeys.of_user(user.id)
    return [passkey for passkey in passkeys if passkey.relying_party_id == relying_party.id]


def _decoys(context: SignInContext) -> tuple[str, ...]:
    """Return what somebody without MFA might have; every other name seems to have a passkey."""
    allowed = set(context.user_pool.first_factors)
    if names.PASSWORD in allowed:
        allowed.add(names.PASSWORD_SRP)
    if PoolMfa.parse(context.user_pool).mode == "ON":
        allowed -= first_factor.ONE_TIME.keys()
    has_passkey = _digest(context)[0] & 1 and _relying_party(context.services, context.user_pool) is not None
    return first_factor.in_order(allowed if has_passkey else allowed - {names.WEB_AUTHN})


def _decoy_passkey(context: SignInContext, relying_party: RelyingParty) -> Passkey:
    return Passkey(
        pool_id=context.user_pool.id,
        user_id=0,
        id=base64.urlsafe_b64encode(_digest(context)).rstrip(b"=").decode(),
        relying_party_id=relying_party.id,
        public_key=DECOY_KEY,
        sign_count=0,
        name="",
        attachment=None,
        transports=("hybrid", "internal"),
        created_at=context.services.clock.now(),
    )


def _digest(context: SignInContext) -> bytes:
    subject = f"{context.user_pool.id}\n{context.user_pool.fold(context.username)}"
    return context.services.sealer.mac("passkey-decoy", subject.encode())
