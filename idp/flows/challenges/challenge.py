"""What a challenge is: a question that is started, and an answer that is judged.

The pipeline (`flows/sign_in.py`) owns everything that must never be forgotten: who may ask, lockout, single use, state of
the user, triggers, what comes next. A challenge fills in two functions and says in its `Challenge` what they need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from idp.domain.origin import Origin

if TYPE_CHECKING:
    from idp.domain.auth_flow import Door
    from idp.domain.client import Client
    from idp.domain.custom_auth import Step
    from idp.domain.device import Device
    from idp.domain.errors import DomainError
    from idp.domain.risk import Risk
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SignInContext:
    """One sign-in under way, as a challenge sees it.

    Attributes:
        username: as typed at the beginning.
        user: None when nobody goes by that name and the client hides it: the challenge then behaves as for a wrong
            answer, at the same price.
        flow: the AuthFlow it began with.
        event_id: of the sign-in.
        source: the client's address.
        user_agent: what the client says it is.
        risk: what threat protection found; None before the first factor is proved, and where there is none.
        passed: challenges passed so far, in order.
        parameters: of the request that began the sign-in, for the first `start`; empty later.
        secrets: what `start` kept for `answer`.
        client_metadata: of the present request.
        is_answering: the present request answers a challenge that was asked before.
        device_key: as the client gave it, in this request or before; proves nothing.
        device: the user's device of that key; None while no factor is proved, and when the user has none.
        history: of a custom sign-in, as the pool's functions see it.
    """

    services: Services
    user_pool: UserPool
    client: Client
    door: Door
    username: str
    user: User | None
    flow: str
    event_id: str
    source: str
    passed: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: Mapping[str, Any] = field(default_factory=dict, repr=False)
    client_metadata: Mapping[str, str] | None = field(default=None, repr=False)
    is_answering: bool = False
    device_key: str | None = None
    device: Device | None = None
    history: tuple[Step, ...] = field(default=(), repr=False)
    user_agent: str = ""
    risk: Risk | None = None

    @property
    def origin(self) -> Origin:
        """Return where the present request comes from."""
        return Origin.of(self.source, self.user_agent)

    @property
    def answer_metadata(self) -> Mapping[str, str] | None:
        """Return the client metadata that triggers get as `clientMetadata`: an answer's, never that of InitiateAuth.

        Source: spec USER_POOLS section 1.13.
        """
        return self.client_metadata if self.is_answering else None


@dataclass(frozen=True, slots=True)
class Question:
    """What the client is asked.

    Attributes:
        parameters: ChallengeParameters.
        secrets: sealed into the session for `answer`; JSON.
    """

    parameters: Mapping[str, str] = field(repr=False)
    secrets: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """A right answer.

    Attributes:
        save: stores what the answer changes of the user, and returns them; run in the transaction that spends the
            session, so that it happens once.
        asks: the challenge that comes now, when the answer only chose it or began it; nothing is passed by that. It is
            started with the answer's responses as `parameters`.
        passes: the challenge that this proves, when it is not the one that was answered.
        is_answered: the responses hold the answer to that challenge already, so it is judged, not asked. It sees the
            secrets of the challenge that chose it.
        step: what a custom sign-in's history says of the answer, when it is not that the challenge was passed: then
            nothing is passed by it, and the pool's functions decide.
    """

    save: Callable[[UnitOfWork], User] | None = None
    asks: str | None = None
    is_answered: bool = False
    passes: str | None = None
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """Where a sealed session waits for clients that do not send it back.

    Attributes:
        keep: stores it (context, sealed session, its end).
        recall: finds it by the responses, for an answer without a Session.
    """

    keep: Callable[[SignInContext, str, datetime], None]
    recall: Callable[[Services, Client, Mapping[str, str]], str | None]


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge as the pipeline runs it.

    Attributes:
        start: asks. Raises domain errors.
        answer: judges; raises for a wrong answer. It writes nothing but through the proof.
        required: response keys that must be there.
        wrong: the errors that count as a failed attempt.
        attempts: the counter they are counted on; None for answers that cannot be guessed.
        carrier: (challenge parameter, response key) that carry the sealed session in place of `Session`, in Base64.
        lifetime: of the sealed session; the client's AuthSessionValidity when None.
        memory: for a challenge whose session clients need not send back.
        is_judged_once: the session is spent before the answer is judged.
    """

    name: str
    start: Callable[[SignInContext], Question]
    answer: Callable[[SignInContext, Mapping[str, str]], Proof]
    required: tuple[str, ...]
    wrong: tuple[type[DomainError], ...] = ()
    attempts: str | None = None
    carrier: tuple[str, str] | None = None
    lifetime: timedelta | None = None
    memory: Memory | None = None
    is_judged_once: bool = False
