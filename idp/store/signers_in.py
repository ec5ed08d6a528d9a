"""Who is signing in: the user, their failures at a challenge, and whether their session was answered, in one statement.

Most of what a sign-in asks of the database stands here, so it is asked at once (spec PERFORMANCE, W2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from idp.store.attempts import AttemptCount
from idp.store.tables.one_time import attempts, spent_tickets
from idp.store.tables.users import users
from idp.store.users import user_of_row

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.store.sealing import Seals

_FAILURES = [attempts.c[name].label(f"attempts_{name}") for name in ("count", "first_at", "last_at")]
_WITH_FAILURES = users.outerjoin(
    attempts,
    sa.and_(
        attempts.c.pool_id == users.c.pool_id,
        attempts.c.subject == users.c.username,
        attempts.c.kind == sa.bindparam("kind"),
    ),
)
_BY_USERNAME = (
    sa.select(users, *_FAILURES)
    .select_from(_WITH_FAILURES)
    .where(users.c.pool_id == sa.bindparam("pool_id"), users.c.username == sa.bindparam("username"))
)
_IS_SPENT = sa.exists().where(spent_tickets.c.id == sa.bindparam("ticket_id")).label("is_spent")
_BY_SUB = (
    sa.select(users, *_FAILURES, _IS_SPENT)
    .select_from(_WITH_FAILURES)
    .where(users.c.pool_id == sa.bindparam("pool_id"), users.c.sub == sa.bindparam("sub"))
)


@dataclass(frozen=True, slots=True)
class SignerIn:
    """A user, their failures at a challenge (None when there are none), and whether the session was answered before."""

    user: User
    failures: AttemptCount | None
    is_spent: bool = False


class SignersIn:
    """Reads users as sign-ins need them."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def find_by_username(self, pool_id: str, username: str, kind: str | None) -> SignerIn | None:
        """Return the user of a folded username.

        Args:
            kind: the counter of the challenge; None for challenges that count nothing.
        """
        values = {"pool_id": pool_id, "username": username, "kind": kind}
        row = self._connection.execute(_BY_USERNAME, values).mappings().first()
        return None if row is None else SignerIn(self._user(row), _failures(row))

    def find_by_sub(self, pool_id: str, sub: str, kind: str | None, *, ticket_id: str) -> SignerIn | None:
        """Return the user of a subject, and whether a ticket was spent."""
        values = {"pool_id": pool_id, "sub": sub, "kind": kind, "ticket_id": ticket_id}
        row = self._connection.execute(_BY_SUB, values).mappings().first()
        return None if row is None else SignerIn(self._user(row), _failures(row), bool(row["is_spent"]))

    def _user(self, row: sa.RowMapping) -> User:
        return user_of_row(row, self._seals)


def _failures(row: sa.RowMapping) -> AttemptCount | None:
    values: list[Any] = [row[f"attempts_{name}"] for name in ("count", "first_at", "last_at")]
    return None if values[0] is None else AttemptCount(*values)
