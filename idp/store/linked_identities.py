"""Users' identities at upstream providers: rows to `LinkedIdentity` and back.  Each is one user's."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from idp.domain.errors import ResourceConflict
from idp.domain.linked_identity import SUBJECT, LinkedIdentity
from idp.domain.user import User
from idp.store.sealing import Seals
from idp.store.tables.identity_providers import linked_identities as t
from idp.store.tables.users import users
from idp.store.users import user_of_row

_KEY = (
    t.c.pool_id == sa.bindparam("pool_id"),
    t.c.provider_name == sa.bindparam("provider_name"),
    t.c.attribute == sa.bindparam("attribute"),
    t.c.value == sa.bindparam("value"),
)
_FIND = sa.select(t).where(*_KEY)
_OWNER = sa.select(users).join(t, t.c.user_id == users.c.id).where(*_KEY)
_OF_USER = (
    sa.select(t).where(t.c.user_id == sa.bindparam("user_id")).order_by(t.c.created_at, t.c.provider_name, t.c.value)
)
_ATTRIBUTES = (
    sa.select(t.c.attribute)
    .where(t.c.pool_id == sa.bindparam("pool_id"), t.c.provider_name == sa.bindparam("provider_name"))
    .where(t.c.attribute != SUBJECT)
    .distinct()
)
_DELETE = t.delete().where(*_KEY)


class LinkedIdentities:
    """The stored identities."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, identity: LinkedIdentity) -> None:
        """Store an identity; raises ResourceConflict when somebody has it."""
        try:
            self._connection.execute(t.insert(), _row(identity))
        except sa.exc.IntegrityError as error:
            raise ResourceConflict from error

    def find(self, pool_id: str, provider_name: str, attribute: str, value: str) -> LinkedIdentity | None:
        """Return an identity; None when it is nobody's."""
        row = self._connection.execute(_FIND, _key(pool_id, provider_name, attribute, value)).mappings().first()
        return None if row is None else LinkedIdentity(**row)

    def find_user(self, pool_id: str, provider_name: str, attribute: str, value: str) -> User | None:
        """Return the user whose identity it is."""
        row = self._connection.execute(_OWNER, _key(pool_id, provider_name, attribute, value)).mappings().first()
        return None if row is None else user_of_row(row, self._seals)

    def of_user(self, user_id: int) -> list[LinkedIdentity]:
        """Return a user's identities in the order in which they were linked."""
        return [LinkedIdentity(**row) for row in self._connection.execute(_OF_USER, {"user_id": user_id}).mappings()]

    def attributes_of(self, pool_id: str, provider_name: str) -> frozenset[str]:
        """Return the attributes but the subject by which users are linked to a provider."""
        values = {"pool_id": pool_id, "provider_name": provider_name}
        return frozenset(self._connection.execute(_ATTRIBUTES, values).scalars())

    def delete(self, identity: LinkedIdentity) -> bool:
        """Take an identity from its user; False when it is gone already."""
        key = _key(identity.pool_id, identity.provider_name, identity.attribute, identity.value)
        return self._connection.execute(_DELETE, key).rowcount == 1


def _key(pool_id: str, provider_name: str, attribute: str, value: str) -> dict[str, str]:
    return {"pool_id": pool_id, "provider_name": provider_name, "attribute": attribute, "value": value}


def _row(identity: LinkedIdentity) -> dict[str, Any]:
    return {column.name: getattr(identity, column.name) for column in t.columns}
