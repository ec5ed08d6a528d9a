"""Lambda functions: rows to `Function` and back; the environment is sealed, the code is read only when asked for."""

from __future__ import annotations

from typing import Any

import orjson
import sqlalchemy as sa

from idp.domain.errors import ConcurrentModification, ResourceConflict
from idp.domain.function import Function
from idp.store.sealing import Seals
from idp.store.tables.functions import functions as t

PURPOSE = "function-environment"

_COLUMNS = [column for column in t.columns if column is not t.c.code]
_MINE = (
    t.c.account == sa.bindparam("b_account"),
    t.c.region == sa.bindparam("b_region"),
    t.c.name == sa.bindparam("b_name"),
)
_BY_NAME = sa.select(*_COLUMNS).where(*_MINE)
_CODE = sa.select(t.c.code).where(*_MINE)
_PAGE = (
    sa.select(*_COLUMNS)
    .where(
        t.c.account == sa.bindparam("account"),
        t.c.region == sa.bindparam("region"),
        t.c.name > sa.bindparam("after"),
    )
    .order_by(t.c.name)
    .limit(sa.bindparam("limit"))
)
_UPDATE = t.update().where(*_MINE, t.c.revision_id == sa.bindparam("b_revision_id"))
_DELETE = t.delete().where(*_MINE)


class Functions:
    """The stored functions."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, function: Function, code: bytes) -> None:
        """Store a new function; raises ResourceConflict when there is one of that name."""
        try:
            self._connection.execute(t.insert(), {**self._row(function), "code": code})
        except sa.exc.IntegrityError as error:
            raise ResourceConflict(f"Function already exist: {function.name}") from error

    def find(self, account: str, region: str, name: str) -> Function | None:
        """Return the function; None when there is none."""
        row = self._connection.execute(_BY_NAME, _key(account, region, name)).mappings().first()
        return None if row is None else self._function(row)

    def find_code(self, account: str, region: str, name: str) -> bytes | None:
        """Return the deployment package; None when there is no such function."""
        code: bytes | None = self._connection.execute(_CODE, _key(account, region, name)).scalar_one_or_none()
        return code

    def list_page(self, account: str, region: str, *, after: str = "", limit: int) -> list[Function]:
        """Return up to `limit` functions of a region, by name, after the name given."""
        values: dict[str, Any] = {"account": account, "region": region, "after": after, "limit": limit}
        return [self._function(row) for row in self._connection.execute(_PAGE, values).mappings()]

    def save(self, function: Function, *, replaces: str, code: bytes | None = None) -> None:
        """Store a changed function.

        Args:
            replaces: the revision that was changed.
            code: a new deployment package; the old one stays without.

        Raises:
            ConcurrentModification: somebody saved it first, or deleted it.
        """
        changed = self._row(function) | ({} if code is None else {"code": code})
        key = _key(function.account, function.region, function.name) | {"b_revision_id": replaces}
        if self._connection.execute(_UPDATE.values(changed), key).rowcount == 0:
            raise ConcurrentModification

    def delete(self, account: str, region: str, name: str) -> bool:
        """Delete a function; False when there was none."""
        return self._connection.execute(_DELETE, _key(account, region, name)).rowcount == 1

    def _function(self, row: sa.RowMapping) -> Function:
        sealed = row["environment"]
        environment = None if sealed is None else self._seals.open(PURPOSE, sealed, context=_context(row))
        return Function(**{**row, "environment": None if environment is None else orjson.loads(environment)})

    def _row(self, function: Function) -> dict[str, Any]:
        row = {column.name: getattr(function, column.name) for column in _COLUMNS}
        if function.environment is not None:
            plaintext = orjson.dumps(dict(function.environment))
            row["environment"] = self._seals.seal(PURPOSE, plaintext, context=_context(row))
        return row


def _key(account: str, region: str, name: str) -> dict[str, str]:
    return {"b_account": account, "b_region": region, "b_name": name}


def _context(row: Any) -> bytes:
    return f"{row['account']}/{row['region']}/{row['name']}".encode()
