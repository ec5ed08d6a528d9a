"""Who stands behind an access key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from idp.domain.principal import Principal
    from idp.services import Services


class SignerUnknown(Exception):
    """No such access key, or not with this session token."""


class SignerExpired(Exception):
    """The session that the access key belongs to is over."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A principal and the secret that its signatures are made with."""

    principal: Principal
    secret_access_key: str = field(repr=False)


def find_signer(services: Services, access_key_id: str, session_token: str | None) -> Signer:
    """Return who signs with an access key.

    Raises:
        SignerUnknown: the store has no such key.
    """
    del services, session_token
    raise SignerUnknown(access_key_id)
