"""Tokens: begun with a user session, refreshed from it, rotated, and issued to clients themselves.

A session and its refresh token are stored in one transaction, after the signatures are made. A refresh token is random
text of which only a digest is kept, and it is spent by one conditional UPDATE.

Source: spec USER_POOLS sections 1.11, 1.12, 4 and 9.4.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from idp.domain.claims import access_token_claims, access_token_hash, client_token_claims, id_token_claims
from idp.domain.errors import (
    InvalidRefreshToken,
    RefreshTokenExpired,
    RefreshTokenReused,
    RefreshTokenRevoked,
    UserDisabled,
)
from idp.domain.origin import UNKNOWN_ORIGIN, Origin
from idp.domain.scope import OPENID, parse_scope
from idp.domain.user_session import UserSession
from idp.flows.lookups import get_pool_of
from idp.flows.session_activity import make_room, note_activity, note_grant
from idp.flows.token_customization import customized, customized_for_client, describe_subject

if TYPE_CHECKING:
    from idp.domain.claims import TokenSubject
    from idp.domain.client import Client
    from idp.domain.device import NewDevice
    from idp.domain.group import Group
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.store.user_sessions import StoredRefreshToken

REFRESH_TOKEN_BYTES = 48
FROM_REFRESH = "TokenGeneration_RefreshTokens"
FROM_HOSTED_PAGES = "TokenGeneration_HostedAuth"
FROM_SIGN_IN = "TokenGeneration_Authentication"


@dataclass(frozen=True, slots=True)
class TokenSet:
    """Tokens as an answer holds them.

    Attributes:
        id_token: None without the scope `openid`, at the token endpoint.
        refresh_token: None when a refresh gives no new one.
        expires_in: of the access token, in seconds.
        new_device: the device that the client may confirm; None when it has named one, or the pool tracks none.
    """

    access_token: str = field(repr=False)
    id_token: str | None = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_in: int
    new_device: NewDevice | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RefreshGrant:
    """What a good refresh token stands for: session, user, and the groups the user is in now.

    Attributes:
        has_device: the session is of a device that the user has confirmed, and not forgotten.
    """

    session: UserSession
    user: User
    groups: Sequence[Group]
    has_device: bool


def begin_session(
    services: Services,
    user_pool: UserPool,
    client: Client,
    user: User,
    *,
    scope: str,
    hosted: bool,
    nonce: str | None = None,
    authenticated_at: datetime | None = None,
    event_id: str | None = None,
    session_id: str | None = None,
    source: str | None = None,
    client_metadata: Mapping[str, str] | None = None,
    device_key: str | None = None,
    device_source: str | None = None,
    origin: Origin = UNKNOWN_ORIGIN,
    browser_digest: str | None = None,
) -> TokenSet:
    """Begin a session of an authenticated user and issue its first tokens.  No transaction may be open.

    Args:
        scope: space-separated, as granted.
        hosted: the tokens are for the token endpoint (version 2, at_hash, attributes by scope).
        nonce: of the authorization request.
        authenticated_at: when the user signed in; now by default.
        event_id: the sign-in event; a new one by default.
        session_id: what the session shall be known by; a new UUID by default.
        source: the PreTokenGeneration trigger's, when it is not that of an ordinary sign-in.
        device_key: of the device that signs in, or of the new one that the client may confirm.
        device_source: the client's address, noted of the device if the user has it.
        origin: where the tokens go, noted of the session.
        browser_digest: of the browser session that vouches for the user.

    Raises:
        TriggerRefused, TriggerFailed, TriggerAnswerInvalid.
    """
    now = services.clock.now()
    with services.reading() as work:
        groups = work.groups.of_user(user)
    session = UserSession(
        id=session_id or services.random.uuid(),
        pool_id=user_pool.id,
        user_id=user.id,
        client_id=client.id,
        client_url=client.metadata_url,
        event_id=event_id or services.random.uuid(),
        scope=scope,
        authenticated_at=authenticated_at or now,
        expires_at=now + client.refresh_token_lifetime,
        hosted=hosted,
        device_key=device_key,
        nonce=nonce,
        active_at=now,
        source=origin.address,
        device_name=origin.device_name,
        browser_digest=browser_digest,
    )
    source = source or (FROM_HOSTED_PAGES if hosted else FROM_SIGN_IN)
    subject = describe_subject(services, user_pool, client, user, session, groups)
    tokens = _signed(services, user_pool, subject, source=source, client_metadata=client_metadata)
    refresh_token = new_refresh_token(services)
    with services.unit_of_work() as work:
        make_room(work, user_pool, user, now)
        work.user_sessions.add(session, digest_of(refresh_token))
        note_grant(work, user_pool, session, origin)
        if device_key is not None and device_source is not None:
            work.devices.touch(user.id, device_key, now, source=device_source)
        work.commit()
    return replace(tokens, refresh_token=refresh_token)


def refresh(
    services: Services,
    client: Client,
    refresh_token: str,
    *,
    device_key: str | None = None,
    client_metadata: Mapping[str, str] | None = None,
    origin: Origin = UNKNOWN_ORIGIN,
) -> TokenSet:
    """Issue new tokens of a session; with rotation the refresh token is spent and a new one comes with them.

    Raises:
        InvalidRefreshToken, RefreshTokenExpired, RefreshTokenRevoked, RefreshTokenReused, UserDisabled: with the
            sentences of spec section 1.11.
    """
    grant = get_refresh_grant(services, client, refresh_token, device_key=device_key)
    return refresh_from(services, client, refresh_token, grant, client_metadata=client_metadata, origin=origin)


def get_refresh_grant(
    services: Services, client: Client, refresh_token: str, *, device_key: str | None
) -> RefreshGrant:
    """Return what a refresh token stands for, if the client may use it now.

    Raises:
        InvalidRefreshToken, RefreshTokenExpired, RefreshTokenRevoked, RefreshTokenReused, UserDisabled.
    """
    with services.reading() as work:
        stored = work.user_sessions.find_refresh_token(digest_of(refresh_token))
        groups = work.groups.of_user(stored.user) if stored is not None and stored.has_groups else []
    if stored is None or not stored.session.is_of(client):
        raise InvalidRefreshToken
    _require_good(services, client, stored, device_key)
    return RefreshGrant(stored.session, stored.user, groups, stored.has_device)


def refresh_from(
    services: Services,
    client: Client,
    refresh_token: str,
    grant: RefreshGrant,
    *,
    client_metadata: Mapping[str, str] | None = None,
    origin: Origin = UNKNOWN_ORIGIN,
) -> TokenSet:
    """Do the second half of `refresh`, with what `get_refresh_grant` returned."""
    user_pool = get_pool_of(services, client)
    subject = describe_subject(services, user_pool, client, grant.user, grant.session, grant.groups)
    tokens = _signed(services, user_pool, subject, source=FROM_REFRESH, client_metadata=client_metadata)
    note_activity(services, user_pool, grant.session, origin)
    if not client.rotates_refresh_tokens:
        return tokens
    return replace(tokens, refresh_token=_rotate(services, client, grant.session, digest_of(refresh_token)))


def issue_client_token(
    services: Services,
    user_pool: UserPool,
    client: Client,
    *,
    scope: str,
    client_metadata: Mapping[str, str] | None = None,
) -> TokenSet:
    """Issue an access token to a client itself (client_credentials).  Source: RFC 6749 section 4.4.

    Raises:
        TriggerRefused, TriggerFailed, TriggerAnswerInvalid.
    """
    overrides = customized_for_client(services, user_pool, client, scope=scope, client_metadata=client_metadata)
    claims = client_token_claims(
        client,
        issuer=services.settings.issuer(user_pool.id),
        scope=scope,
        jti=services.random.uuid(),
        issued_at=services.clock.now(),
    )
    signed = services.keyring.signer(user_pool.id, "access").sign(overrides.access_claims(claims))
    return TokenSet(signed, None, None, int(client.access_token_lifetime.total_seconds()))


def new_refresh_token(services: Services) -> str:
    """Return a refresh token: 48 random bytes as 64 characters of base64url."""
    return base64.urlsafe_b64encode(services.random.bytes(REFRESH_TOKEN_BYTES)).decode()


def digest_of(refresh_token: str) -> str:
    """Return what is stored of a refresh token: SHA-256 in hex; it is random, so nothing slower is needed."""
    return hashlib.sha256(refresh_token.encode()).hexdigest()


def _signed(
    services: Services,
    user_pool: UserPool,
    subject: TokenSubject,
    *,
    source: str,
    client_metadata: Mapping[str, str] | None,
) -> TokenSet:
    """Let the trigger change the claims, and sign; the refresh token is the caller's to add."""
    subject, overrides = customized(services, user_pool, subject, source=source, client_metadata=client_metadata)
    session = subject.session
    access_claims = overrides.access_claims(access_token_claims(subject, services.random.uuid()))
    access_token = services.keyring.signer(user_pool.id, "access").sign(access_claims)
    id_token = None
    if not session.hosted or OPENID in parse_scope(session.scope):
        at_hash = access_token_hash(access_token) if session.hosted else None
        claims = overrides.id_claims(id_token_claims(subject, services.random.uuid(), at_hash=at_hash))
        id_token = services.keyring.signer(user_pool.id, "id").sign(claims)
    return TokenSet(access_token, id_token, None, int(subject.client.access_token_lifetime.total_seconds()))


