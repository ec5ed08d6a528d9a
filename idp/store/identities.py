"""Identities of identity pools, and the logins linked to them: rows to `Identity` and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from idp.domain.errors import ConcurrentModification
from idp.domain.identity import Identity, Linking, Login
from idp.store.tables.iam import identities as t, identity_logins as logins

_WITH_LOGINS = sa.select(t, logins.c.provider, logins.c.subject).select_from(
    t.outerjoin(logins, logins.c.identity_id == t.c.id)
)
_BY_ID = _WITH_LOGINS.where(t.c.id == sa.bindparam("id"))
_OWNERS = _WITH_LOGINS.where(
    t.c.id.in_(
        sa.select(logins.c.identity_id).where(
            logins.c.pool_id == sa.bindparam("pool_id"),
            sa.tuple_(logins.c.provider, logins.c.subject).in_(sa.bindparam("shown", expanding=True)),
        )
    )
).order_by(t.c.id)
_LOCK = sa.select(t.c.id).where(t.c.id.in_(sa.bindparam("ids", expanding=True))).order_by(t.c.id).with_for_update()
_PAGE_IDS = (
    sa.select(t.c.id)
    .where(t.c.pool_id == sa.bindparam("pool_id"), t.c.id > sa.bindparam("after"))
    .order_by(t.c.id)
    .limit(sa.bindparam("limit"))
)
_PAGE = _WITH_LOGINS.where(t.c.id.in_(_PAGE_IDS)).order_by(t.c.id)
_ENABLED_PAGE = _WITH_LOGINS.where(t.c.id.in_(_PAGE_IDS.where(t.c.disabled == sa.false()))).order_by(t.c.id)
_TOUCH = t.update().where(t.c.id == sa.bindparam("b_id")).values(updated_at=sa.bindparam("moment"))
_DISABLE = (
    t.update().where(t.c.id == sa.bindparam("b_id")).values(disabled=sa.true(), updated_at=sa.bindparam("moment"))
)
_HAND_OVER = (
    logins.update().where(logins.c.identity_id == sa.bindparam("b_from")).values(identity_id=sa.bindparam("to"))
)


class Identities:
    """The stored identities."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, identity: Identity) -> None:
        """Store a new identity with its logins; raises ConcurrentModification when somebody has one of them."""
        row = {column.name: getattr(identity, column.name) for column in t.columns}
        self._connection.execute(t.insert(), row)
        self._add_logins(identity, identity.logins)

    def find(self, identity_id: str) -> Identity | None:
        """Return an identity with its logins in one query; None when there is none."""
        return next(self._many(_BY_ID, {"id": identity_id}), None)

    def owners_of(self, pool_id: str, shown: Sequence[Login]) -> list[Identity]:
        """Return the identities of a pool that any of the logins are linked to, in one query."""
        return list(self._many(_OWNERS, {"pool_id": pool_id, "shown": list(shown)}))

    def lock(self, identity_ids: Iterable[str]) -> None:
        """Let nobody else link logins to these identities until the transaction ends."""
        self._connection.execute(_LOCK, {"ids": list(identity_ids)})

    def apply(self, linking: Linking, moment: datetime) -> None:
        """Write what linking decided; raises ConcurrentModification when somebody linked one of the logins first."""
        for merged in linking.merged:
            self._connection.execute(_HAND_OVER, {"b_from": merged.id, "to": linking.parent.id})
            self._connection.execute(_DISABLE, {"b_id": merged.id, "moment": moment})
        self._add_logins(linking.parent, linking.linked)
        self._connection.execute(_TOUCH, {"b_id": linking.parent.id, "moment": moment})

    def list_page(self, pool_id: str, *, with_disabled: bool, after: str = "", limit: int) -> list[Identity]:
        """Return up to `limit` identities of a pool with their logins, by id, after the id given."""
        values = {"pool_id": pool_id, "after": after, "limit": limit}
        return list(self._many(_PAGE if with_disabled else _ENABLED_PAGE, values))

    def _add_logins(self, identity: Identity, added: Iterable[Login]) -> None:
        rows = [
            {"pool_id": identity.pool_id, "provider": provider, "subject": subject, "identity_id": identity.id}
            for provider, subject in sorted(added)
        ]
        if not rows:
            return
        try:
            self._connection.execute(logins.insert(), rows)
        except sa.exc.IntegrityError as error:
            raise ConcurrentModification from error

    def _many(self, query: sa.Select[Any], values: dict[str, Any]) -> Iterator[Identity]:
        rows = self._connection.execute(query, values).mappings()
        return (_identity(list(group)) for _, group in groupby(rows, key=lambda row: row["id"]))


def _identity(rows: Sequence[sa.RowMapping]) -> Identity:
    linked = frozenset(Login(row["provider"], row["subject"]) for row in rows if row["provider"] is not None)
    return Identity(**{column.name: rows[0][column.name] for column in t.columns}, logins=linked)
