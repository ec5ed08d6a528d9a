"""What comes next in a sign-in: who may go on, and which challenge must still be passed.

Source: spec USER_POOLS sections 1.6 (order of outcomes) and 2.1 (statuses).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from idp.domain.errors import (
    NotAuthorized,
    PasswordResetRequired,
    TemporaryPasswordExpired,
    UserDisabled,
    UserNotConfirmed,
)
from idp.domain.user import UserStatus

if TYPE_CHECKING:
    from idp.domain.user import User

PASSWORD = "PASSWORD"  # noqa: S105 - a challenge's name
PASSWORD_SRP = "PASSWORD_SRP"  # noqa: S105 - a challenge's name
PASSWORD_VERIFIER = "PASSWORD_VERIFIER"  # noqa: S105 - a challenge's name
NEW_PASSWORD_REQUIRED = "NEW_PASSWORD_REQUIRED"  # noqa: S105 - a challenge's name
SMS_OTP = "SMS_OTP"
EMAIL_OTP = "EMAIL_OTP"
SMS_MFA = "SMS_MFA"
SOFTWARE_TOKEN_MFA = "SOFTWARE_TOKEN_MFA"  # noqa: S105 - a challenge's name
SELECT_MFA_TYPE = "SELECT_MFA_TYPE"
MFA_SETUP = "MFA_SETUP"
CUSTOM_CHALLENGE = "CUSTOM_CHALLENGE"
WEB_AUTHN = "WEB_AUTHN"
DEVICE_SRP_AUTH = "DEVICE_SRP_AUTH"
DEVICE_PASSWORD_VERIFIER = "DEVICE_PASSWORD_VERIFIER"  # noqa: S105 - a challenge's name
SELECT_CHALLENGE = "SELECT_CHALLENGE"

PASSWORD_FACTORS = frozenset({PASSWORD, PASSWORD_VERIFIER})
"""What proves a user's password."""

FIRST_FACTORS = frozenset({*PASSWORD_FACTORS, CUSTOM_CHALLENGE, WEB_AUTHN, EMAIL_OTP, SMS_OTP})
"""What a sign-in may begin with."""


def require_may_sign_in(user: User, now: datetime) -> None:
    """Check the state of a user who has proved the first factor, in Cognito's order.

    Raises:
        UserDisabled, UserNotConfirmed, PasswordResetRequired, TemporaryPasswordExpired; NotAuthorized: only an upstream
            provider's word signs them in.  Unknown: AWS's sentence; ours is that of a wrong password.
    """
    if user.status is UserStatus.EXTERNAL_PROVIDER:
        raise NotAuthorized
    if not user.enabled:
        raise UserDisabled
    if user.status is UserStatus.UNCONFIRMED:
        raise UserNotConfirmed
    if user.status is UserStatus.RESET_REQUIRED:
        raise PasswordResetRequired
    if user.status is UserStatus.FORCE_CHANGE_PASSWORD and _is_over(user.temporary_until, now):
        raise TemporaryPasswordExpired


def needs_new_password(user: User, passed: Sequence[str]) -> bool:
    """Say whether a user with a temporary password must still choose their own.

    Args:
        passed: names of the challenges passed so far, in order.
    """
    return user.status is UserStatus.FORCE_CHANGE_PASSWORD and NEW_PASSWORD_REQUIRED not in passed


def _is_over(until: datetime | None, now: datetime) -> bool:
    return until is not None and until <= now
