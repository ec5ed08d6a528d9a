"""How risky a sign-in is, judged by what the same user did before.

There is no register of places here, so that distance cannot be measured: a user who appears at many addresses in a short
time is taken for one who travels impossibly fast.  Source: AWS "Adaptive authentication"; spec USER_POOLS section 11.7,
which names the signals; their weights are ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from idp.domain.origin import UNKNOWN_DEVICE

if TYPE_CHECKING:
    from idp.domain.origin import Origin
    from idp.domain.threat_protection import Level

SIGN_IN = "SignIn"
PASS, FAIL, IN_PROGRESS = "Pass", "Fail", "InProgress"
NO_RISK, ACCOUNT_TAKEOVER, BLOCK = "NoRisk", "AccountTakeover", "Block"

CONSIDERED = 50
"""How many of a user's last events count."""

SHORT_TIME = timedelta(minutes=10)
MANY_ADDRESSES = 4


@dataclass(frozen=True, slots=True)
class Risk:
    """What was found of a sign-in, carried through its challenges.

    Attributes:
        level: None when there was nothing to object to.
        decision: what was done about it.
        demands_mfa: a second factor is asked for although it is optional.
        is_compromised: the password is known to attackers.
    """

    level: Level | None = None
    decision: str = NO_RISK
    demands_mfa: bool = False
    is_compromised: bool = False


@dataclass(frozen=True, slots=True)
class AuthEvent:
    """Something a user did, or somebody in their name.

    Attributes:
        kind: SignIn, SignUp, ForgotPassword, PasswordChange or ResendCode.
        response: Pass, Fail or InProgress.
        challenges: (Password or Mfa) -> (Success or Failure).
        feedback: EventFeedback's members; `FeedbackDate` in seconds since the epoch.
    """

    id: str
    user_id: int
    client_id: str | None
    kind: str
    created_at: datetime
    response: str
    source: str
    device_name: str
    risk: Risk = Risk()
    challenges: Mapping[str, str] | None = None
    feedback: Mapping[str, Any] | None = None

    @property
    def is_trusted(self) -> bool:
        """Say whether the user is known by it: it went well, or was called valid, and was not called invalid."""
        said = (self.feedback or {}).get("FeedbackValue")
        return said == "Valid" or (said is None and self.response == PASS)

    @property
    def is_distrusted(self) -> bool:
        """Say whether it was called invalid."""
        return (self.feedback or {}).get("FeedbackValue") == "Invalid"


def assess(history: Sequence[AuthEvent], origin: Origin, now: datetime) -> Level | None:
    """Return how risky a sign-in is.

    High from where an event was called invalid, or from one more of many addresses in ten minutes; medium from a new
    address and a new device; low from either. The first sign-in of all has nothing to differ from.

    Args:
        history: the user's last events.
    """
    sign_ins = [event for event in history if event.kind == SIGN_IN]
    if any(event.is_distrusted and _is_from(event, origin) for event in sign_ins):
        return "High"
    trusted = [event for event in sign_ins if event.is_trusted]
    if not trusted:
        return None
    recent = {event.source for event in trusted if event.created_at > now - SHORT_TIME}
    if len(recent | {origin.address}) >= MANY_ADDRESSES:
        return "High"
    is_new_address = origin.address not in {event.source for event in trusted}
    is_new_device = origin.device_name not in {event.device_name for event in trusted}
    if is_new_address and is_new_device:
        return "Medium"
    return "Low" if is_new_address or is_new_device else None


def _is_from(event: AuthEvent, origin: Origin) -> bool:
    is_same_device = event.device_name == origin.device_name and event.device_name != UNKNOWN_DEVICE
    return event.source == origin.address and (is_same_device or event.device_name == UNKNOWN_DEVICE)
