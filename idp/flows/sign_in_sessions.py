"""The sealed `Session` string between two steps of a sign-in, and SRP's SECRET_BLOCK, which is one too.

It holds all the server must know, bound to its client (whose id no other pool has), and works once: its id is remembered
when it is used. So asking a challenge writes nothing.  Source: spec USER_POOLS section 1.10.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from idp.domain.errors import InvalidSession, SessionExpired
from idp.domain.risk import Risk
from idp.outbound.sealer import SealBroken

if TYPE_CHECKING:
    from idp.domain.auth_flow import Door
    from idp.domain.client import Client
    from idp.domain.custom_auth import Step
    from idp.services import Services

PURPOSE = "sign-in-session"
KEPT = "kept"
MAX_CHARACTERS = 2048
"""Of a `Session`, by the API's model; a longer one is kept here and the client gets a sealed reference to it."""
DOCUMENT_BYTES = 1507
"""Shorter documents are filled up to what gives `MAX_CHARACTERS`: no session's length tells what it is of, or of nobody."""


@dataclass(frozen=True, slots=True)
class SignInSession:
    """How far a sign-in has come.

    Attributes:
        id: spent once.
        door: how the sign-in came in; another door's answers are refused.
        flow: the AuthFlow it began with.
        challenge: the only one it may be answered with.
        username: as typed at the beginning.
        names: what answers may give as USERNAME.
        sub: None when there is no such user and the client hides that.
        event_id: of the sign-in, for its tokens.
        passed: challenges passed so far, in order.
        secrets: what the asked challenge must know to judge the answer.
        device_key: as the client gave it.
        history: of a custom sign-in.
        risk: what threat protection found.
        proved_salt: of the password that was proved, as `sign_in_subjects.proved_salt` tells; None when none was.
    """

    id: str
    expires_at: datetime
    door: Door
    flow: str
    challenge: str
    username: str
    names: tuple[str, ...]
    sub: str | None
    event_id: str
    passed: tuple[str, ...] = ()
    secrets: Mapping[str, Any] = field(default_factory=dict, repr=False)
    device_key: str | None = None
    history: tuple[Step, ...] = field(default=(), repr=False)
    risk: Risk | None = None
    proved_salt: str | None = None


_MEMBERS = tuple(each.name for each in fields(SignInSession))


def seal_session(services: Services, client: Client, session: SignInSession) -> str:
    """Return the session as URL-safe text that opens for its client only."""
    document = {name: getattr(session, name) for name in _MEMBERS}
    document |= {"expires_at": session.expires_at.timestamp(), "client": client.id}
    sealed = _sealed(services, document)
    if len(sealed) <= MAX_CHARACTERS:
        return sealed
    with services.unit_of_work() as work:
        work.kept_sessions.delete_expired(services.clock.now())
        work.kept_sessions.keep(session.id, sealed, until=session.expires_at)
        work.commit()
    return _sealed(services, {KEPT: session.id})


def open_session(services: Services, client: Client, text: str) -> SignInSession:
    """Return a session that was sealed for the client and is not over.

    Raises:
        InvalidSession: not ours, or another client's.
        SessionExpired.
    """
    client_id, session = open_session_of_any_client(services, text)
    if client_id != client.id:
        raise InvalidSession
    return session


def open_session_of_any_client(services: Services, text: str) -> tuple[str, SignInSession]:
    """Return the id of the client that a session was sealed for, and the session: for requests that name no client.

    Raises:
        InvalidSession: not ours. SessionExpired.
    """
    document = _opened(services, text)
    if KEPT in document:
        with services.reading() as work:
            kept = work.kept_sessions.find(document[KEPT])
        document = _opened(services, kept or "")
    document["expires_at"] = datetime.fromtimestamp(document["expires_at"], UTC)
    document |= {name: tuple(document[name]) for name in ("names", "passed", "history")}
    document["risk"] = None if document["risk"] is None else Risk(**document["risk"])
    client_id: str = document.pop("client")
    session = SignInSession(**document)
    if session.expires_at <= services.clock.now():
        raise SessionExpired
    return client_id, session


def carried(sealed: str) -> str:
    """Return a sealed session as a challenge parameter carries it in place of `Session`: in Base64."""
    return base64.b64encode(sealed.encode()).decode()


def uncarried(encoded: str) -> str:
    """Return the sealed session that a client gives back as `carried` made it; raises InvalidSession."""
    try:
        return base64.b64decode(encoded.encode("ascii"), validate=True).decode("ascii")
    except ValueError:  # of either codec
        raise InvalidSession from None


def _sealed(services: Services, document: Mapping[str, Any]) -> str:
    return services.sealer.seal(PURPOSE, orjson.dumps(document).ljust(DOCUMENT_BYTES))


def _opened(services: Services, text: str) -> dict[str, Any]:
    try:
        document: dict[str, Any] = orjson.loads(services.sealer.open(PURPOSE, text))
    except SealBroken:
        raise InvalidSession from None
    return document
