"""Time-based one-time passwords of authenticator apps.  Source: RFC 6238; spec USER_POOLS section 5.4."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime

import pyotp

SECRET_BYTES = 32
STEP_SECONDS = 30
TOLERATED_STEPS = 1
"""Steps that a clock may be early or late."""


def encode_secret(secret: bytes) -> str:
    """Return a secret as apps take it: base32 without padding, 52 characters."""
    return base64.b32encode(secret).decode().rstrip("=")


def matching_steps(secret: str, code: str, moment: datetime) -> list[int]:
    """Return the time steps around a moment whose code this is, newest first; empty for a wrong code.

    Args:
        secret: base32.
        code: six digits.
    """
    now = int(moment.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret, interval=STEP_SECONDS)
    tolerated = range(now + TOLERATED_STEPS, now - TOLERATED_STEPS - 1, -1)
    return [step for step in tolerated if _is_same(generator.generate_otp(step), code)]


def _is_same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode())
