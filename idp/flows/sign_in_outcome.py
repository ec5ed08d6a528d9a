"""What goes into the sign-in pipeline, and what comes out of it; refusals come out as errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from idp.domain.origin import Origin

if TYPE_CHECKING:
    from datetime import datetime

    from idp.domain.auth_flow import Door
    from idp.domain.client import Client
    from idp.domain.device import Device
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """A request that begins a sign-in.

    Attributes:
        source: the client's address, for the audit trail.
        user_agent: what the client says it is.
        session: of ConfirmSignUp.
    """

    parameters: Mapping[str, str] = field(repr=False)
    door: Door
    source: str
    client_metadata: Mapping[str, str] | None = field(default=None, repr=False)
    session: str | None = field(default=None, repr=False)
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class ChallengeAnswer:
    """A request that goes on with a sign-in.

    Attributes:
        session: None when the challenge carries it among the responses.
        source, user_agent: as above.
    """

    challenge: str
    responses: Mapping[str, str] = field(repr=False)
    session: str | None = field(repr=False)
    door: Door
    source: str
    client_metadata: Mapping[str, str] | None = field(default=None, repr=False)
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Authenticated:
    """The user has passed every challenge; tokens may be issued.

    Attributes:
        event_id: of the sign-in, for its tokens.
        passed: the challenges, in order.
        source: the client's address.
        user_agent: what it says it is.
        client_metadata: for the PreTokenGeneration trigger.
        device: that the client named, if the user has it.
    """

    user_pool: UserPool
    client: Client
    user: User
    authenticated_at: datetime
    event_id: str
    passed: tuple[str, ...]
    source: str
    client_metadata: Mapping[str, str] | None = field(default=None, repr=False)
    device: Device | None = None
    user_agent: str = ""

    @property
    def origin(self) -> Origin:
        """Return where the tokens go."""
        return Origin.of(self.source, self.user_agent)


@dataclass(frozen=True, slots=True)
class Challenged:
    """The user must pass a challenge next.

    Attributes:
        session: None when the parameters carry it.
        available: the challenges that may be chosen, while a choice-based sign-in is at its first factor.
    """

    challenge: str
    parameters: Mapping[str, str] = field(repr=False)
    session: str | None = field(repr=False)
    available: tuple[str, ...] = ()


SignInOutcome = Authenticated | Challenged
