"""Many users at once: which names are taken, and storing those that are not, in a few statements for each hundred."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from idp.domain.errors import ConcurrentModification
from idp.domain.user import User
from idp.store.sealing import Seals
from idp.store.tables.users import user_aliases, users as t
from idp.store.users import row_of_user

_GIVEN: sa.BindParameter[str] = sa.bindparam("given", expanding=True)
_POOL: sa.BindParameter[str] = sa.bindparam("pool_id")
_USERNAMES = sa.select(t.c.username).where(t.c.pool_id == _POOL, t.c.username.in_(_GIVEN))
_SUBS = sa.select(t.c.sub).where(t.c.pool_id == _POOL, t.c.sub.in_(_GIVEN))
_ALIASES = sa.select(user_aliases.c.value).where(user_aliases.c.pool_id == _POOL, user_aliases.c.value.in_(_GIVEN))
_ADD = t.insert().returning(t.c.id, t.c.username)


class UserBatches:
    """The stored users, many at a time."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def taken_names(self, pool_id: str, names: Collection[str]) -> set[str]:
        """Return those of some folded names that somebody goes by: as a username, an alias or a `sub`."""
        values = {"pool_id": pool_id, "given": list(names)}
        return {
            name
            for query in (_USERNAMES, _ALIASES, _SUBS)
            for name in self._connection.execute(query, values).scalars()
        }

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
