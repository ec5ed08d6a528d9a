"""Users and the names they go by: rows to `User` and back; SRP verifiers are sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from idp.domain.errors import ConcurrentModification, UsernameTaken
from idp.domain.user import Credentials, MfaPreference, User, UserStatus
from idp.store.sealing import Seals
from idp.store.tables.users import SEARCHED, user_aliases, users as t

PURPOSE = "srp-verifier"
UNIQUE = frozenset({"username", "sub"})
"""Columns in which no two users of a pool are alike."""

_BY_NAME = sa.select(t).where(t.c.pool_id == sa.bindparam("pool_id"), t.c.username == sa.bindparam("name"))
_BY_SUB = sa.select(t).where(t.c.pool_id == sa.bindparam("pool_id"), t.c.sub == sa.bindparam("sub"))
_FOUND_AS_USERNAME = _BY_NAME.with_only_columns(t.c.id).scalar_subquery()
_FOUND_AS_ALIAS = (
    sa.select(user_aliases.c.user_id)
    .where(user_aliases.c.pool_id == sa.bindparam("pool_id"), user_aliases.c.value == sa.bindparam("name"))
    .limit(1)
    .scalar_subquery()
)
_FOUND_AS_SUB = (
    sa.select(t.c.id).where(t.c.pool_id == sa.bindparam("pool_id"), t.c.sub == sa.bindparam("name")).scalar_subquery()
)
# What is found first is not looked for on.
_BY_ANY_NAME = sa.select(t).where(t.c.id == sa.func.coalesce(_FOUND_AS_USERNAME, _FOUND_AS_ALIAS, _FOUND_AS_SUB))
_BY_ALIAS = (
    sa.select(t, user_aliases.c.attribute.label("alias_attribute"))
    .join(user_aliases, user_aliases.c.user_id == t.c.id)
    .where(user_aliases.c.pool_id == sa.bindparam("pool_id"), user_aliases.c.value == sa.bindparam("name"))
)
_UPDATE = t.update().where(t.c.id == sa.bindparam("b_id"), t.c.version == sa.bindparam("b_version"))
_DELETE = t.delete().where(t.c.id == sa.bindparam("id"))
_SIGN_OUT = t.update().where(t.c.id == sa.bindparam("b_id")).values(signed_out_at=sa.bindparam("moment"))
_REPLACE_CREDENTIALS = (
    t.update()
    .where(t.c.id == sa.bindparam("b_id"), t.c.password_hash == sa.bindparam("b_hash"))
    .values(password_hash=sa.bindparam("renewed"), srp_salt=sa.bindparam("salt"), srp_verifier=sa.bindparam("verifier"))
)
_SET_ENABLED = (
    t.update()
    .where(t.c.id == sa.bindparam("b_id"))
    .values(enabled=sa.bindparam("is_enabled"), updated_at=sa.bindparam("moment"), version=t.c.version + 1)
)
_ALIAS_OWNER = sa.select(user_aliases.c.user_id).where(
    user_aliases.c.pool_id == sa.bindparam("pool_id"),
    user_aliases.c.attribute == sa.bindparam("attribute"),
    user_aliases.c.value == sa.bindparam("value"),
)
_ALIAS_OWNERS = sa.select(user_aliases.c.attribute, user_aliases.c.value, user_aliases.c.user_id).where(
    user_aliases.c.pool_id == sa.bindparam("pool_id"),
    user_aliases.c.value.in_(sa.bindparam("given", expanding=True)),
)
_ALIASES_OF = sa.select(user_aliases.c.attribute, user_aliases.c.value).where(
    user_aliases.c.user_id == sa.bindparam("user_id")
)
_DROP_ALIAS = user_aliases.delete().where(
    user_aliases.c.user_id == sa.bindparam("b_user_id"), user_aliases.c.attribute == sa.bindparam("b_attribute")
)


@dataclass(frozen=True, slots=True)
class UserFilter:
    """A parsed ListUsers filter.

    Attributes:
        column: `username`, `sub`, `status`, `enabled`, or a searched attribute's name.
        prefix: True for `^=`, False for `=`.
        value: compared as stored (folded for searched attributes).
    """

    column: str
    prefix: bool
    value: str | bool


class Users:
    """The stored users."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, user: User) -> User:
        """Store a new user.

        Returns:
            The user with its row id.

        Raises:
            UsernameTaken: another user of the pool has the name (also when both sign up at the same moment).
        """
        try:
            result = self._connection.execute(t.insert(), row_of_user(user, self._seals))
        except sa.exc.IntegrityError as error:
            raise UsernameTaken from error
        key = result.inserted_primary_key
        assert key is not None
        return replace(user, id=key[0])

    def find_by_username(self, pool_id: str, username: str) -> User | None:
        """Return the user of that folded username."""
        return self._one(_BY_NAME, {"pool_id": pool_id, "name": username})

    def find_by_sub(self, pool_id: str, sub: str) -> User | None:
        """Return the user of that subject."""
        return self._one(_BY_SUB, {"pool_id": pool_id, "sub": sub})

    def find_by_alias(self, pool_id: str, value: str) -> User | None:
        """Return the user whose alias has that folded value, whichever attribute it is."""
        return self._one(_BY_ALIAS, {"pool_id": pool_id, "name": value})

    def find(self, pool_id: str, name: str) -> User | None:
        """Return the user who goes by a folded name: username, else alias, else sub; by one query."""
        return self._one(_BY_ANY_NAME, {"pool_id": pool_id, "name": name})

    def save(self, user: User) -> User:
        """Store a changed user; raises ConcurrentModification when somebody saved them first."""
        saved = replace(user, version=user.version + 1)
        values = {"b_id": user.id, "b_version": user.version, **row_of_user(saved, self._seals)}
        if self._connection.execute(_UPDATE, values).rowcount == 0:
            raise ConcurrentModification
        return saved

    def set_enabled(self, user_id: int, *, is_enabled: bool, moment: datetime) -> None:
        """Enable or disable a user, whoever else saves them: a save of the older version is refused from then on."""
        self._connection.execute(_SET_ENABLED, {"b_id": user_id, "is_enabled": is_enabled, "moment": moment})

    def delete(self, user: User) -> None:
        """Delete a user with aliases, memberships, codes and sessions."""
        self._connection.execute(_DELETE, {"id": user.id})

    def replace_credentials(self, user: User, renewed: Credentials) -> None:
        """Keep other credentials of the same password; nothing happens when the password was changed meanwhile.

        Args:
            user: as read, with the credentials that are outdated.
        """
        assert user.credentials is not None
        values = {
            "b_id": user.id,
            "b_hash": user.credentials.password_hash,
            "renewed": renewed.password_hash,
            "salt": renewed.srp_salt,
            "verifier": _sealed_verifier(user.sub, renewed, self._seals),
        }
        self._connection.execute(_REPLACE_CREDENTIALS, values)

    def sign_out(self, user_id: int, moment: datetime) -> None:
        """Let all tokens that were issued to a user up to the moment be revoked."""
        self._connection.execute(_SIGN_OUT, {"b_id": user_id, "moment": moment})

    def find_alias_owner(self, pool_id: str, attribute: str, value: str) -> int | None:
        """Return the row id of the user who owns an alias."""
        found = {"pool_id": pool_id, "attribute": attribute, "value": value}
        return self._connection.execute(_ALIAS_OWNER, found).scalar_one_or_none()

    def find_alias_owners(self, pool_id: str, aliases: Mapping[str, str]) -> dict[str, int]:
        """Return attribute -> row id of the user who owns its value, for those of some aliases that have an owner.

        Args:
            aliases: attribute -> folded value.
        """
        if not aliases:
            return {}
        rows = self._connection.execute(_ALIAS_OWNERS, {"pool_id": pool_id, "given": list(aliases.values())})
        return {row.attribute: row.user_id for row in rows if aliases.get(row.attribute) == row.value}

    def claim_alias(self, user: User, attribute: str, value: str) -> bool:
        """Give the user an alias in place of their older one of that attribute.

        Returns:
            False, and nothing changed, when another user owns it.
        """
        owner = self.find_alias_owner(user.pool_id, attribute, value)
        if owner is not None:
            return owner == user.id
        self.release_alias(user.id, attribute)
        row = {"pool_id": user.pool_id, "attribute": attribute, "value": value, "user_id": user.id}
        try:
            with self._connection.begin_nested():
                self._connection.execute(user_aliases.insert(), row)
        except sa.exc.IntegrityError:
            return False
        return True

    def release_alias(self, user_id: int, attribute: str) -> None:
        """Take the alias of an attribute from a user."""
        self._connection.execute(_DROP_ALIAS, {"b_user_id": user_id, "b_attribute": attribute})

    def aliases_of(self, user: User) -> dict[str, str]:
        """Return attribute -> folded value of the aliases a user owns."""
        rows = self._connection.execute(_ALIASES_OF, {"user_id": user.id})
        return {row.attribute: row.value for row in rows}

    def list_page(
        self, pool_id: str, *, filtered: UserFilter | None, after: tuple[str, int] | None, limit: int
    ) -> list[User]:
        """Return up to `limit` users in the order of the index the filter uses.

        Args:
            after: (value of the filter's column, row id) of the last user of the page before; for an unfiltered or
                equality listing only the row id counts.
        """
        query = sa.select(t).where(t.c.pool_id == pool_id)
        if filtered is not None and filtered.prefix:
            return self._prefix_page(query, filtered, after=after, limit=limit)
        if filtered is not None:
            query = query.where(column_of(filtered.column) == filtered.value)
        return self._page(query.where(t.c.id > (after[1] if after else 0)).order_by(t.c.id), limit)

    def _prefix_page(
        self, query: sa.Select[Any], filtered: UserFilter, *, after: tuple[str, int] | None, limit: int
    ) -> list[User]:
        """Return a page in the order of the column: the rest of those who share the last value, then those above it.

        Each query is one range of the index; a comparison of both columns at once SQLite would answer by a walk.
        """
        column, prefix = column_of(filtered.column), str(filtered.value)
        following = successor(prefix)
        if following is not None:
            query = query.where(column < following)
        if filtered.column in UNIQUE:
            rest = column >= prefix if after is None else column > after[0]
            return self._page(query.where(rest).order_by(column), limit)
        if after is None:
            return self._page(query.where(column >= prefix).order_by(column, t.c.id), limit)
        value, row_id = after
        page = self._page(query.where(column == value, t.c.id > row_id).order_by(t.c.id), limit)
        if len(page) == limit:
            return page
        return page + self._page(query.where(column > value).order_by(column, t.c.id), limit - len(page))

    def _page(self, query: sa.Select[Any], limit: int) -> list[User]:
        return [self._user(row) for row in self._connection.execute(query.limit(limit)).mappings()]

    def _one(self, query: sa.Select[Any], values: dict[str, Any]) -> User | None:
        row = self._connection.execute(query, values).mappings().first()
        return None if row is None else self._user(row)

    def _user(self, row: sa.RowMapping) -> User:
        return user_of_row(row, self._seals)


