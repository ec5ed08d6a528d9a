"""WEB_AUTHN: a passkey signs a challenge that was made for this sign-in.

Nobody is asked by a passkey that never existed, and fails at the signature.  Source: spec USER_POOLS sections 1.7 and 7.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING

import orjson

from idp.domain.challenge import WEB_AUTHN
from idp.domain.errors import NotAuthorized, WebAuthnConfigurationMissing, WebAuthnRefused
from idp.domain.relying_party import RelyingParty, request_options
from idp.domain.webauthn import verify_assertion
from idp.flows.challenges.challenge import Challenge, Proof, Question, SignInContext
from idp.flows.first_factors import passkeys_for_sign_in
from idp.flows.relying_parties import find_relying_party

if TYPE_CHECKING:
    from idp.domain.passkey import Passkey
    from idp.domain.user import User
    from idp.store.unit_of_work import UnitOfWork

CHALLENGE_BYTES = 32


def start(context: SignInContext) -> Question:
    """Say what must be signed, and by which passkeys it may be.

    Raises:
        WebAuthnConfigurationMissing: the pool has lost its relying party.
    """
    relying_party = _relying_party(context)
    challenge = base64.urlsafe_b64encode(context.services.random.bytes(CHALLENGE_BYTES)).rstrip(b"=").decode()
    options = request_options(
        relying_party,
        challenge=challenge,
        lifetime=context.client.sign_in_session_lifetime,
        allowed=[(passkey.id, passkey.transports) for passkey in passkeys_for_sign_in(context, relying_party)],
    )
    return Question({"CREDENTIAL_REQUEST_OPTIONS": orjson.dumps(options).decode()}, {"challenge": challenge})


def answer(context: SignInContext, responses: Mapping[str, str]) -> Proof:
    """Check the signature, and that the passkey counts on.

    Raises:
        NotAuthorized: for whatever is wrong; the session stays good.
    """
    relying_party, user = _relying_party(context), context.user
    try:
        passkey, sign_count = verify_assertion(
            relying_party,
            passkeys_for_sign_in(context, relying_party),
            responses["CREDENTIAL"],
            challenge=context.secrets["challenge"],
            sub="" if user is None else user.sub,
        )
    except WebAuthnRefused as refusal:
        raise NotAuthorized from refusal
    if user is None:
        raise NotAuthorized
    return Proof(lambda work: _save(work, user, passkey, sign_count))


def _save(work: UnitOfWork, user: User, passkey: Passkey, sign_count: int) -> User:
    """Take the passkey's count; of two signatures with the same one, one is a copy's.

    Raises:
        NotAuthorized.
    """
    if not work.passkeys.count_on(passkey, sign_count):
        raise NotAuthorized
    return user


def _relying_party(context: SignInContext) -> RelyingParty:
    relying_party = find_relying_party(context.services, context.user_pool)
    if relying_party is None:
        raise WebAuthnConfigurationMissing
    return relying_party


CHALLENGE = Challenge(WEB_AUTHN, start, answer, required=("CREDENTIAL",))
