"""A browser session: the cookie by which a domain of a user pool knows who signed in.  Source: spec USER_POOLS section 9.8."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from idp.domain.user import User, UserStatus

LIFETIME = timedelta(hours=1)
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
class BrowserSession:
    """A stored session: of a signed-in user, or of somebody in the middle of signing in.

    Attributes:
        digest: SHA-256 of the cookie, hex.
        user_id: None until the user has signed in.
        pending: the challenge that is next; None when signed in.
    """

    digest: str
    pool_id: str
    user_id: int | None
    pending: PendingChallenge | None
    authenticated_at: datetime | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user whom a browser session vouches for, and when they proved who they are."""

    user: User
    authenticated_at: datetime


def is_still_signed_in(user: User, authenticated_at: datetime) -> bool:
    """Say whether a past sign-in still counts: the user was not disabled, reset or signed out everywhere since.

    Unknown: whether Cognito's cookie outlives a sign-out everywhere; here it does not.
    """
    signed_out = user.signed_out_at is not None and user.signed_out_at >= authenticated_at
    return user.enabled and not signed_out and user.status in _MAY_CONTINUE


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
