"""What may be used once or a few times: codes, spent tickets, failed attempts."""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Moment

confirmation_codes = sa.Table(
    "confirmation_codes",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("purpose", sa.Text, primary_key=True),
    sa.Column("mac", sa.Text, nullable=False),  # keyed, so that a stolen database does not give the six digits
    sa.Column("attribute", sa.Text, nullable=False),
    sa.Column("pending_value", sa.Text),  # the attribute's new value, which waits for the code
    sa.Column("expires_at", Moment, nullable=False),
)

spent_tickets = sa.Table(
    "spent_tickets",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Index(None, "expires_at"),
)

kept_sessions = sa.Table(
    "kept_sessions",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Index(None, "expires_at"),
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("pool_id", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("first_at", Moment, nullable=False),
    sa.Column("last_at", Moment, nullable=False),
)
