"""A Lambda trigger's call, and what can be read from its answer.  Source: spec USER_POOLS section 8."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from idp.domain.errors import TriggerAnswerInvalid


@dataclass(frozen=True, slots=True)
class TriggerCall:
    """One call of one trigger.

    Attributes:
        name: as error texts name it: `PreSignUp`, `PostConfirmation`, ...
        source: the event's triggerSource: `PreSignUp_SignUp`, ...
        arn: the function from the pool's LambdaConfig: an ARN, a URL or `module:function`.
        event: the whole event.
    """

    name: str
    source: str
    arn: str
    event: Mapping[str, Any] = field(repr=False)

    @property
    def pool_id(self) -> str:
        """Return the pool that calls."""
        pool_id: str = self.event["userPoolId"]
        return pool_id


def read_flag(answer: Mapping[str, Any], name: str) -> bool:
    """Return a true or false of an answer's `response`; absent and null are false.

    Raises:
        TriggerAnswerInvalid: it is something else.
    """
    value = answer.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise TriggerAnswerInvalid
    return value


def read_choice(answer: Mapping[str, Any], name: str, choices: tuple[str, ...]) -> str | None:
    """Return one of the words that a member of an answer's `response` may be; None when it is absent, null or empty.

    Raises:
        TriggerAnswerInvalid: it is something else.
    """
    value = answer.get(name)
    if value in (None, ""):
        return None
    if value not in choices:
        raise TriggerAnswerInvalid
    return str(value)


def read_text(answer: Mapping[str, Any], name: str, *, max_length: int) -> str | None:
    """Return a text of an answer's `response`; None when it is absent, null or empty.

    Raises:
        TriggerAnswerInvalid: it is something else, or longer than `max_length` characters.
    """
    value = answer.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > max_length:
        raise TriggerAnswerInvalid
    return value or None
