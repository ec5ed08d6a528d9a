"""What users do about their own attributes: change and delete them, and verify addresses by a code.

Source: AWS API_UpdateUserAttributes, API_GetUserAttributeVerificationCode, API_VerifyUserAttribute; spec USER_POOLS
sections 2.4 and 2.7.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from idp.domain.attributes import check_writable
from idp.domain.errors import AliasTaken, CodeExpired, InvalidParameter
from idp.domain.standard_attributes import VERIFIABLE
from idp.flows.access import authenticate_access_token
from idp.flows.attributes import change_attributes
from idp.flows.codes import VERIFICATION_LIFETIME, check_code, count_ask, make_code, verification_of
from idp.flows.lookups import get_client
from idp.flows.messages import CodeDelivery, send_code
from idp.flows.naming import AT_CHANGE, claim_aliases, taken_alias

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services


@dataclass(frozen=True, slots=True)
class SignedInUser:
    """A user at a client, both proven by an access token."""

    user_pool: UserPool
    client: Client
    user: User


def authenticate_user(services: Services, access_token: str) -> SignedInUser:
    """Return whom an access token speaks for, and at which client; raises as `authenticate_access_token`."""
    grant = authenticate_access_token(services, access_token)
    return SignedInUser(grant.user_pool, get_client(services, grant.client_id), grant.user)


def update_user_attributes(
    services: Services,
    signed_in: SignedInUser,
    changes: Mapping[str, str],
    *,
    client_metadata: Mapping[str, str] | None = None,
) -> list[CodeDelivery]:
    """Change a user's own attributes; what the pool verifies first waits for its code.

    Returns:
        Where codes went.

    Raises:
        NotAuthorized: the client may not write one; as `change_attributes`.
    """
    user_pool, user = signed_in.user_pool, signed_in.user
    check_writable(signed_in.client, changes)
    user_pool.schema.check_update(changes)
    waiting = {
        name: value
        for name, value in changes.items()
        if name in user_pool.attributes_verified_first and value not in {"", user.attributes.get(name)}
    }
    _refuse_taken(services, signed_in, waiting)
    at_once = {name: value for name, value in changes.items() if name not in waiting}
    deliveries = []
    if at_once:
        deliveries = change_attributes(
            services, user_pool, user, at_once, client_id=signed_in.client.id, client_metadata=client_metadata
        )
    kind = "UpdateUserAttribute"
    return deliveries + [
        _send(services, signed_in, attribute, kind=kind, pending_value=value, client_metadata=client_metadata)
        for attribute, value in waiting.items()
    ]


def delete_user_attributes(services: Services, signed_in: SignedInUser, names: Iterable[str]) -> None:
    """Delete a user's own attributes.

    Raises:
        NotAuthorized: the client may not write one; InvalidParameter: one is required, immutable or unknown.
    """
    deletions = dict.fromkeys(names, "")
    check_writable(signed_in.client, deletions)
    change_attributes(services, signed_in.user_pool, signed_in.user, deletions, client_id=signed_in.client.id)


def send_verification_code(
    services: Services,
    signed_in: SignedInUser,
    attribute: str,
    *,
    client_metadata: Mapping[str, str] | None = None,
) -> CodeDelivery:
    """Send a code to a user's own address, or to the new one that waits for its code.

    Raises:
        InvalidParameter: codes cannot go there; AttemptLimitExceeded, CodeDeliveryFailed.
    """
    _require_verifiable(attribute)
    user, purpose = signed_in.user, verification_of(attribute)
    with services.reading() as work:
        stored = work.confirmation_codes.find(user.id, purpose)
    pending = None
    if stored is not None and stored.expires_at > services.clock.now():
        pending = stored.pending_value
    if pending is None and attribute not in user.attributes:
        raise InvalidParameter(f"The user has no {attribute} attribute.")
    count_ask(services, user.pool_id, user.sub, purpose)
    kind = "VerifyUserAttribute"
    return _send(services, signed_in, attribute, kind=kind, pending_value=pending, client_metadata=client_metadata)


def verify_user_attribute(services: Services, signed_in: SignedInUser, attribute: str, *, code: str) -> None:
    """Verify an address by its code; one that waited for it becomes the user's.

    Raises:
        InvalidParameter, CodeMismatch, CodeExpired, AttemptLimitExceeded; AliasTaken: it is another user's alias.
    """
    _require_verifiable(attribute)
    user = signed_in.user
    stored = check_code(services, user, purpose=verification_of(attribute), code=code)
    value = stored.pending_value or user.attributes[attribute]
    verified = replace(
        user,
        attributes={**user.attributes, attribute: value, f"{attribute}_verified": "true"},
        updated_at=services.clock.now(),
    )
    with services.unit_of_work() as work:
        if not work.confirmation_codes.spend(stored):
            raise CodeExpired
        verified = work.users.save(verified)
        claim_aliases(work, signed_in.user_pool, verified, sentence=AT_CHANGE)
        work.commit()


def _send(
    services: Services,
    signed_in: SignedInUser,
    attribute: str,
    *,
    kind: str,
    pending_value: str | None,
    client_metadata: Mapping[str, str] | None,
) -> CodeDelivery:
    code = make_code(
        services,
        signed_in.user,
        purpose=verification_of(attribute),
        attribute=attribute,
        lifetime=VERIFICATION_LIFETIME,
        pending_value=pending_value,
    )
    with services.unit_of_work() as work:
        work.confirmation_codes.put(code.stored)
        work.commit()
    return send_code(
        services,
        signed_in.user_pool,
        signed_in.user,
        kind=kind,
        attribute=attribute,
        code=code.digits,
        address=pending_value,
        client_id=signed_in.client.id,
        client_metadata=client_metadata,
    )


def _refuse_taken(services: Services, signed_in: SignedInUser, waiting: Mapping[str, str]) -> None:
    """Refuse early what another user signs in by; the claim at verification is what holds."""
    if not waiting:
        return
    vouched = {f"{name}_verified": "true" for name in waiting}
    with services.reading() as work:
        taken = taken_alias(work, signed_in.user_pool, {**waiting, **vouched})
    if taken is not None:
        raise AliasTaken(AT_CHANGE.format(attribute=taken))


def _require_verifiable(attribute: str) -> None:
    if attribute not in VERIFIABLE:
        raise InvalidParameter(f"Invalid attribute name {attribute}")
