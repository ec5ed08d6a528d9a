"""Who signed an AWS request, and what its policies may know of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

PrincipalKind = Literal["root", "user", "assumed_role", "federated_user", "service", "anonymous"]


@dataclass(frozen=True, slots=True)
class Principal:
    """A verified signer.

    Attributes:
        kind: what stands behind the access key.
        account: 12 digits, the tenant.
        arn: as GetCallerIdentity tells it (the session's ARN for a role session).
        user_id: as GetCallerIdentity tells it (`AIDA…`, `AROA…:session`, the account id for root).
        access_key_id: the key that signed.
        name: user name, or the role's name for a session.
        role_arn: the role behind a session, None otherwise.
        session_policies: JSON texts passed when the session was made; None when none was passed.
        guest: made by an identity pool for a guest in the enhanced flow, so scoped down.
        context: condition keys that stay with the session (web identity claims, principal tags).
        transitive_tag_keys: keys of session tags that go on to roles assumed by this session.

    Source: STS_IAM, GetCallerIdentity; AWS IAM User Guide, "Request context".
    """

    kind: PrincipalKind
    account: str
    arn: str
    user_id: str
    access_key_id: str = ""
    name: str = ""
    role_arn: str | None = None
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    session_policies: tuple[str, ...] | None = None
    guest: bool = False
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    transitive_tag_keys: tuple[str, ...] = ()

    @property
    def is_root(self) -> bool:
        """Say whether the account itself signed: not limited by identity policies."""
        return self.kind == "root"


def root_of(account: str, access_key_id: str = "") -> Principal:
    """Return the root principal of an account."""
    return Principal("root", account, f"arn:aws:iam::{account}:root", account, access_key_id)
