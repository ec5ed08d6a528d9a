"""What is remembered of a trigger's run, without the secrets that went through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MASK = "********"
SECRET_MEMBERS = frozenset(
    {
        "password", "code", "challengeAnswer", "privateChallengeParameters", "tokenResponse",
        "feedback-token", "one-click-link-valid", "one-click-link-invalid",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TriggerInvocation:
    """One run of a trigger.

    Attributes:
        name: LambdaConfig's member.
        source: the event's triggerSource.
        function: ARN, URL or `module:function`.
        event: what the function got, masked.
        answer: what it returned, masked; None when nothing usable came back.
        error: the sentence that the caller was told; None when all went well.
    """

    pool_id: str
    name: str
    source: str
    function: str
    started_at: datetime
    duration_ms: float
    event: Mapping[str, Any] = field(repr=False)
    answer: Any = field(default=None, repr=False)
    error: str | None = None
    id: int = 0

    def describe(self) -> dict[str, Any]:
        """Return the run as JSON."""
        return {
            "id": self.id,
            "userPoolId": self.pool_id,
            "trigger": self.name,
            "triggerSource": self.source,
            "function": self.function,
            "startedAt": self.started_at.isoformat(),
            "durationMs": self.duration_ms,
            "event": self.event,
            "answer": self.answer,
            "error": self.error,
        }


def masked(value: Any) -> Any:
    """Return JSON with every secret member's value replaced, at any depth; null stays null."""
    if isinstance(value, Mapping):
        return {
            name: MASK if name in SECRET_MEMBERS and each is not None else masked(each) for name, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [masked(each) for each in value]
    return value
