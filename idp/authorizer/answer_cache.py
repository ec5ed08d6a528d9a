"""Keep the answers of Lambda authorizers, whole, for as long as each authorizer says."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Final

from idp.authorizer.lambda_authorizer import AuthorizerAnswer, SimpleAnswer

MAX_LIFETIME: Final = timedelta(hours=1)

Answer = AuthorizerAnswer | SimpleAnswer


class IdentitySourceMissing(Exception):
    """A value the authorizer identifies callers by is absent or empty: 401, and the function is not asked."""


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """Whom an answer is about: one caller of one stage, as one authorizer identifies callers.

    Attributes:
        identity: a digest, so that no bearer token is kept.
    """

    authorizer_id: str
    stage: str
    identity: bytes = field(repr=False)


def answer_key(authorizer_id: str, stage: str, identity_values: Sequence[str | None]) -> AnswerKey:
    """Build the key of a request from the values of the authorizer's identity sources, in their order.

    Raises:
        IdentitySourceMissing: there is no value, or one of them is absent or empty.

    Source: API Gateway Developer Guide, "Configure a Lambda authorizer".
    """
    digest = sha256()
    for value in identity_values:
        if not value:
            raise IdentitySourceMissing
        encoded = value.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8))
        digest.update(encoded)
    if not identity_values:
        raise IdentitySourceMissing
    return AnswerKey(authorizer_id, stage, digest.digest())


class AnswerCache:
    """Answers by caller; safe to share between threads.

    It keeps answers, never decisions: a policy is asked anew for each method, so one that only allows the first
    method called blocks the others until it expires, as at AWS.
    """

    def __init__(self, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC), max_entries: int = 10_000) -> None:
        self._clock = clock
        self._max_entries = max_entries
        self._answers: OrderedDict[AnswerKey, tuple[Answer, datetime]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: AnswerKey) -> Answer | None:
        """Return the answer kept for a caller, unless it has expired."""
        with self._lock:
            answer, expires_at = self._answers.get(key, (None, None))
            if expires_at is None:
                return None
            if self._clock() >= expires_at:
                del self._answers[key]
                return None
            self._answers.move_to_end(key)
            return answer

    def keep(self, key: AnswerKey, answer: Answer, *, lifetime: timedelta) -> None:
        """Keep an answer; a lifetime of zero keeps nothing.

        Raises:
            ValueError: the lifetime is negative or longer than an hour.
        """
        if not timedelta(0) <= lifetime <= MAX_LIFETIME:
            raise ValueError("An answer is kept for at most 3600 seconds.")
        if not lifetime:
            return
        with self._lock:
            self._answers[key] = (answer, self._clock() + lifetime)
            self._answers.move_to_end(key)
            while len(self._answers) > self._max_entries:
                self._answers.popitem(last=False)

    def flush(self, authorizer_ids: Collection[str], stage: str) -> None:
        """Forget all answers of some authorizers at one stage, as FlushStageAuthorizersCache does."""
        with self._lock:
            for key in [key for key in self._answers if key.stage == stage and key.authorizer_id in authorizer_ids]:
                del self._answers[key]
