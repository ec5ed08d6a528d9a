"""The host names of a pool's pages: a prefix under the server's own name, or a domain of the owner's.

Source: AWS API_DomainDescriptionType; spec USER_POOLS section 11.3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from idp.domain.errors import InvalidParameter

CLASSIC = 1
MANAGED_LOGIN = 2
RESERVED_WORDS = ("aws", "amazon", "cognito")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PREFIX = re.compile(_LABEL)
_HOST_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")


@dataclass(frozen=True, slots=True)
class PoolDomain:
    """A stored domain.

    Attributes:
        name: a prefix, or a whole host name when there is a certificate.
        managed_login_version: 1 classic pages, 2 managed login.
        certificate_arn: of a custom domain; None for a prefix.
        security_policy: of a custom domain: which TLS it asks for. TLS ends in front of this server, which only keeps it.
    """

    name: str
    pool_id: str
    created_at: datetime
    managed_login_version: int = CLASSIC
    certificate_arn: str | None = None
    security_policy: str | None = None

    @property
    def is_custom(self) -> bool:
        """Say whether it is the owner's own host name."""
        return self.certificate_arn is not None


def check_managed_login_version(version: int) -> None:
    """Check which pages a domain is to show; raises InvalidParameter.  Unknown: the sentence."""
    if version not in {CLASSIC, MANAGED_LOGIN}:
        raise InvalidParameter(f"ManagedLoginVersion must be {CLASSIC} or {MANAGED_LOGIN}.")


def check_prefix(name: str) -> None:
    """Check a prefix domain's name.

    Raises:
        InvalidParameter: it is no DNS label, or holds a word that AWS keeps for itself.

    Unknown: the sentence for a malformed prefix.
    """
    if _PREFIX.fullmatch(name) is None:
        raise InvalidParameter(f"Invalid domain prefix: {name}")
    for word in RESERVED_WORDS:
        if word in name:
            raise InvalidParameter(f"Domain cannot contain reserved word: {word}")


def check_host_name(name: str) -> None:
    """Check a custom domain's name: at least two labels, so that it never looks like a prefix.

    Raises:
        InvalidParameter.

    Unknown: the sentence.
    """
    if _HOST_NAME.fullmatch(name) is None:
        raise InvalidParameter(f"Invalid custom domain: {name}")
