"""A user session: one sign-in, whose tokens share an origin_jti.  Source: spec USER_POOLS sections 1.11-1.14 and 4.9."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from idp.domain.origin import UNKNOWN_DEVICE

if TYPE_CHECKING:
    from idp.domain.client import Client


@dataclass(frozen=True, slots=True)
class UserSession:
    """A stored session.

    Attributes:
        id: the origin_jti of every token of the session.
        event_id: the sign-in event's UUID.
        scope: space-separated, as in the access token.
        hosted: begun at the token endpoint (its access tokens say version 2).
        expires_at: when its refresh tokens end, whether rotated or not.
        revoked_at: when RevokeToken, a sign-out everywhere or a reuse ended it.
        active_at: when it began, or was last refreshed in a pool that tracks sessions.
        source: the client's address by then.
        device_name: what the client was by then.
        browser_digest: of the browser session it came through; None for a sign-in by the API.
        client_url: of a client by metadata document, which the tokens name as their client.
    """

    id: str
    pool_id: str
    user_id: int
    client_id: str
    event_id: str
    scope: str
    authenticated_at: datetime
    expires_at: datetime
    hosted: bool = False
    device_key: str | None = None
    nonce: str | None = None
    revoked_at: datetime | None = None
    active_at: datetime | None = None
    source: str = ""
    device_name: str = UNKNOWN_DEVICE
    browser_digest: str | None = None
    client_url: str | None = None

    def is_of(self, client: Client) -> bool:
        """Say whether the session is the client's."""
        return (self.client_id, self.client_url) == (client.id, client.metadata_url)
