"""A secret of an app client: a client has one or two, so that they can be changed while it runs.

Source: AWS API_ClientSecretDescriptorType; spec USER_POOLS section 11.11.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

MAX_SECRETS = 2


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """A stored secret.

    Attributes:
        id: `<client id>--<seconds since the epoch when it was made>`.
        value: 24 to 64 characters.
    """

    id: str
    created_at: datetime
    value: str = field(repr=False)


def new_secret(client_id: str, value: str, now: datetime, *, existing: Sequence[ClientSecret] = ()) -> ClientSecret:
    """Return a secret whose id differs from those of the client's others, made in the same second though they be."""
    taken = {secret.id for secret in existing}
    second = int(now.timestamp())
    while f"{client_id}--{second}" in taken:
        second += 1
    return ClientSecret(f"{client_id}--{second}", now, value)
