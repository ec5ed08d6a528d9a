"""Tokens that were verified a moment ago: a signature is not verified twice."""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Final

from idp.gateway.visit import Grant

if TYPE_CHECKING:
    from idp.services import Clock

LIFETIME: Final = timedelta(seconds=60)
MAX_TOKENS: Final = 10_000


class KnownTokens:
    """Grants by token, for a minute and never beyond the token's `exp`; safe to share between threads.

    Tokens are kept as digests. AWS keeps what a Cognito authorizer found for 300 s by default; a minute is the longest
    that a key which was withdrawn may still be believed here.
    """

    def __init__(self, clock: Clock, *, max_tokens: int = MAX_TOKENS) -> None:
        self._clock = clock
        self._max_tokens = max_tokens
        self._grants: OrderedDict[tuple[str, bytes], tuple[Grant, float]] = OrderedDict()
        self._lock = Lock()

    def find(self, demand: str, token: str) -> Grant | None:
        """Return what a token was granted; None when it has not been seen lately.

        Args:
            demand: names what was demanded of it: another demand is another question.
        """
        key = (demand, _digest(token))
        with self._lock:
            grant, good_until = self._grants.get(key, (None, 0.0))
            if grant is None:
                return None
            if self._clock.now().timestamp() >= good_until:
                del self._grants[key]
                return None
            self._grants.move_to_end(key)
            return grant

    def keep(self, demand: str, token: str, grant: Grant, *, expires_at: int) -> None:
        """Keep what a verified token was granted.

        Args:
            expires_at: its `exp`.
        """
        good_until = min((self._clock.now() + LIFETIME).timestamp(), expires_at)
        key = (demand, _digest(token))
        with self._lock:
            self._grants[key] = (grant, good_until)
            while len(self._grants) > self._max_tokens:
                self._grants.popitem(last=False)


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