_PLAIN = (
    "pool_id", "username", "sub", "status", "enabled", "attributes", "temporary_until", "signed_out_at",
    "created_at", "updated_at", "version",
)  # fmt: skip


def row_of_user(user: User, seals: Seals) -> dict[str, Any]:
    """Return a user's row."""
    credentials = user.credentials
    row: dict[str, Any] = {name: getattr(user, name) for name in _PLAIN}
    row["password_hash"] = credentials.password_hash if credentials else None
    row["srp_salt"] = credentials.srp_salt if credentials else None
    row["srp_verifier"] = _sealed_verifier(user.sub, credentials, seals)
    row["mfa"] = _preference_document(user.mfa)
    row |= {f"searched_{name}": folded(user.attributes.get(name)) for name in SEARCHED}
    if user.id:
        row["id"] = user.id
    return row


def user_of_row(row: sa.RowMapping, seals: Seals) -> User:
    """Return the user of a row that holds all columns of the table."""
    credentials = None
    if row["password_hash"] is not None:
        sealed = row["srp_verifier"]
        verifier = None if sealed is None else seals.open(PURPOSE, sealed, context=row["sub"].encode()).decode()
        credentials = Credentials(row["password_hash"], row["srp_salt"], verifier)
    plain = {name: row[name] for name in _PLAIN}
    plain |= {"status": UserStatus(row["status"]), "mfa": _preference(row["mfa"])}
    return User(**plain, id=row["id"], credentials=credentials)


