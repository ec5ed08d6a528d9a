"""The Session strings that lead from SignUp over ConfirmSignUp into the first sign-in.

They are sign-in sessions that no challenge can be answered with: each works once, at the client it was made for, and as
long as AuthSessionValidity says.  Source: AWS API_SignUp, API_ConfirmSignUp; spec USER_POOLS sections 1.9, 1.10 and 2.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from idp.domain.auth_flow import CHOICE_BASED, CHOICE_PERMISSION
from idp.domain.errors import InvalidSession
from idp.flows.sign_in_sessions import SignInSession, open_session, seal_session
from idp.flows.sign_in_subjects import names_of

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.domain.user import User
    from idp.services import Services

SIGNED_UP = "SIGNED_UP"
CONFIRMED_SIGN_UP = "CONFIRMED_SIGN_UP"


def issue_signed_up(services: Services, client: Client, user: User, username: str) -> str | None:
    """Return what proves at ConfirmSignUp who signed up; None for a client without choice-based sign-in.

    Args:
        username: as typed.
    """
    return _issue(services, client, user, username, step=SIGNED_UP, secrets={})


def issue_confirmed(services: Services, client: Client, user: User, username: str, *, attribute: str) -> str | None:
    """Return what signs in the user who has just confirmed; as above.

    Args:
        attribute: `email` or `phone_number`, whose code was given back.
    """
    return _issue(services, client, user, username, step=CONFIRMED_SIGN_UP, secrets={"attribute": attribute})


def open_signed_up(services: Services, client: Client, user: User | None, sealed: str) -> SignInSession:
    """Return the session of a user's SignUp.  It need not be spent: nobody confirms twice.

    Raises:
        InvalidSession: forged, of another client, user or step; SessionExpired.
    """
    session = open_session(services, client, sealed)
    if session.challenge != SIGNED_UP or user is None or session.sub != user.sub:
        raise InvalidSession
    return session


def _issue(
    services: Services, client: Client, user: User, username: str, *, step: str, secrets: Mapping[str, Any]
) -> str | None:
    if CHOICE_PERMISSION not in client.flows:
        return None
    session = SignInSession(
        id=services.random.uuid(),
        expires_at=services.clock.now() + client.sign_in_session_lifetime,
        door="public",
        flow=CHOICE_BASED,
        challenge=step,
        username=username,
        names=(username, *names_of(user)),
        sub=user.sub,
        event_id=services.random.uuid(),
        secrets=secrets,
    )
    return seal_session(services, client, session)
