"""What the caller of AssumeRole or AssumeRoleWithWebIdentity asks for.  Source: spec STS_IAM section 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

MAX_PACKED_CHARACTERS = 2048


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """The session that is wanted.

    Attributes:
        lifetime: None for the default.
        policy: JSON text of a session policy.
        tags: in the order given, repetitions included.
        context: condition keys of the request.
    """

    role_arn: str
    session_name: str
    lifetime: timedelta | None = None
    policy: str | None = None
    tags: Sequence[tuple[str, str]] = ()
    transitive_tag_keys: Sequence[str] = ()
    external_id: str | None = None
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    @property
    def session_policies(self) -> tuple[str, ...] | None:
        """Return the session's policies; None without one."""
        return None if self.policy is None else (self.policy,)

    @property
    def packed_percent(self) -> int | None:
        """Return how full the session is of its policy and tags; None without either.

        Unknown: how AWS packs; we count characters.
        """
        if self.policy is None and not self.tags:
            return None
        characters = len(self.policy or "") + sum(len(key) + len(value) for key, value in self.tags)
        return -(-100 * characters // MAX_PACKED_CHARACTERS)
