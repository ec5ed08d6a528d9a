"""A browser session: the cookie by which a domain of a user pool knows who signed in.  Source: spec USER_POOLS section 9.8."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from idp.domain.origin import UNKNOWN_DEVICE
from idp.domain.session_configuration import LONGEST_SSO
from idp.domain.user import User, UserStatus

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.domain.user_pool import UserPool

LIFETIME = timedelta(hours=1)
VISIT = timedelta(minutes=5)
_MAY_CONTINUE = frozenset({UserStatus.CONFIRMED, UserStatus.EXTERNAL_PROVIDER})


@dataclass(frozen=True, slots=True)
class PendingChallenge:
    """A sign-in that waits for the next answer.

    Attributes:
        name: as the API names it, e.g. NEW_PASSWORD_REQUIRED.
        sign_in_session: the sealed Session; None when the parameters carry it.
        parameters: ChallengeParameters.
    """

    name: str
    client_id: str
    username: str
    sign_in_session: str | None = field(repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class UpstreamSession:
    """What a SAML provider calls a user and their session there: it must be told when they sign out.

    Attributes:
        name_id: the assertion's NameID element, as XML.
        session_index: None when the provider gave none.
    """

    name_id: str = field(repr=False)
    session_index: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """A stored session: of a signed-in user, or of somebody in the middle of signing in.

    Attributes:
        digest: SHA-256 of the cookie, hex.
        user_id: None until the user has signed in.
        pending: the challenge that is next; None when signed in.
        client_id: where the user signed in.
        is_fresh: the client at which the user signed in has had no answer yet.
        active_at: when the user signed in, or tokens were last given by that.
        source: the address by then.
        device_name: what the browser, or the client that got the tokens, was by then.
        identity_provider: the upstream provider that vouched for the user; None for the pool's own password and factors.
        upstream: what the provider must be told at sign-out.
    """

    digest: str
    pool_id: str
    user_id: int | None
    pending: PendingChallenge | None
    authenticated_at: datetime | None
    expires_at: datetime
    client_id: str | None = None
    is_fresh: bool = False
    active_at: datetime | None = None
    source: str = ""
    device_name: str = UNKNOWN_DEVICE
    identity_provider: str | None = None
    upstream: UpstreamSession | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user whom a browser session vouches for, and when they proved who they are."""

    user: User
    authenticated_at: datetime
    browser_digest: str


def is_still_signed_in(user: User, authenticated_at: datetime, *, by_provider: bool) -> bool:
    """Say whether a past sign-in still counts: the user was not disabled, reset or signed out everywhere since.

    Unknown: whether Cognito's cookie outlives a sign-out everywhere; here it does not.

    Args:
        by_provider: an upstream provider vouched for the user, so that the state of a password is of no concern.
    """
    signed_out = user.signed_out_at is not None and user.signed_out_at >= authenticated_at
    return user.enabled and not signed_out and (by_provider or user.status in _MAY_CONTINUE)


def lifetime_in(user_pool: UserPool) -> timedelta:
    """Return how long a session is kept: where sessions are tracked, as long as any client may let it count."""
    return LONGEST_SSO if user_pool.session_tracking.is_enabled else LIFETIME


def counts_until(user_pool: UserPool, client: Client, authenticated_at: datetime) -> datetime:
    """Return until when a past sign-in counts for a client without asking the user again."""
    tracked = user_pool.session_tracking.is_enabled
    return authenticated_at + (timedelta(minutes=client.sso_minutes) if tracked else LIFETIME)


def is_of_this_visit(session: BrowserSession, now: datetime) -> bool:
    """Say whether the user signed in just now, on the way to the answer that is due."""
    return session.authenticated_at is not None and now < session.authenticated_at + VISIT


def state_of(pending: PendingChallenge | None) -> dict[str, Any]:
    """Return the JSON document that keeps a pending challenge."""
    if pending is None:
        return {}
    return {
        "challenge": pending.name,
        "client_id": pending.client_id,
        "username": pending.username,
        "sign_in_session": pending.sign_in_session,
        "parameters": dict(pending.parameters),
    }


def pending_of(state: Mapping[str, Any]) -> PendingChallenge | None:
    """Return the pending challenge that a document keeps."""
    if not state:
        return None
    return PendingChallenge(
        state["challenge"], state["client_id"], state["username"], state["sign_in_session"], state["parameters"]
    )
