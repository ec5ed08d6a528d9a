"""How a pool keeps track of its users' sessions, and how long clients let a browser's sign-in count.

Source: AWS API_SetUserPoolSessionConfiguration, API_SetUserPoolClientSessionConfiguration (botocore 1.44).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

DEFAULT_MAX_SESSIONS = 20
DEFAULT_SSO_MINUTES = 60
LONGEST_SSO = timedelta(minutes=129_600)
"""The longest that any client may let a browser's sign-in count, so how long it is kept where sessions are tracked."""


@dataclass(frozen=True, slots=True)
class SessionTracking:
    """A pool's setting.

    Attributes:
        is_enabled: sessions are listed, revoked one by one, and limited in number.
        max_per_user: token sessions that a user may have; the next sign-in ends the least recently used.
    """

    is_enabled: bool = False
    max_per_user: int = DEFAULT_MAX_SESSIONS

    @classmethod
    def parse(cls, document: Mapping[str, Any] | None) -> SessionTracking:
        """Return what a pool stores, or the default."""
        if document is None:
            return cls()
        return cls(document["UserSessionTracking"] == "ENABLED", document["TokenSession"]["MaxPerUser"])

    def document(self) -> dict[str, Any]:
        """Return the setting as the API writes it."""
        return {
            "UserSessionTracking": "ENABLED" if self.is_enabled else "DISABLED",
            "TokenSession": {"MaxPerUser": self.max_per_user},
        }
