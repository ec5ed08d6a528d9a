"""Who calls with an access token: verified in process, in one query.

Source: spec USER_POOLS section 3.3 (sentences) and 4.9 (revocation).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from idp.authorizer.jwt import SignedClaims, TokenRefused, granted_scopes, verify_token
from idp.domain.client_metadata import is_url
from idp.domain.errors import (
    AccessTokenExpired,
    AccessTokenRevoked,
    InvalidAccessToken,
    NotAuthorized,
    UserDisabled,
    UserNotFound,
)
from idp.domain.scope import SELF_SERVICE
from idp.flows.lookups import get_user_pool
from idp.flows.own_keys import OwnKeys

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.domain.user_session import UserSession
    from idp.services import Services


@dataclass(frozen=True, slots=True)
class AccessGrant:
    """What an access token proves.

    Attributes:
        client_id: of the app client, also when another acts as it, whose URL the token names.
        session: None for tokens without origin_jti, of clients that have revocation off.
    """

    user_pool: UserPool
    client_id: str
    user: User
    session: UserSession | None
    claims: SignedClaims = field(repr=False)


def authenticate_access_token(
    services: Services, access_token: str, *, scope: str | None = SELF_SERVICE
) -> AccessGrant:
    """Return whom an access token of one of our pools speaks for.

    Args:
        scope: must be granted; None demands none.

    Raises:
        InvalidAccessToken, AccessTokenExpired, AccessTokenRevoked, NotAuthorized, UserDisabled, UserNotFound: with the
            sentences of spec section 3.3.
    """
    claims = _verified(services, access_token)
    if scope is not None and scope not in granted_scopes(claims):
        raise NotAuthorized("Access Token does not have required scopes")
    pool_id = claims["iss"].rpartition("/")[2]
    user, session = get_holder(services, pool_id, claims)
    user_pool = get_user_pool(services, pool_id)
    client_id = claims["client_id"]
    if session is not None and is_url(client_id):
        client_id = session.client_id
    return AccessGrant(user_pool, client_id, user, session, claims)


def get_holder(services: Services, pool_id: str, claims: SignedClaims) -> tuple[User, UserSession | None]:
    """Return the user and the session of a verified token, if it still counts; None for a token without origin_jti.

    Raises:
        AccessTokenRevoked, UserDisabled, UserNotFound.
    """
    user, session = _find_user(services, pool_id, claims)
    if not user.enabled:
        raise UserDisabled
    return user, session


def _verified(services: Services, access_token: str) -> SignedClaims:
    try:
        claims = verify_token(
            access_token,
            OwnKeys(services),
            now=services.clock.now(),
            issuers=None,
            token_use="access",  # noqa: S106 - a claim's value
        )
    except TokenRefused as refusal:
        raise _sentence(refusal) from None
    if "username" not in claims:  # a client's own token speaks for no user
        raise InvalidAccessToken
    return claims


def _sentence(refusal: TokenRefused) -> NotAuthorized:
    if refusal.reason == "bad_signature":
        return NotAuthorized("Could not verify signature for Access Token")
    return AccessTokenExpired() if refusal.reason == "expired" else InvalidAccessToken()


def _find_user(services: Services, pool_id: str, claims: Mapping[str, Any]) -> tuple[User, UserSession | None]:
    origin = claims.get("origin_jti")
    with services.reading() as work:
        if origin is None:
            return _unless_signed_out(work.users.find_by_sub(pool_id, claims["sub"]), claims["iat"]), None
        found = work.user_sessions.find_with_user(origin)
        if found is None:
            raise _missing(work.users.find_by_sub(pool_id, claims["sub"]))
    session, user = found
    if session.revoked_at is not None:
        raise AccessTokenRevoked
    return user, session


def _unless_signed_out(user: User | None, issued_at: int) -> User:
    """Return the user; a token of the very second of a sign-out is taken to be older than it."""
    if user is None:
        raise UserNotFound
    if user.signed_out_at is not None and datetime.fromtimestamp(issued_at, UTC) <= user.signed_out_at:
        raise AccessTokenRevoked
    return user


def _missing(user: User | None) -> UserNotFound | AccessTokenRevoked:
    """Return why a session is gone: with its user, or deleted after its end."""
    return UserNotFound() if user is None else AccessTokenRevoked()