def _sealed_verifier(sub: str, credentials: Credentials | None, seals: Seals) -> str | None:
    if credentials is None or credentials.srp_verifier is None:
        return None
    return seals.seal(PURPOSE, credentials.srp_verifier.encode(), context=sub.encode())


def _preference(document: dict[str, Any] | None) -> MfaPreference:
    if document is None:
        return MfaPreference()
    return MfaPreference(**{**document, "enabled": frozenset(document["enabled"])})


def _preference_document(preference: MfaPreference) -> dict[str, Any] | None:
    if preference == MfaPreference():
        return None
    return {**asdict(preference), "enabled": sorted(preference.enabled)}


def folded(value: str | None) -> str | None:
    """Return a searched attribute's value as it is compared: ListUsers filters ignore case (spec section 2.14)."""
    return None if value is None else value.lower()


def column_of(name: str) -> sa.Column[Any]:
    """Return the column a filter looks in."""
    return t.c[f"searched_{name}"] if name in SEARCHED else t.c[name]


def search_value(user: User, column: str) -> str:
    """Return what the column holds of a user: the place where a prefix listing goes on."""
    return folded(user.attributes.get(column)) or "" if column in SEARCHED else str(getattr(user, column))


def successor(prefix: str) -> str | None:
    """Return the least text above every text that begins with the prefix; None when there is none."""
    stripped = prefix.rstrip("\U0010ffff")
    if not stripped:
        return None
    following = ord(stripped[-1]) + 1
    return stripped[:-1] + chr(0xE000 if 0xD800 <= following <= 0xDFFF else following)
