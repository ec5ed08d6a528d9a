"""Passkeys: rows to `Passkey` and back."""

from __future__ import annotations

import sqlalchemy as sa

from idp.domain.errors import ResourceConflict
from idp.domain.passkey import Passkey
from idp.store.tables.passkeys import webauthn_credentials as t
from idp.store.tables.users import users

_OF_USER = sa.select(t).where(t.c.user_id == sa.bindparam("user_id")).order_by(t.c.created_at, t.c.id)
_LOCK_OWNER = sa.select(users.c.id).where(users.c.id == sa.bindparam("user_id")).with_for_update()
_COUNT = sa.select(sa.func.count()).where(t.c.user_id == sa.bindparam("user_id"))
_COUNT_ON = (
    t.update()
    .where(
        t.c.pool_id == sa.bindparam("b_pool_id"),
        t.c.id == sa.bindparam("b_id"),
        t.c.user_id == sa.bindparam("b_user_id"),
        sa.or_(
            t.c.sign_count < sa.bindparam("said", type_=sa.BigInteger),
            sa.and_(t.c.sign_count == 0, sa.bindparam("said", type_=sa.BigInteger) == 0),
        ),
    )
    .values(sign_count=sa.bindparam("said", type_=sa.BigInteger))
)
_DELETE = t.delete().where(t.c.user_id == sa.bindparam("user_id"), t.c.id == sa.bindparam("id"))


class Passkeys:
    """The stored passkeys."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add_within(self, passkey: Passkey, *, limit: int) -> bool:
        """Store a new passkey; False, and nothing stored, when the user has `limit` already.

        Raises:
            ResourceConflict: somebody of the pool has a passkey of that id.
        """
        self._connection.execute(_LOCK_OWNER, {"user_id": passkey.user_id})
        if self._connection.execute(_COUNT, {"user_id": passkey.user_id}).scalar_one() >= limit:
            return False
        row = {column.name: getattr(passkey, column.name) for column in t.columns}
        try:
            self._connection.execute(t.insert(), row)
        except sa.exc.IntegrityError as error:
            raise ResourceConflict from error
        return True

    def of_user(self, user_id: int) -> list[Passkey]:
        """Return all passkeys of a user, oldest first: never more than a few."""
        return [_passkey(row) for row in self._connection.execute(_OF_USER, {"user_id": user_id}).mappings()]

    def count_on(self, passkey: Passkey, sign_count: int) -> bool:
        """Take the count of a new signature; False when it is not above the stored one, or the passkey is gone.

        Two zeros are an authenticator that does not count.
        """
        key = {"b_pool_id": passkey.pool_id, "b_id": passkey.id, "b_user_id": passkey.user_id, "said": sign_count}
        return self._connection.execute(_COUNT_ON, key).rowcount == 1

    def delete(self, user_id: int, passkey_id: str) -> bool:
        """Delete a passkey; False when the user has none of that id."""
        return self._connection.execute(_DELETE, {"user_id": user_id, "id": passkey_id}).rowcount == 1


def _passkey(row: sa.RowMapping) -> Passkey:
    return Passkey(**{**row, "transports": tuple(row["transports"])})
