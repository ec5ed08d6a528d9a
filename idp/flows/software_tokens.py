"""Registering an authenticator app: a secret is handed out, and counts once a code of it comes back.

By access token the secret waits in the database; in a sign-in that asks for MFA_SETUP it travels in the sealed Session, so
that nothing is stored before its code is right.  Source: AWS API_AssociateSoftwareToken, API_VerifySoftwareToken; spec
USER_POOLS sections 3.5 and 5.4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from idp.domain.challenge import MFA_SETUP, SOFTWARE_TOKEN_MFA, require_may_sign_in
from idp.domain.errors import InvalidSession, SessionSpent, SoftwareTokenNotFound, SoftwareTokenRefused
from idp.domain.mfa import PoolMfa
from idp.domain.totp import SECRET_BYTES, encode_secret, matching_steps
from idp.flows.challenges.mfa_setup import IS_REGISTERED, SECRET
from idp.flows.lockout import count_failure, require_still_unlocked, require_unlocked
from idp.flows.lookups import get_client, get_pool_of, get_user
from idp.flows.second_factors import second_factor
from idp.flows.sign_in_sessions import SignInSession, open_session_of_any_client, seal_session
from idp.flows.sign_in_subjects import require_proved_password

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from idp.domain.client import Client
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork

ATTEMPTS = "software_token"
NOT_OFFERED = "Software Token MFA has not been enabled by the userPool"
NOT_BEGUN = "No software token has been associated for the user."


@dataclass(frozen=True, slots=True)
class SetUp:
    """A sign-in in the middle of MFA_SETUP, by the Session it brought."""

    client: Client
    user_pool: UserPool
    user: User
    session: SignInSession


def associate_software_token(services: Services, user_pool: UserPool, user: User) -> str:
    """Hand out a secret to a signed-in user, in place of one that waits; a registered app stays good until its code comes.

    Returns:
        base32, 52 characters.

    Raises:
        SoftwareTokenNotFound: the pool takes no apps. ConcurrentModification.
    """
    _require_offered(user_pool)
    secret = _new_secret(services)
    with services.unit_of_work() as work:
        work.software_tokens.begin(user.id, secret)
        work.commit()
    return secret


def verify_software_token(
    services: Services, user_pool: UserPool, user: User, code: str, *, friendly_name: str | None
) -> None:
    """Register the app of a signed-in user by a code of it; it is asked for once the user switches it on.

    Raises:
        SoftwareTokenNotFound: the pool takes no apps, or no secret was handed out. SoftwareTokenRefused: a wrong code.
        PasswordAttemptsExceeded: too many of them.
    """
    _require_offered(user_pool)
    with services.reading() as work:
        token = work.software_tokens.find(user.id)
    if token is None or token.pending_secret is None:
        raise SoftwareTokenNotFound(NOT_BEGUN)
    step = _step_of(services, user, token.pending_secret, code)
    with services.unit_of_work() as work:
        if not work.software_tokens.register(token, step=step, friendly_name=friendly_name):
            raise SoftwareTokenRefused
        _forget_failures(work, user)
        work.commit()


def associate_in_sign_in(services: Services, session_text: str) -> tuple[str, str]:
    """Hand out a secret in the middle of MFA_SETUP; the Session is spent.

    Returns:
        The secret, and the Session to verify it by.

    Raises:
        InvalidSession and its kinds: it is not of a sign-in that must still set up MFA. SoftwareTokenNotFound.
    """
    set_up = _open_set_up(services, session_text)
    secret = _new_secret(services)
    with services.unit_of_work() as work:
        _spend(work, set_up.session)
        work.commit()
    return secret, _reseal(services, set_up, {SECRET: secret})


def verify_in_sign_in(services: Services, session_text: str, code: str, *, friendly_name: str | None) -> str:
    """Register an app in the middle of MFA_SETUP by a code of it, and switch it on; the Session is spent.

    Returns:
        The Session that answers MFA_SETUP.

    Raises:
        InvalidSession and its kinds; SoftwareTokenNotFound: no secret was handed out. SoftwareTokenRefused: a wrong
            code, which leaves the Session good. PasswordAttemptsExceeded: too many of them.
    """
    set_up = _open_set_up(services, session_text)
    secret = set_up.session.secrets.get(SECRET)
    if secret is None:
        raise SoftwareTokenNotFound(NOT_BEGUN)
    user = set_up.user
    step = _step_of(services, user, secret, code)
    with services.unit_of_work() as work:
        _spend(work, set_up.session)
        if not work.software_tokens.register_first(user.id, secret, step=step, friendly_name=friendly_name):
            raise InvalidSession
        work.users.save(replace(user, mfa=user.mfa.with_factor(SOFTWARE_TOKEN_MFA)))
        _forget_failures(work, user)
        work.commit()
    return _reseal(services, set_up, {SECRET: secret, IS_REGISTERED: True})


def admin_delete_software_token(services: Services, user_pool: UserPool, username: str) -> None:
    """Forget a user's app, registered or waiting, with all that prefers it.

    Raises:
        UserNotFound. Nothing is told, and nothing done, of a user without an app: the operation has no error for it.
    """
    with services.unit_of_work() as work:
        user = get_user(work, user_pool, username)
        work.software_tokens.delete(user.id)
        if SOFTWARE_TOKEN_MFA in user.mfa.enabled:
            work.users.save(
                replace(user, mfa=user.mfa.without_factor(SOFTWARE_TOKEN_MFA), updated_at=services.clock.now())
            )
        work.commit()


def _open_set_up(services: Services, session_text: str) -> SetUp:
    """Open the Session of a sign-in that has passed the first factor and must set up MFA, still.

    Raises:
        InvalidSession, SessionExpired, SessionSpent; the states of users that may not sign in.
    """
    client_id, session = open_session_of_any_client(services, session_text)
    if session.challenge != MFA_SETUP or session.sub is None or session.secrets.get(IS_REGISTERED):
        raise InvalidSession
    client = get_client(services, client_id)
    user_pool = get_pool_of(services, client)
    _require_offered(user_pool)
    with services.reading() as work:
        if work.spent_tickets.is_spent(session.id):
            raise SessionSpent
        user = work.users.find_by_sub(user_pool.id, session.sub)
    if user is None:
        raise InvalidSession
    require_proved_password(session, user)
    require_may_sign_in(user, services.clock.now())
    if second_factor(services, user_pool, user, session.passed) != MFA_SETUP:
        raise InvalidSession
    return SetUp(client, user_pool, user, session)


def _reseal(services: Services, set_up: SetUp, secrets: Mapping[str, Any]) -> str:
    session = replace(
        set_up.session,
        id=services.random.uuid(),
        expires_at=services.clock.now() + set_up.client.sign_in_session_lifetime,
        secrets=secrets,
    )
    return seal_session(services, set_up.client, session)


def _step_of(services: Services, user: User, secret: str, code: str) -> int:
    """Return the time step of a right code; a wrong one counts.

    Raises:
        SoftwareTokenRefused, PasswordAttemptsExceeded.
    """
    now = services.clock.now()
    with services.reading() as work:
        failures = work.attempts.find(user.pool_id, user.username, ATTEMPTS)
    require_unlocked(failures, now)
    steps = matching_steps(secret, code, now)
    if not steps:
        count_failure(services, user.pool_id, user.username, ATTEMPTS)
        raise SoftwareTokenRefused
    require_still_unlocked(services, user.pool_id, user.username, ATTEMPTS)
    return steps[0]


def _forget_failures(work: UnitOfWork, user: User) -> None:
    work.attempts.clear(user.pool_id, user.username, ATTEMPTS)


def _spend(work: UnitOfWork, session: SignInSession) -> None:
    if not work.spent_tickets.spend(session.id, session.expires_at):
        raise SessionSpent


def _new_secret(services: Services) -> str:
    return encode_secret(services.random.bytes(SECRET_BYTES))


def _require_offered(user_pool: UserPool) -> None:
    if SOFTWARE_TOKEN_MFA not in PoolMfa.parse(user_pool).factors:
        raise SoftwareTokenNotFound(NOT_OFFERED)
