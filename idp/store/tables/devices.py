"""Devices that users confirmed."""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Moment, Ordered

devices = sa.Table(
    "devices",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("key", Ordered, primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("is_remembered", sa.Boolean, nullable=False),
    sa.Column("salt", sa.Text),
    sa.Column("verifier", sa.Text),  # sealed
    sa.Column("last_source", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("authenticated_at", Moment, nullable=False),
)
