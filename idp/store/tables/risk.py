"""Threat protection: its configuration, and what happened to users."""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Document, Moment

risk_configurations = sa.Table(
    "risk_configurations",
    metadata,
    sa.Column("pool_id", sa.ForeignKey("user_pools.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("client_id", sa.Text, primary_key=True),  # empty: of all clients that have none of their own
    sa.Column("document", Document, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)

auth_events = sa.Table(
    "auth_events",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    sa.Column("client_id", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("response", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("device_name", sa.Text, nullable=False),
    sa.Column("risk", Document, nullable=False),
    sa.Column("challenges", Document),
    sa.Column("feedback", Document),
    sa.Index(None, "user_id", "created_at", "id"),
    sa.Index(None, "created_at"),
)