def _require_good(services: Services, client: Client, stored: StoredRefreshToken, device_key: str | None) -> None:
    """Check that a stored refresh token may be used, in the order of spec section 1.11."""
    session, now = stored.session, services.clock.now()
    if not _is_of_device(stored, device_key):
        raise InvalidRefreshToken
    if not stored.user.enabled:
        raise UserDisabled
    if session.revoked_at is not None:
        raise RefreshTokenRevoked
    if session.expires_at <= now:
        raise RefreshTokenExpired
    if stored.spent_at is not None and not _is_retry(client, stored.spent_at, now):
        raise _revoked_for_reuse(services, session)


def _is_of_device(stored: StoredRefreshToken, device_key: str | None) -> bool:
    """Say whether the client names the device of its session, which it need not before it has confirmed it."""
    own = stored.session.device_key
    return own is None or own == device_key or (device_key is None and not stored.has_device)


def _rotate(services: Services, client: Client, session: UserSession, spent_digest: str) -> str:
    """Spend a refresh token and store its successor in one transaction.

    Raises:
        RefreshTokenReused: somebody spent it first and no grace period lets both go on; the session is over.
    """
    successor = new_refresh_token(services)
    now = services.clock.now()
    with services.unit_of_work() as work:
        if not work.user_sessions.spend_refresh_token(spent_digest, now):
            stored = work.user_sessions.find_refresh_token(spent_digest)
            if stored is None or stored.spent_at is None or not _is_retry(client, stored.spent_at, now):
                work.user_sessions.revoke(session.id, now)
                work.commit()
                raise RefreshTokenReused
        work.user_sessions.add_refresh_token(session.id, digest_of(successor))
        work.commit()
    return successor


def _is_retry(client: Client, spent_at: datetime, now: datetime) -> bool:
    """Say whether a spent token is taken once more.

    Who waited for another process to spend it may have looked at the clock before that: without a grace period there is
    no retry, whatever the two moments say.
    """
    grace = client.rotation_grace if client.rotates_refresh_tokens else timedelta()
    return bool(grace) and now < spent_at + grace


def _revoked_for_reuse(services: Services, session: UserSession) -> RefreshTokenReused:
    """End the session of a token that came back: a thief or the owner holds its successor.  Source: RFC 9700 4.14.2."""
    with services.unit_of_work() as work:
        work.user_sessions.revoke(session.id, services.clock.now())
        work.commit()
    return RefreshTokenReused()
