"""A Lambda trigger's call: which function, and the event it gets.  Source: spec USER_POOLS section 8."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class TriggerCall:
    """One call of one trigger.

    Attributes:
        name: as error texts name it: `PreSignUp`, `PostConfirmation`, ...
        source: the event's triggerSource: `PreSignUp_SignUp`, ...
        arn: the function's ARN from the pool's LambdaConfig.
        event: the whole event.
    """

    name: str
    source: str
    arn: str
    event: Mapping[str, Any] = field(repr=False)
