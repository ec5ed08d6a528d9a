"""Custom sign-in: what the pool's functions decided, and the history they decide on.

Source: AWS "Custom authentication challenge Lambda triggers"; spec USER_POOLS sections 1.8 and 8.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from idp.domain.challenge import CUSTOM_CHALLENGE, DEVICE_PASSWORD_VERIFIER, DEVICE_SRP_AUTH, PASSWORD_VERIFIER
from idp.domain.errors import NotAuthorized, TriggerAnswerInvalid
from idp.domain.trigger import read_flag, read_text

CUSTOM_AUTH = "CUSTOM_AUTH"
SRP_A = "SRP_A"
MAX_METADATA_CHARACTERS = 131_072

Step = Mapping[str, Any]
"""An entry of an event's `session`: challengeName, challengeResult, challengeMetadata."""

_RECORDED_AS: Mapping[str, tuple[str, ...]] = {DEVICE_PASSWORD_VERIFIER: (DEVICE_SRP_AUTH, DEVICE_PASSWORD_VERIFIER)}


@dataclass(frozen=True, slots=True)
class CreatedChallenge:
    """What CreateAuthChallenge made.

    Attributes:
        public: shown to the client.
        private: known to VerifyAuthChallengeResponse alone.
        metadata: for the history.
    """

    public: Mapping[str, str] = field(repr=False)
    private: Mapping[str, str] = field(repr=False)
    metadata: str | None = field(repr=False)


def step(name: str, *, is_right: bool, metadata: str | None = None) -> Step:
    """Return an entry of the history."""
    return {"challengeName": name, "challengeResult": is_right, "challengeMetadata": metadata}


def steps_of(challenge: str) -> Sequence[Step]:
    """Return the entries of a challenge of ours that was passed."""
    return [step(name, is_right=True) for name in _RECORDED_AS.get(challenge, (challenge,))]


def read_decision(answer: Mapping[str, Any], *, expects_password: bool) -> str | None:
    """Return the challenge that DefineAuthChallenge wants next; None when tokens may be issued.

    Args:
        expects_password: the client has begun SRP, so that PASSWORD_VERIFIER can be asked.

    Raises:
        NotAuthorized: the sign-in has failed; also when the function says both.
        TriggerAnswerInvalid: it says none of the three, or wants a challenge that cannot be asked.
    """
    fails, issues = read_flag(answer, "failAuthentication"), read_flag(answer, "issueTokens")
    if fails:
        raise NotAuthorized
    if issues:
        return None
    challenge = answer.get("challengeName")
    if challenge == CUSTOM_CHALLENGE or (challenge == PASSWORD_VERIFIER and expects_password):
        return str(challenge)
    raise TriggerAnswerInvalid


def read_created(answer: Mapping[str, Any]) -> CreatedChallenge:
    """Return what CreateAuthChallenge made.

    Raises:
        TriggerAnswerInvalid: parameters that are not texts by name.
    """
    return CreatedChallenge(
        public=_texts(answer.get("publicChallengeParameters")),
        private=_texts(answer.get("privateChallengeParameters")),
        metadata=read_text(answer, "challengeMetadata", max_length=MAX_METADATA_CHARACTERS),
    )


def _texts(value: Any) -> Mapping[str, str]:
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(each, str) for each in value.values()):
        raise TriggerAnswerInvalid
    return value
