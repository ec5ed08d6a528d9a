"""Private keys that sign tokens: sealed rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from idp.store.sealing import Seals
from idp.store.tables.user_pools import signing_keys as t

PURPOSE = "signing-key"

_OF_OWNER = sa.select(t).where(t.c.owner == sa.bindparam("owner")).order_by(t.c.use)


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A signing key.

    Attributes:
        owner: a user pool's id, `identity-pools`, or `saml:` with a pool's id and perhaps a provider of it.
        use: `id` or `access` for a user pool, `openid` for identity pools, `saml` for SAML.
        private_key: PKCS #8 DER.
    """

    kid: str
    owner: str
    use: str
    private_key: bytes = field(repr=False)
    created_at: datetime


class SigningKeys:
    """The stored signing keys."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add_if_absent(self, kid: str, owner: str, use: str, private_key: bytes, created_at: datetime) -> None:
        """Store a key, unless the owner has one for that use by now.

        Args:
            private_key: PKCS #8 DER.
        """
        sealed = self._seals.seal(PURPOSE, private_key, context=kid.encode())
        row = {"kid": kid, "owner": owner, "use": use, "private_key": sealed, "created_at": created_at}
        with self._connection.begin_nested() as nested:
            try:
                self._connection.execute(t.insert(), row)
            except sa.exc.IntegrityError:
                nested.rollback()

    def of_owner(self, owner: str) -> list[StoredKey]:
        """Return the owner's keys."""
        return [self._key(row) for row in self._connection.execute(_OF_OWNER, {"owner": owner}).mappings()]

    def _key(self, row: sa.RowMapping) -> StoredKey:
        opened = self._seals.open(PURPOSE, row["private_key"], context=row["kid"].encode())
        return StoredKey(**{**row, "private_key": opened})
