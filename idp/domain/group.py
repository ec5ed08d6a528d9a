"""Groups of a user pool, and what membership gives a token.  Source: spec USER_POOLS sections 4.4 and 11.1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Group:
    """A stored group.  A lower `precedence` is better; None ranks last."""

    pool_id: str
    name: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    role_arn: str | None = None
    precedence: int | None = None


def ranked(groups: Sequence[Group]) -> list[Group]:
    """Return the groups by precedence, then name: the order of `cognito:groups`."""
    return sorted(groups, key=lambda each: (each.precedence is None, each.precedence or 0, each.name))


def roles_of(groups: Sequence[Group]) -> list[str]:
    """Return the distinct roles of the groups in ranked order: `cognito:roles`."""
    return list(dict.fromkeys(each.role_arn for each in ranked(groups) if each.role_arn))


def preferred_role_of(groups: Sequence[Group]) -> str | None:
    """Return the role of the best group: `cognito:preferred_role`.

    None when no group has a role and a precedence, or when groups of the same best precedence have different roles.
    """
    candidates = [each for each in groups if each.role_arn and each.precedence is not None]
    if not candidates:
        return None
    best = min(each.precedence for each in candidates if each.precedence is not None)
    roles = {each.role_arn for each in candidates if each.precedence == best}
    return roles.pop() if len(roles) == 1 else None
