"""The inline policies of IAM roles and users, and all that decisions read of either in one query."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from idp.domain.errors import ConcurrentModification
from idp.domain.iam import ROLE_ID, Grants
from idp.store.tables.iam import iam_users, inline_policies as t, roles

_MINE = (t.c.owner_id == sa.bindparam("b_owner_id"), t.c.name == sa.bindparam("b_name"))
_ONE = sa.select(t.c.document).where(*_MINE)
_NAMES = (
    sa.select(t.c.name)
    .where(t.c.owner_id == sa.bindparam("owner_id"), t.c.name > sa.bindparam("after"))
    .order_by(t.c.name)
    .limit(sa.bindparam("limit"))
)
_BESIDE = sa.select(t.c.document).where(t.c.owner_id == sa.bindparam("owner_id"), t.c.name != sa.bindparam("name"))
_UPDATE = t.update().where(*_MINE).values(document=sa.bindparam("document"))
_DELETE = t.delete().where(*_MINE)


def _grants_of(owners: sa.Table) -> sa.Select[Any]:
    return (
        sa.select(owners.c.tags, t.c.name, t.c.document)
        .select_from(owners.outerjoin(t, t.c.owner_id == owners.c.id))
        .where(owners.c.id == sa.bindparam("owner_id"))
        .order_by(t.c.name)
    )


_GRANTS_OF_ROLE = _grants_of(roles)
_GRANTS_OF_USER = _grants_of(iam_users)


class InlinePolicies:
    """The stored inline policies, by the unique id of the role or user that has them."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, owner_id: str, name: str, document: str) -> None:
        """Store a policy in place of the one of that name; raises ConcurrentModification when another one came first."""
        values = {"b_owner_id": owner_id, "b_name": name, "document": document}
        if self._connection.execute(_UPDATE, values).rowcount == 1:
            return
        try:
            self._connection.execute(t.insert(), {"owner_id": owner_id, "name": name, "document": document})
        except sa.exc.IntegrityError as error:
            raise ConcurrentModification from error

    def find(self, owner_id: str, name: str) -> str | None:
        """Return a policy's JSON text; None when there is none."""
        return self._connection.execute(_ONE, {"b_owner_id": owner_id, "b_name": name}).scalar_one_or_none()

    def list_names(self, owner_id: str, *, after: str = "", limit: int) -> list[str]:
        """Return up to `limit` names, in order, after the name given."""
        values = {"owner_id": owner_id, "after": after, "limit": limit}
        return list(self._connection.execute(_NAMES, values).scalars())

    def documents_beside(self, owner_id: str, name: str) -> list[str]:
        """Return the JSON texts of all policies but the named one."""
        return list(self._connection.execute(_BESIDE, {"owner_id": owner_id, "name": name}).scalars())

    def delete(self, owner_id: str, name: str) -> bool:
        """Delete a policy; False when there was none."""
        return self._connection.execute(_DELETE, {"b_owner_id": owner_id, "b_name": name}).rowcount == 1

    def find_grants(self, owner_id: str) -> Grants | None:
        """Return the policies and tags of a role or user; None when there is no such role or user."""
        query = _GRANTS_OF_ROLE if owner_id.startswith(ROLE_ID) else _GRANTS_OF_USER
        rows = self._connection.execute(query, {"owner_id": owner_id}).all()
        if not rows:
            return None
        policies = {name: document for _, name, document in rows if name is not None}
        return Grants(policies, rows[0][0])
