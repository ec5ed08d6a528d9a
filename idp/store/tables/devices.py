"""Devices that users confirmed, and sign-ins that wait for one to prove itself."""

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

device_sign_ins = sa.Table(
    "device_sign_ins",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("client_id", sa.ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("device_key", sa.Text, primary_key=True),
    sa.Column("sign_in_session", sa.Text, nullable=False),  # sealed
    sa.Column("expires_at", Moment, nullable=False),
    sa.Index(None, "client_id"),
    sa.Index(None, "expires_at"),
)
