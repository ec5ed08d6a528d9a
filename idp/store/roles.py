"""IAM roles: rows to `Role` and back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from idp.domain.errors import ResourceConflict
from idp.domain.iam import Role
from idp.store.iam_paths import page_bounds
from idp.store.tables.iam import roles as t

_MINE = (t.c.account == sa.bindparam("b_account"), t.c.name == sa.bindparam("b_name"))
_BY_NAME = sa.select(t).where(*_MINE)
_PAGE = (
    sa.select(t)
    .where(
        t.c.account == sa.bindparam("account"),
        sa.tuple_(t.c.path, t.c.name) > sa.tuple_(sa.bindparam("after_path"), sa.bindparam("after_name")),
        t.c.path < sa.bindparam("following"),
    )
    .order_by(t.c.path, t.c.name)
    .limit(sa.bindparam("limit"))
)
_SET_TRUST = t.update().where(*_MINE).values(trust_policy=sa.bindparam("trust_policy"))
_DELETE = t.delete().where(*_MINE)


class Roles:
    """The stored roles."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, role: Role) -> None:
        """Store a new role; raises ResourceConflict when the account has one of that name."""
        try:
            self._connection.execute(t.insert(), {column.name: getattr(role, column.name) for column in t.columns})
        except sa.exc.IntegrityError as error:
            raise ResourceConflict(f"Role with name {role.name} already exists.") from error

    def find(self, account: str, name: str) -> Role | None:
        """Return the role; None when there is none."""
        row = self._connection.execute(_BY_NAME, {"b_account": account, "b_name": name}).mappings().first()
        return None if row is None else Role(**row)

    def list_page(self, account: str, *, path_prefix: str = "/", after: str = "", limit: int) -> list[Role]:
        """Return up to `limit` roles of an account below a path, by path and name, after both (as one text)."""
        values: dict[str, Any] = {"account": account, "limit": limit, **page_bounds(path_prefix, after)}
        return [Role(**row) for row in self._connection.execute(_PAGE, values).mappings()]

    def set_trust_policy(self, account: str, name: str, trust_policy: str) -> None:
        """Replace who may assume the role."""
        values = {"b_account": account, "b_name": name, "trust_policy": trust_policy}
        self._connection.execute(_SET_TRUST, values)

    def delete(self, account: str, name: str) -> None:
        """Delete the role."""
        self._connection.execute(_DELETE, {"b_account": account, "b_name": name})
