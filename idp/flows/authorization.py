"""Authorization codes: issued when a user has signed in on a page, exchanged once by the client for tokens.

A code that comes back a second time has been stolen or replayed: the tokens of its first use are revoked.
Source: RFC 6749 section 4.1; RFC 7636 section 4.6; RFC 9700 section 4.5; spec USER_POOLS sections 9.3 and 9.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from idp.domain import authorization_code
from idp.domain.authorization_code import AuthorizationCode, digest_of
from idp.domain.browser_session import is_still_signed_in
from idp.domain.oauth_error import OAuthRefused
from idp.domain.user import UserStatus
from idp.flows import tokens

if TYPE_CHECKING:
    from idp.domain.authorization_request import AuthorizationRequest
    from idp.domain.browser_session import SignedIn
    from idp.domain.client import Client
    from idp.domain.origin import Origin
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services

_OWN_PASSWORD_IN_DOUBT = frozenset({UserStatus.FORCE_CHANGE_PASSWORD, UserStatus.RESET_REQUIRED})
# What a client must be able to read to be given the scope.  Unknown: whether `profile` is held to that, too; here it is not.
_ATTRIBUTES_OF_SCOPE = {"email": ("email", "email_verified"), "phone": ("phone_number", "phone_number_verified")}


@dataclass(frozen=True, slots=True)
class Redemption:
    """What a client presents to have a code exchanged."""

    code: str
    redirect_uri: str
    code_verifier: str | None


def issue_authorization_code(services: Services, request: AuthorizationRequest, signed_in: SignedIn) -> str:
    """Return a code for the client, good once and for five minutes."""
    now = services.clock.now()
    code = services.random.uuid()
    stored = AuthorizationCode(
        digest=digest_of(code),
        client_id=request.client_id,
        client_url=request.client_url,
        user_id=signed_in.user.id,
        redirect_uri=request.redirect_uri,
        code_challenge=request.code_challenge,
        scope=request.scope,
        nonce=request.nonce,
        authenticated_at=signed_in.authenticated_at,
        expires_at=now + authorization_code.LIFETIME,
        browser_digest=signed_in.browser_digest,
    )
    with services.unit_of_work() as work:
        work.authorization_codes.delete_expired(now - authorization_code.REMEMBERED)
        work.authorization_codes.add(stored)
        work.commit()
    return code


def redeem_authorization_code(
    services: Services, user_pool: UserPool, client: Client, redemption: Redemption, *, origin: Origin
) -> tokens.TokenSet:
    """Exchange a code for tokens.

    Args:
        origin: where the tokens go.

    A code is spent before anything else about it is checked: a wrong redirect URI or code_verifier uses it up.

    Raises:
        OAuthRefused: invalid_grant for a code that is unknown, spent, expired, another client's, or for a wrong
            code_verifier; unauthorized_client for another redirect URI.
    """
    digest = digest_of(redemption.code)
    with services.reading() as work:
        found = work.authorization_codes.find_with_user(digest)
    if found is None or not found[0].is_of(client):
        raise OAuthRefused("invalid_grant")
    stored, user = found
    _spend(services, digest)
    _require_bound(stored, redemption)
    _require_entitled(services, client, user, stored)
    session_id = services.random.uuid()
    issued = tokens.begin_session(
        services,
        user_pool,
        client,
        user,
        scope=stored.scope,
        hosted=True,
        nonce=stored.nonce,
        authenticated_at=stored.authenticated_at,
        session_id=session_id,
        origin=origin,
        browser_digest=stored.browser_digest,
    )
    _bind(services, digest, session_id)
    return issued


def _spend(services: Services, digest: str) -> None:
    """Use the code up; when it was used before, revoke what it was used for."""
    now = services.clock.now()
    with services.unit_of_work() as work:
        if work.authorization_codes.spend(digest, now):
            work.commit()
            return
        session_id = work.authorization_codes.mark_replayed(digest, now)
        if session_id is not None:
            work.user_sessions.revoke(session_id, now)
        work.commit()
    raise OAuthRefused("invalid_grant")


def _require_bound(stored: AuthorizationCode, redemption: Redemption) -> None:
    """Require that whoever presents the code began the flow."""
    if redemption.redirect_uri != stored.redirect_uri:
        raise OAuthRefused("unauthorized_client", "invalid_redirect")
    if not authorization_code.is_verified_by(stored.code_challenge, redemption.code_verifier):
        raise OAuthRefused("invalid_grant")


def _require_entitled(services: Services, client: Client, user: User, stored: AuthorizationCode) -> None:
    """Require that the user is still signed in and the client may read what its scopes promise."""
    if not is_still_signed_in(user, stored.authenticated_at, by_provider=_is_by_provider(services, user, stored)):
        raise OAuthRefused("invalid_grant")
    for scope in stored.scope.split():
        if not all(client.may_read(attribute) for attribute in _ATTRIBUTES_OF_SCOPE.get(scope, ())):
            raise OAuthRefused("invalid_grant")


def _is_by_provider(services: Services, user: User, stored: AuthorizationCode) -> bool:
    """Say whether an upstream provider vouched for the user; the store is asked only about users whom it may matter for."""
    if user.status not in _OWN_PASSWORD_IN_DOUBT or stored.browser_digest is None:
        return False
    with services.reading() as work:
        found = work.browser_sessions.find_with_user(stored.browser_digest)
    return found is not None and found[0].identity_provider is not None


def _bind(services: Services, digest: str, session_id: str) -> None:
    """Tie the new session to its code; end it when the code came back while it was made."""
    now = services.clock.now()
    with services.unit_of_work() as work:
        is_bound = work.authorization_codes.bind_session(digest, session_id)
        if not is_bound:
            work.user_sessions.revoke(session_id, now)
        work.commit()
    if not is_bound:
        raise OAuthRefused("invalid_grant")
