"""Ending sessions: one by its refresh token, or all of a user's.  Source: spec USER_POOLS sections 1.14 and 4.9."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.domain.errors import UnsupportedOperation, UnsupportedTokenType
from idp.flows.access import authenticate_access_token
from idp.flows.lookups import get_user
from idp.flows.tokens import digest_of

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services


def revoke_token(services: Services, client: Client, token: str) -> None:
    """Revoke a refresh token of an authenticated client, with every token of its session.

    A token that is unknown, revoked already or another client's changes nothing.  Source: RFC 7009 section 2.2.

    Raises:
        UnsupportedOperation: the client's settings exclude revocation.
        UnsupportedTokenType: it is an access or ID token.
    """
    if not client.revokes_tokens:
        raise UnsupportedOperation("Revocation is not enabled for this client.")
    if token.count(".") == 2:  # a compact JWS
        raise UnsupportedTokenType("The token type is not supported: only refresh tokens can be revoked.")
    with services.unit_of_work() as work:
        stored = work.user_sessions.find_refresh_token(digest_of(token))
        if stored is not None and stored.session.is_of(client):
            work.user_sessions.revoke(stored.session.id, services.clock.now())
            work.commit()


def global_sign_out(services: Services, access_token: str) -> None:
    """Revoke all refresh and access tokens of the user who calls."""
    grant = authenticate_access_token(services, access_token)
    sign_out_everywhere(services, grant.user)


def admin_user_global_sign_out(services: Services, user_pool: UserPool, username: str) -> None:
    """Revoke all refresh and access tokens of a user; raises UserNotFound."""
    with services.reading() as work:
        user = get_user(work, user_pool, username)
    sign_out_everywhere(services, user)


def sign_out_everywhere(services: Services, user: User) -> None:
    """Revoke everything that was issued to a user up to now."""
    now = services.clock.now()
    with services.unit_of_work() as work:
        work.user_sessions.revoke_of_user(user.id, now)
        work.users.sign_out(user.id, now)
        work.commit()
