"""Confirming that one signed up: by a code, by an administrator; and sending the code again.

Source: spec USER_POOLS sections 2.1, 2.2 and 2.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain.errors import CodeExpired, InvalidParameter, NotAuthorized
from idp.domain.user import User, UserStatus
from idp.flows.auth_events import record_action
from idp.flows.codes import SIGN_UP, SIGN_UP_LIFETIME, check_code, count_ask, issue_code, refuse_code
from idp.flows.messages import CodeDelivery, send_code, simulated_delivery
from idp.flows.named_users import NamedUser, NameUnknown
from idp.flows.naming import claim_aliases
from idp.flows.sign_up_sessions import issue_confirmed, open_signed_up
from idp.flows.triggers import post_confirmation

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.store.confirmation_codes import StoredCode

# Where a confirmation code goes first, when a user has both.  Source: spec section 2.5.
BY_PREFERENCE = ("phone_number", "email")


def confirmation_attributes(user_pool: UserPool, user: User | None) -> tuple[str, ...]:
    """Return the attributes that a confirmation code may go to: those the pool verifies and, if there is one, the user has."""
    return tuple(
        name
        for name in BY_PREFERENCE
        if name in user_pool.auto_verified_attributes and (user is None or name in user.attributes)
    )


def confirm_sign_up(
    services: Services,
    named: NamedUser,
    *,
    code: str,
    forces_alias: bool = False,
    client_metadata: Mapping[str, str] | None = None,
    session: str | None = None,
) -> str | None:
    """Confirm a user by the code that was sent to them, which verifies the address it went to.

    Args:
        forces_alias: take the address from whom it is verified for (ForceAliasCreation).
        session: of SignUp; a wrong code does not use it up.

    Returns:
        The session that signs the user in at once; None when none was given.

    Raises:
        NameUnknown, NotAuthorized (confirmed already), CodeMismatch, CodeExpired, AttemptLimitExceeded, AliasTaken;
        InvalidSession and its kind.

    Unknown: whether AWS answers a session when it was given none.
    """
    user_pool, user = named.user_pool, named.user
    signed_up = None if session is None else open_signed_up(services, named.client, user, session)
    if user is None:
        _require_hidden(named)
        refuse_code(services, user_pool.id, named.subject, purpose=SIGN_UP, lifetime=SIGN_UP_LIFETIME)
    _require_unconfirmed(user)
    stored = check_code(services, user, purpose=SIGN_UP, code=code)
    confirmed = _confirm_by_code(services, user_pool, user, stored, forces_alias=forces_alias)
    post_confirmation(
        services,
        user_pool,
        "ConfirmSignUp",
        client_id=named.client.id,
        user=confirmed,
        client_metadata=client_metadata,
    )
    if signed_up is None:
        return None
    return issue_confirmed(services, named.client, confirmed, signed_up.username, attribute=stored.attribute)


def admin_confirm_sign_up(
    services: Services, user_pool: UserPool, user: User, *, client_metadata: Mapping[str, str] | None = None
) -> None:
    """Confirm a user without a code; what is verified of them does not change.

    Raises:
        NotAuthorized: they are confirmed already.
    """
    _require_unconfirmed(user)
    with services.unit_of_work() as work:
        confirmed = work.users.save(replace(user, status=UserStatus.CONFIRMED, updated_at=services.clock.now()))
        work.confirmation_codes.drop(user.id, SIGN_UP)
        work.commit()
    post_confirmation(
        services, user_pool, "ConfirmSignUp", client_id=None, user=confirmed, client_metadata=client_metadata
    )


def resend_confirmation_code(
    services: Services, named: NamedUser, *, client_metadata: Mapping[str, str] | None = None
) -> CodeDelivery:
    """Send a new code in place of the older one.

    Raises:
        NameUnknown; InvalidParameter: confirmed already; NotAuthorized: the pool verifies nothing that the user has;
        AttemptLimitExceeded, CodeDeliveryFailed.
    """
    user_pool, user = named.user_pool, named.user
    if user is None:
        _require_hidden(named)
    elif user.status is not UserStatus.UNCONFIRMED:
        raise InvalidParameter("User is already confirmed.")
    possible = confirmation_attributes(user_pool, user)
    if not possible:
        raise NotAuthorized("Cannot resend codes. Auto verification not turned on.")
    count_ask(services, user_pool.id, named.subject, SIGN_UP)
    if user is None:
        return simulated_delivery(services, user_pool, named.name, possible)
    code = issue_code(services, user, purpose=SIGN_UP, attribute=possible[0], lifetime=SIGN_UP_LIFETIME)
    record_action(services, user_pool, user, "ResendCode", client_id=named.client.id, origin=named.origin)
    return send_code(
        services,
        user_pool,
        user,
        kind="ResendCode",
        attribute=possible[0],
        code=code,
        client_id=named.client.id,
        client_metadata=client_metadata,
    )


def _confirm_by_code(
    services: Services, user_pool: UserPool, user: User, stored: StoredCode, *, forces_alias: bool
) -> User:
    confirmed = replace(
        user,
        status=UserStatus.CONFIRMED,
        attributes={**user.attributes, f"{stored.attribute}_verified": "true"},
        updated_at=services.clock.now(),
    )
    with services.unit_of_work() as work:
        if not work.confirmation_codes.spend(stored):
            raise CodeExpired
        confirmed = work.users.save(confirmed)
        claim_aliases(work, user_pool, confirmed, force=forces_alias)
        work.commit()
    return confirmed


def _require_unconfirmed(user: User) -> None:
    if user.status is not UserStatus.UNCONFIRMED:
        raise NotAuthorized(f"User cannot be confirmed. Current status is {user.status}")


def _require_hidden(named: NamedUser) -> None:
    if not named.client.hides_unknown_users:
        raise NameUnknown
