"""IAM users: rows to `IamUser` and back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from idp.domain.errors import ResourceConflict
from idp.domain.iam import IamUser
from idp.store.iam_paths import page_bounds
from idp.store.tables.iam import iam_users as t

_MINE = (t.c.account == sa.bindparam("account"), t.c.name == sa.bindparam("name"))
_BY_NAME = sa.select(t).where(*_MINE)
_BY_ID = sa.select(t).where(t.c.id == sa.bindparam("id"))
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
_DELETE = t.delete().where(*_MINE)


class IamUsers:
    """The stored IAM users."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, user: IamUser) -> None:
        """Store a new user; raises ResourceConflict when the account has one of that name."""
        try:
            self._connection.execute(t.insert(), {column.name: getattr(user, column.name) for column in t.columns})
        except sa.exc.IntegrityError as error:
            raise ResourceConflict(f"User with name {user.name} already exists.") from error

    def find(self, account: str, name: str) -> IamUser | None:
        """Return the user of that name; None when there is none."""
        row = self._connection.execute(_BY_NAME, {"account": account, "name": name}).mappings().first()
        return None if row is None else IamUser(**row)

    def find_by_id(self, user_id: str) -> IamUser | None:
        """Return the user of that unique id; None when there is none."""
        row = self._connection.execute(_BY_ID, {"id": user_id}).mappings().first()
        return None if row is None else IamUser(**row)

    def list_page(self, account: str, *, path_prefix: str = "/", after: str = "", limit: int) -> list[IamUser]:
        """Return up to `limit` users of an account below a path, by path and name, after both (as one text)."""
        values: dict[str, Any] = {"account": account, "limit": limit, **page_bounds(path_prefix, after)}
        return [IamUser(**row) for row in self._connection.execute(_PAGE, values).mappings()]

    def delete(self, account: str, name: str) -> None:
        """Delete the user with its access keys."""
        self._connection.execute(_DELETE, {"account": account, "name": name})
