"""Unique ids and secrets of IAM.  Source: IAM User Guide, reference_identifiers; spec STS_IAM section 1."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from idp.services import Services

ID_CHARACTERS = 21
KEY_ID_CHARACTERS = 20
SECRET_BYTES = 30


def new_id(services: Services, prefix: str, *, characters: int = ID_CHARACTERS) -> str:
    """Return a unique id: the prefix, then random characters of `[A-Z2-7]`."""
    wanted = characters - len(prefix)
    return prefix + base64.b32encode(services.random.bytes(wanted)).decode()[:wanted]


def new_secret(services: Services) -> str:
    """Return a secret access key: 40 random characters of `[A-Za-z0-9/+]`."""
    return base64.b64encode(services.random.bytes(SECRET_BYTES)).decode()
