"""A role session: what temporary credentials stand for.  Source: spec STS_IAM section 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from idp.domain.principal import Principal


@dataclass(frozen=True, slots=True)
class RoleSession:
    """A session, whole: nothing of it is stored, all of it is sealed into its session token.

    Attributes:
        access_key_id: `ASIA…`.
        session_policies: JSON texts that limit the session; None when none was passed.
        guest: scoped down as an identity pool's guest.
        context: condition keys that stay with the session: web identity claims, session tags.
        transitive_tag_keys: keys of session tags that go on to roles assumed by this session.
    """

    access_key_id: str
    secret_access_key: str = field(repr=False)
    account: str
    role_arn: str
    role_id: str
    session_name: str
    issued_at: datetime
    expires_at: datetime
    session_policies: tuple[str, ...] | None = None
    guest: bool = False
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    transitive_tag_keys: tuple[str, ...] = ()

    @property
    def role_name(self) -> str:
        """Return the role's name, without its path."""
        return self.role_arn.rpartition("/")[2]

    @property
    def arn(self) -> str:
        """Return the session's ARN; the role's path is not in it."""
        return f"arn:aws:sts::{self.account}:assumed-role/{self.role_name}/{self.session_name}"

    @property
    def user_id(self) -> str:
        """Return the session's unique id."""
        return f"{self.role_id}:{self.session_name}"

    @property
    def principal(self) -> Principal:
        """Return who signs with the session's key."""
        return Principal(
            "assumed_role",
            self.account,
            self.arn,
            self.user_id,
            self.access_key_id,
            name=self.role_name,
            role_arn=self.role_arn,
            issued_at=self.issued_at,
            expires_at=self.expires_at,
            session_policies=self.session_policies,
            guest=self.guest,
            context=self.context,
            transitive_tag_keys=self.transitive_tag_keys,
        )


@dataclass(frozen=True, slots=True)
class TemporaryCredentials:
    """A session and the token that proves it."""

    session: RoleSession
    session_token: str = field(repr=False)

    @property
    def access_key_id(self) -> str:
        """Return the session's key."""
        return self.session.access_key_id

    @property
    def secret_access_key(self) -> str:
        """Return what signatures are made with."""
        return self.session.secret_access_key

    @property
    def expires_at(self) -> datetime:
        """Return when the session ends."""
        return self.session.expires_at
