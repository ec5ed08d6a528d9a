"""Identities at upstream providers that are a user's, and how the attribute and the claim `identities` tell of them.

Source: AWS API_AdminLinkProviderForUser; spec USER_POOLS sections 4.5 and 10.4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

ATTRIBUTE = "identities"
SUBJECT = "Cognito_Subject"
MAX_IDENTITIES = 5
MAX_LINKED_ATTRIBUTES = 5


@dataclass(frozen=True, slots=True)
class LinkedIdentity:
    """One identity of a user.

    Attributes:
        attribute: what the provider's word is compared by: `Cognito_Subject`, or an attribute of the pool it is mapped to.
        value: its value; the subject, once the user has signed in there.
        is_primary: the sign-in there made the user; it cannot be taken away.
    """

    pool_id: str
    provider_name: str
    provider_type: str
    attribute: str
    value: str
    issuer: str | None
    created_at: datetime
    user_id: int
    is_primary: bool = False


def identities_attribute(identities: Iterable[LinkedIdentity]) -> str:
    """Return the user attribute: JSON with truth values and numbers, in the order in which they were linked."""
    return orjson.dumps([_described(each) for each in identities]).decode()


def identities_claim(attribute: str) -> list[dict[str, Any]]:
    """Return the ID token's claim: there `primary` and `dateCreated` are text."""
    identities: list[dict[str, Any]] = orjson.loads(attribute)
    return [
        {**each, "primary": "true" if each["primary"] else "false", "dateCreated": str(each["dateCreated"])}
        for each in identities
    ]


def _described(identity: LinkedIdentity) -> dict[str, Any]:
    return {
        "userId": identity.value,
        "providerName": identity.provider_name,
        "providerType": identity.provider_type,
        "issuer": identity.issuer,
        "primary": identity.is_primary,
        "dateCreated": int(identity.created_at.timestamp() * 1000),
    }
