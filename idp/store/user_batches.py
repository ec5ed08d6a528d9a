"""Many users at once: which names are taken, and storing those that are not, in a few statements for each hundred."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from idp.domain.errors import ConcurrentModification
from idp.domain.user import User
from idp.store.sealing import Seals
from idp.store.tables.users import user_aliases, users as t
from idp.store.users import row_of_user

_ADD = t.insert().returning(t.c.id, t.c.username)


class UserBatches:
    """The stored users, many at a time."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def taken_names(self, pool_id: str, names: Collection[str]) -> set[str]:
        """Return those of some folded names that somebody goes by: as a username, an alias or a `sub`."""
        if not names:
            return set()
        return set(self._connection.execute(_taken(pool_id, names)).scalars())

    def add(self, users: Sequence[tuple[User, Mapping[str, str]]]) -> None:
        """Store new users with their aliases (attribute -> folded value).

        Raises:
            ConcurrentModification: somebody took one of the names in this moment. The transaction must then be left.
        """
        if not users:
            return
        try:
            rows = self._connection.execute(_ADD, [row_of_user(user, self._seals) for user, _ in users])
            ids = {row.username: row.id for row in rows}
            aliases = [
                {"pool_id": user.pool_id, "user_id": ids[user.username], "attribute": attribute, "value": value}
                for user, claimed in users
                for attribute, value in claimed.items()
            ]
            if aliases:
                self._connection.execute(user_aliases.insert(), aliases)
        except sa.exc.IntegrityError as error:
            raise ConcurrentModification from error


def _taken(pool_id: str, names: Collection[str]) -> sa.Select[str]:
    """Return the query for those of some names that have an owner.

    Each name is looked up in the three indexes by itself. Of a list of names PostgreSQL would read the whole pool while the
    table has no statistics, which is so just after it was filled.
    """
    given = sa.values(sa.column("name", sa.Text), name="given").data([(name,) for name in names]).cte("given")
    owners = (
        sa.select(t.c.id).where(t.c.pool_id == pool_id, t.c.username == given.c.name),
        sa.select(user_aliases.c.user_id).where(
            user_aliases.c.pool_id == pool_id, user_aliases.c.value == given.c.name
        ),
        sa.select(t.c.id).where(t.c.pool_id == pool_id, t.c.sub == given.c.name),
    )
    first = sa.func.coalesce(*(owner.limit(1).correlate(given).scalar_subquery() for owner in owners))
    looked_up = sa.select(given.c.name, first.label("owner")).subquery("looked_up")
    return sa.select(looked_up.c.name).where(looked_up.c.owner.is_not(None))
