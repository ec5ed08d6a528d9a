"""The ids by which users and administrators know sessions: `tkn` or `sso`, and 25 letters or digits.

They are another way of writing what the session is stored by, so nothing more need be kept.  Source: AWS
API_SessionDescriptionType (botocore 1.44).
"""

from __future__ import annotations

import string
from uuid import UUID

DIGITS = string.digits + string.ascii_lowercase
LENGTH = 25  # 36^25 > 2^128
TOKEN = "tkn"  # noqa: S105 - a prefix
SSO = "sso"
_HEX_OF_128_BITS = 32


def token_session_id(origin_jti: str) -> str:
    """Return the id of a token session, from the UUID that its tokens carry as origin_jti."""
    return TOKEN + _written(UUID(origin_jti).int)


def origin_jti_of(session_id: str) -> str | None:
    """Return the origin_jti of a token session's id; None when the id is not one."""
    number = int(session_id.removeprefix(TOKEN), 36)
    return str(UUID(int=number)) if session_id.startswith(TOKEN) and number < 1 << 128 else None


def sso_session_id(digest: str) -> str:
    """Return the id of a browser's session, from the first half of its cookie's SHA-256 in hex."""
    return SSO + _written(int(digest[:_HEX_OF_128_BITS], 16))


def _written(number: int) -> str:
    written = ""
    for _ in range(LENGTH):
        number, digit = divmod(number, len(DIGITS))
        written = DIGITS[digit] + written
    return written
