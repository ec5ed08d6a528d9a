"""How the text of a condition value is read: numbers, times, booleans, bytes, addresses.

Every reader raises ValueError for text it cannot read.
"""

from __future__ import annotations

import base64
import ipaddress
import re
from datetime import UTC, datetime
from decimal import Decimal

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NUMBER = re.compile(r"[+-]?(\d{1,64}(\.\d{0,64})?|\.\d{1,64})(E[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_EPOCH_SECONDS = re.compile(r"\d{5,12}", re.ASCII)
_YEAR_AND_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?", re.ASCII)
_W3C_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)


def number(text: str) -> Decimal:
    """Read an integer or a decimal number."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def moment(text: str) -> datetime:
    """Read a W3C date (any precision from the year on, UTC unless it says otherwise) or whole seconds since 1970.

    Four digits are a year.

    Source: W3C NOTE-datetime, the profile of ISO 8601 that the IAM User Guide names.
    """
    if _EPOCH_SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text), UTC)
    if month := _YEAR_AND_MONTH.fullmatch(text):
        return datetime(int(month[1]), int(month[2] or 1), 1, tzinfo=UTC)
    if not _W3C_DATE.fullmatch(text):
        raise ValueError(text)
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def truth(text: str) -> bool:
    """Read `true` or `false`, in any case."""
    folded = text.lower()
    if folded not in {"true", "false"}:
        raise ValueError(text)
    return folded == "true"


def binary(text: str) -> bytes:
    """Read base64 with its padding."""
    return base64.b64decode(text, validate=True)


def address(text: str) -> Address:
    """Read an IPv4 or IPv6 address; an IPv4 address wrapped in IPv6 (`::ffff:192.0.2.1`) is the IPv4 address."""
    read = ipaddress.ip_address(text)
    return (read.ipv4_mapped or read) if isinstance(read, ipaddress.IPv6Address) else read


def network(text: str) -> Network:
    """Read an address block in CIDR notation; a bare address is a block of one, bits beyond the prefix are ignored."""
    return ipaddress.ip_network(text, strict=False)
