"""The outbox: messages kept in the database for whoever develops against the server."""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Moment, RowId

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),
    sa.Column("account", sa.Text),  # whose pool it was, when the message was kept
    sa.Column("pool_id", sa.Text, nullable=False),
    sa.Column("username", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("medium", sa.Text, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("code", sa.Text),
    sa.Column("sent_at", Moment, nullable=False),
    sa.Index(None, "account", "id"),
    sa.Index(None, "recipient", "account", "id"),
    sa.Index(None, "username", "account", "id"),
)
