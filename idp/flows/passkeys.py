"""Passkeys of a user who is signed in: registered in two steps, listed, deleted.

Between the steps nothing is stored: the challenge that the authenticator signs is itself the sealed record of who started
where and when, and works once.  Source: AWS API_StartWebAuthnRegistration and its like; spec USER_POOLS section 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from idp.domain.challenge import WEB_AUTHN
from idp.domain.errors import (
    LimitExceeded,
    PasswordResetRequired,
    ResourceConflict,
    ResourceNotFound,
    WebAuthnChallengeNotFound,
    WebAuthnClientMismatch,
    WebAuthnConfigurationMissing,
    WebAuthnNotEnabled,
    WebAuthnRefused,
)
from idp.domain.passkey import MAX_PER_USER, Passkey, friendly_name
from idp.domain.relying_party import RelyingParty, creation_options
from idp.domain.user import UserStatus
from idp.domain.webauthn import challenge_of, verify_registration
from idp.flows.relying_parties import find_relying_party
from idp.outbound.sealer import SealBroken

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.flows.own_attributes import SignedInUser
    from idp.services import Services

PURPOSE = "passkey-registration"
LIFETIME = timedelta(minutes=5)
"""Unknown: AWS's; the options give the browser one minute of it."""

TOO_MANY = f"A user can have {MAX_PER_USER} passkeys at most."


@dataclass(frozen=True, slots=True)
class _Ticket:
    """A registration that was started."""

    id: str
    sub: str
    client_id: str
    expires_at: datetime


def start_registration(services: Services, signed_in: SignedInUser) -> Mapping[str, Any]:
    """Return what the browser is asked to make a passkey by.

    Raises:
        WebAuthnNotEnabled, WebAuthnConfigurationMissing; LimitExceeded: the user has as many as one may have;
        PasswordResetRequired.
    """
    relying_party = _relying_party(services, signed_in)
    with services.reading() as work:
        registered = work.passkeys.of_user(signed_in.user.id)
    if len(registered) >= MAX_PER_USER:
        raise LimitExceeded(TOO_MANY)
    ticket = _Ticket(services.random.uuid(), signed_in.user.sub, signed_in.client.id, services.clock.now() + LIFETIME)
    challenge = _seal(services, signed_in.user, ticket)
    return creation_options(relying_party, signed_in.user, challenge=challenge, registered=registered)


def complete_registration(services: Services, signed_in: SignedInUser, credential: object) -> Passkey:
    """Store the passkey that a browser made.

    Args:
        credential: RegistrationResponseJSON.

    Raises:
        WebAuthnRefused and its like; LimitExceeded, PasswordResetRequired.
    """
    relying_party = _relying_party(services, signed_in)
    challenge = challenge_of(credential)
    ticket = _open(services, signed_in.user, challenge)
    if ticket.client_id != signed_in.client.id:
        raise WebAuthnClientMismatch
    attested = verify_registration(relying_party, credential, challenge=challenge)
    passkey = Passkey(
        pool_id=signed_in.user_pool.id,
        user_id=signed_in.user.id,
        id=attested.id,
        relying_party_id=relying_party.id,
        public_key=attested.public_key,
        sign_count=attested.sign_count,
        name=friendly_name(attested.aaguid, attested.attachment),
        attachment=attested.attachment,
        transports=attested.transports,
        created_at=services.clock.now(),
    )
    _store(services, passkey, ticket)
    return passkey


def list_passkeys(services: Services, user: User, *, after: str, limit: int) -> list[Passkey]:
    """Return up to `limit` of a user's passkeys, oldest first, after the place given (`place_of`)."""
    with services.reading() as work:
        passkeys = work.passkeys.of_user(user.id)  # MAX_PER_USER at most
    return [passkey for passkey in passkeys if place_of(passkey) > after][:limit]


def place_of(passkey: Passkey) -> str:
    """Return where a listing goes on after a passkey."""
    return f"{passkey.created_at:%Y%m%d%H%M%S%f}{passkey.id}"


def delete_passkey(services: Services, user: User, passkey_id: str) -> None:
    """Delete one of a user's passkeys; raises ResourceNotFound."""
    with services.unit_of_work() as work:
        if not work.passkeys.delete(user.id, passkey_id):
            raise ResourceNotFound("The passkey does not exist.")
        work.commit()


def _relying_party(services: Services, signed_in: SignedInUser) -> RelyingParty:
    if WEB_AUTHN not in signed_in.user_pool.first_factors:
        raise WebAuthnNotEnabled
    if signed_in.user.status is UserStatus.RESET_REQUIRED:
        raise PasswordResetRequired
    relying_party = find_relying_party(services, signed_in.user_pool)
    if relying_party is None:
        raise WebAuthnConfigurationMissing
    return relying_party


def _store(services: Services, passkey: Passkey, ticket: _Ticket) -> None:
    with services.unit_of_work() as work:
        if not work.spent_tickets.spend(ticket.id, ticket.expires_at):
            raise WebAuthnChallengeNotFound
        try:
            is_stored = work.passkeys.add_within(passkey, limit=MAX_PER_USER)
        except ResourceConflict as error:
            raise WebAuthnRefused("The passkey is registered already.") from error
        if not is_stored:
            raise LimitExceeded(TOO_MANY)
        work.commit()


def _seal(services: Services, user: User, ticket: _Ticket) -> str:
    document = [ticket.id, ticket.sub, ticket.client_id, ticket.expires_at.timestamp()]
    return services.sealer.seal(PURPOSE, orjson.dumps(document), context=user.pool_id.encode())


def _open(services: Services, user: User, challenge: str) -> _Ticket:
    """Return the registration that a challenge is of.

    Raises:
        WebAuthnChallengeNotFound: not one of this user's, or over.
    """
    try:
        plaintext = services.sealer.open(PURPOSE, challenge, context=user.pool_id.encode())
    except SealBroken:
        raise WebAuthnChallengeNotFound from None
    ticket_id, sub, client_id, expires_at = orjson.loads(plaintext)
    ticket = _Ticket(ticket_id, sub, client_id, datetime.fromtimestamp(expires_at, UTC))
    if ticket.sub != user.sub or ticket.expires_at <= services.clock.now():
        raise WebAuthnChallengeNotFound
    return ticket
