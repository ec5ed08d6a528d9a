"""Signing up.  Source: spec USER_POOLS sections 2.2 and 2.5, in their order of checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from idp.domain.attributes import check_writable
from idp.domain.errors import AliasTaken, NotAuthorized, UsernameTaken
from idp.domain.first_factor import one_time_factors
from idp.domain.origin import UNKNOWN_ORIGIN, Origin
from idp.domain.schema import check_verified_flags
from idp.domain.user import User, UserStatus
from idp.domain.usernames import new_sub, refuse_early_preferred_username, resolve_new_username
from idp.flows.auth_events import record_action
from idp.flows.codes import SIGN_UP, SIGN_UP_LIFETIME, IssuedCode, make_code
from idp.flows.compromised_passwords import refuse_compromised
from idp.flows.confirmation import confirmation_attributes
from idp.flows.lookups import get_pool_of
from idp.flows.messages import CodeDelivery, send_code
from idp.flows.naming import AT_CHANGE, claim_aliases, taken_alias
from idp.flows.passwords import make_credentials
from idp.flows.sign_up_sessions import issue_signed_up
from idp.flows.triggers import post_confirmation, pre_sign_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from idp.domain.client import Client
    from idp.domain.user_pool import UserPool
    from idp.services import Services


@dataclass(frozen=True, slots=True)
class Registration:
    """What somebody signs up with; without a password, where the pool lets users sign in by a code."""

    username: str
    password: str | None = field(repr=False)
    attributes: Mapping[str, str] = field(repr=False)
    validation_data: Mapping[str, str] | None = field(default=None, repr=False)
    client_metadata: Mapping[str, str] | None = field(default=None, repr=False)
    origin: Origin = UNKNOWN_ORIGIN


@dataclass(frozen=True, slots=True)
class SignedUp:
    """A new user.

    Attributes:
        delivery: where their confirmation code went; None when none was sent.
        session: proves at ConfirmSignUp who signed up; None at clients without choice-based sign-in.
    """

    user: User
    delivery: CodeDelivery | None
    session: str | None = field(repr=False)

    @property
    def is_confirmed(self) -> bool:
        """Say whether the user needs no confirmation, by the PreSignUp trigger's grant."""
        return self.user.status is UserStatus.CONFIRMED


def sign_up(services: Services, client: Client, registration: Registration) -> SignedUp:
    """Let somebody sign up at a client (who has proven its secret already, if it has one).

    Raises:
        NotAuthorized: the pool or the client does not allow it; InvalidPassword, InvalidParameter, UsernameTaken;
        TriggerRefused and its like: from PreSignUp nothing is stored, from later triggers the user stays.
        CodeDeliveryFailed: the user stays too.
    """
    user_pool = get_pool_of(services, client)
    user = _draft(services, user_pool, client, registration)
    flags = pre_sign_up(
        services,
        user_pool,
        "SignUp",
        client_id=client.id,
        username=user.username,
        attributes=registration.attributes,
        validation_data=registration.validation_data,
        client_metadata=registration.client_metadata,
    )
    user = _granted(user, confirms=flags.confirms, verified=flags.verified)
    _refuse_taken(services, user_pool, user)
    password = registration.password
    credentials = None if password is None else make_credentials(services, user_pool, user.username, password)
    user, code = _store(services, user_pool, replace(user, credentials=credentials))
    record_action(services, user_pool, user, "SignUp", client_id=client.id, origin=registration.origin)
    delivery = _welcome(services, user_pool, client, user, code, registration.client_metadata)
    return SignedUp(user, delivery, issue_signed_up(services, client, user, registration.username))


def _draft(services: Services, user_pool: UserPool, client: Client, registration: Registration) -> User:
    """Return the user that would be stored, unless the pool's rules refuse them."""
    if user_pool.only_admins_create_users:
        raise NotAuthorized("SignUp is not permitted for this user pool")
    if registration.password is not None:
        user_pool.password_policy.check(registration.password)
        refuse_compromised(services, user_pool, client.id, registration.password, "SIGN_UP")
    check_writable(client, registration.attributes)
    refuse_early_preferred_username(user_pool, registration.attributes)
    username, attributes = resolve_new_username(
        user_pool, registration.username, registration.attributes, services.random
    )
    if registration.password is None and not one_time_factors(user_pool.first_factors, attributes):
        user_pool.password_policy.check("")  # refuses: there is no address to sign in by a code
    user_pool.schema.check_new(attributes, required=user_pool.required_attributes)
    now = services.clock.now()
    return User(
        pool_id=user_pool.id,
        username=username,
        sub=new_sub(user_pool, username, services.random),
        status=UserStatus.UNCONFIRMED,
        attributes=user_pool.schema.normalized(attributes),
        created_at=now,
        updated_at=now,
    )


def _granted(user: User, *, confirms: bool, verified: Sequence[str]) -> User:
    """Return the draft with what PreSignUp grants; addresses that it does not vouch for are unverified."""
    vouched = {f"{name}_verified": "true" for name in verified}
    check_verified_flags(vouched, user.attributes)
    flags = {f"{name}_verified": "false" for name in ("email", "phone_number") if name in user.attributes}
    return replace(
        user,
        status=UserStatus.CONFIRMED if confirms else user.status,
        attributes={**user.attributes, **flags, **vouched},
    )


def _refuse_taken(services: Services, user_pool: UserPool, user: User) -> None:
    """Refuse a taken name before a hash is spent on it; the store's constraints hold when two come at once."""
    with services.reading() as work:
        if user_pool.username_attributes:
            taken = taken_alias(work, user_pool, user.attributes)
            if taken is not None:
                raise UsernameTaken(AT_CHANGE.format(attribute=taken))
        elif work.users.find(user_pool.id, user.username) is not None:
            raise UsernameTaken


def _store(services: Services, user_pool: UserPool, user: User) -> tuple[User, IssuedCode | None]:
    """Store the user with the code that is to be sent, if one is."""
    code = None
    with services.unit_of_work() as work:
        stored = work.users.add(user)
        try:
            claim_aliases(work, user_pool, stored, force=True, sentence=AT_CHANGE)
        except AliasTaken as error:
            raise UsernameTaken(error.message) from error
        possible = confirmation_attributes(user_pool, stored) if stored.status is UserStatus.UNCONFIRMED else ()
        if possible:
            code = make_code(services, stored, purpose=SIGN_UP, attribute=possible[0], lifetime=SIGN_UP_LIFETIME)
            work.confirmation_codes.put(code.stored)
        work.commit()
    return stored, code


def _welcome(
    services: Services,
    user_pool: UserPool,
    client: Client,
    user: User,
    code: IssuedCode | None,
    client_metadata: Mapping[str, str] | None,
) -> CodeDelivery | None:
    """Tell PostConfirmation of a user who needs no code; send the others theirs."""
    if user.status is UserStatus.CONFIRMED:
        post_confirmation(
            services, user_pool, "ConfirmSignUp", client_id=client.id, user=user, client_metadata=client_metadata
        )
    if code is None:
        return None
    return send_code(
        services,
        user_pool,
        user,
        kind="SignUp",
        attribute=code.stored.attribute,
        code=code.digits,
        client_id=client.id,
        client_metadata=client_metadata,
    )
