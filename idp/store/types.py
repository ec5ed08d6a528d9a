"""Column types shared by all tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

MICROSECONDS = 1_000_000


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware UTC datetime, stored as whole microseconds since the epoch: same bytes and same order everywhere."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002
        """Turn an aware datetime into microseconds."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a Moment must be aware")
        delta = value - _EPOCH
        return (delta.days * 86_400 + delta.seconds) * MICROSECONDS + delta.microseconds

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Turn microseconds into an aware UTC datetime."""
        if value is None:
            return None
        seconds, microseconds = divmod(value, MICROSECONDS)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)


class Document(sa.types.TypeDecorator[Any]):
    """A JSON document, stored as UTF-8 text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        """Write JSON."""
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:  # noqa: ARG002
        """Read JSON."""
        return None if value is None else orjson.loads(value)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Bytewise order on both databases, so that a prefix search is a range of the index.
Ordered = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
# A 64-bit key that SQLite assigns too (its rowid is typed INTEGER).
RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
