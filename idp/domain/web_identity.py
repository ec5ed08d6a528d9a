"""Somebody known by an identity pool's token, as trust policies and later decisions see them.

Source: spec STS_IAM section 2; IAM User Guide, reference_policies_iam-condition-keys, "Keys for web identity federation".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from idp.domain.identity_pool import COGNITO_IDENTITY

ISSUER = f"https://{COGNITO_IDENTITY}"


@dataclass(frozen=True, slots=True)
class WebIdentity:
    """An identity of an identity pool.

    Attributes:
        pool_id: the token's `aud`.
        pool_account: the account that the pool is in; None for a pool that is gone.
        identity_id: the token's `sub`.
        methods: the token's `amr`.
    """

    pool_id: str
    pool_account: str | None
    identity_id: str
    methods: tuple[str, ...]

    @property
    def context(self) -> Mapping[str, str | tuple[str, ...]]:
        """Return the condition keys, which stay with every session of the identity."""
        return self.context_without_audience | {f"{COGNITO_IDENTITY}:aud": self.pool_id}

    @property
    def context_without_audience(self) -> dict[str, str | tuple[str, ...]]:
        """Return the condition keys but `aud`."""
        return {
            "aws:FederatedProvider": COGNITO_IDENTITY,
            f"{COGNITO_IDENTITY}:sub": self.identity_id,
            f"{COGNITO_IDENTITY}:amr": self.methods,
        }
