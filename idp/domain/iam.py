"""IAM's roles, users and access keys.  Source: AWS IAM API Reference; IAM User Guide, reference_identifiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

ROLE_ID, USER_ID, ACCESS_KEY_ID, SESSION_KEY_ID = "AROA", "AIDA", "AKIA", "ASIA"
"""What unique ids begin with."""


@dataclass(frozen=True, slots=True)
class Role:
    """A stored role.

    Attributes:
        id: `AROA…`, never used again, so that a role of the same name made later is another one.
        path: begins and ends with a slash.
        trust_policy: JSON text as it was given.
        max_session_s: the longest session, 3600 to 43200.
    """

    account: str
    name: str
    id: str
    path: str
    trust_policy: str
    created_at: datetime
    description: str | None = None
    max_session_s: int = 3600
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        """Return the role's ARN."""
        return role_arn(self.account, self.path, self.name)


@dataclass(frozen=True, slots=True)
class IamUser:
    """A stored IAM user; attributes are those of `Role`."""

    account: str
    name: str
    id: str
    path: str
    created_at: datetime
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        """Return the user's ARN."""
        return user_arn(self.account, self.path, self.name)


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A stored long-term key.  `user_id` is None for a key of the account's root."""

    id: str
    account: str
    secret: str = field(repr=False)
    created_at: datetime
    user_id: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Grants:
    """What a role or user brings to every decision.

    Attributes:
        policies: name to JSON text of the inline policies.
        tags: of the role or user.
    """

    policies: Mapping[str, str]
    tags: Mapping[str, str]


def role_arn(account: str, path: str, name: str) -> str:
    """Return a role's ARN."""
    return f"arn:aws:iam::{account}:role{path}{name}"


def user_arn(account: str, path: str, name: str) -> str:
    """Return an IAM user's ARN."""
    return f"arn:aws:iam::{account}:user{path}{name}"


def principal_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Return tags as condition keys of whoever has them."""
    return {f"aws:PrincipalTag/{key}": value for key, value in tags.items()}
