"""Browsers' round trips to upstream providers: rows to `UpstreamRequest` and back.

Of the state and the browser's cookie only the SHA-256 is stored; the rest is sealed for the row. A round trip is answered
by one conditional UPDATE and spent by one conditional DELETE, so that of two processes with the same state one succeeds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from idp.domain.upstream import UpstreamRequest
from idp.store.sealing import Seals
from idp.store.tables.federation import upstream_requests as t

PURPOSE = "upstream-request"
ANSWER_PURPOSE = "upstream-answer"

_SEALED = ("client_id", "provider_name", "query", "callback_url", "nonce", "code_verifier", "request_id")
_OPEN = (
    t.c.digest == sa.bindparam("b_digest"),
    t.c.pool_id == sa.bindparam("b_pool_id"),
    t.c.expires_at > sa.bindparam("moment"),
)
_FIND = sa.select(t).where(*_OPEN, t.c.answer.is_(None))
_ANSWER = t.update().where(*_OPEN, t.c.answer.is_(None)).values(answer=sa.bindparam("b_answer"))
_TAKE = t.delete().where(*_OPEN, t.c.browser_digest == sa.bindparam("b_browser_digest"))
_TAKE_UNANSWERED = _TAKE.where(t.c.answer.is_(None)).returning(*t.c)
_TAKE_ANSWERED = _TAKE.where(t.c.answer.is_not(None)).returning(*t.c)
_EXPIRED = t.delete().where(t.c.expires_at < sa.bindparam("moment"))


class UpstreamRequests:
    """The stored round trips."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, request: UpstreamRequest, browser: str) -> None:
        """Store a new round trip of the browser that has the cookie."""
        digest = _digest(request.state)
        document = {name: getattr(request, name) for name in _SEALED}
        self._connection.execute(
            t.insert(),
            {
                "digest": digest,
                "pool_id": request.pool_id,
                "browser_digest": _digest(browser),
                "request": self._seal(PURPOSE, document, digest),
                "expires_at": request.expires_at,
            },
        )

    def find_unanswered(self, pool_id: str, state: str, moment: datetime) -> UpstreamRequest | None:
        """Return a round trip that is under way and waits for the provider's word, whosever browser it is."""
        row = self._connection.execute(_FIND, _key(pool_id, state, moment)).mappings().first()
        return None if row is None else self._request(row, state)

    def answer(self, pool_id: str, state: str, moment: datetime, answer: Mapping[str, Any]) -> bool:
        """Keep the provider's word until the browser comes for it; False when there is one, or nobody waits."""
        sealed = self._seal(ANSWER_PURPOSE, answer, _digest(state))
        values = {**_key(pool_id, state, moment), "b_answer": sealed}
        return self._connection.execute(_ANSWER, values).rowcount == 1

    def take_unanswered(self, pool_id: str, state: str, moment: datetime, browser: str) -> UpstreamRequest | None:
        """Spend a browser's round trip to which the answer is just coming; None when it has none such."""
        row = self._take(_TAKE_UNANSWERED, pool_id, state, moment, browser)
        return None if row is None else self._request(row, state)

    def take_answered(
        self, pool_id: str, state: str, moment: datetime, browser: str
    ) -> tuple[UpstreamRequest, dict[str, Any]] | None:
        """Spend a browser's round trip and return it with the kept answer; None when it has none such."""
        row = self._take(_TAKE_ANSWERED, pool_id, state, moment, browser)
        if row is None:
            return None
        return self._request(row, state), self._open(ANSWER_PURPOSE, row["answer"], row["digest"])

    def delete_expired(self, moment: datetime) -> int:
        """Delete round trips that ended before the moment; return how many."""
        return self._connection.execute(_EXPIRED, {"moment": moment}).rowcount

    def _take(
        self,
        statement: sa.sql.dml.ReturningDelete[*tuple[Any, ...]],
        pool_id: str,
        state: str,
        moment: datetime,
        browser: str,
    ) -> sa.RowMapping | None:
        values = {**_key(pool_id, state, moment), "b_browser_digest": _digest(browser)}
        return self._connection.execute(statement, values).mappings().first()

    def _request(self, row: sa.RowMapping, state: str) -> UpstreamRequest:
        document = self._open(PURPOSE, row["request"], row["digest"])
        return UpstreamRequest(state=state, pool_id=row["pool_id"], expires_at=row["expires_at"], **document)

    def _seal(self, purpose: str, document: Mapping[str, Any], digest: str) -> str:
        return self._seals.seal(purpose, orjson.dumps(document), context=digest.encode())

    def _open(self, purpose: str, sealed: str, digest: str) -> dict[str, Any]:
        document: dict[str, Any] = orjson.loads(self._seals.open(purpose, sealed, context=digest.encode()))
        return document


def _key(pool_id: str, state: str, moment: datetime) -> dict[str, Any]:
    return {"b_digest": _digest(state), "b_pool_id": pool_id, "moment": moment}


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
