"""What a pool's pages look like and link to, and where its logs go: styles, classic customization, terms."""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Document, Moment

ui_customizations = sa.Table(
    "ui_customizations",
    metadata,
    sa.Column("pool_id", sa.ForeignKey("user_pools.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("client_id", sa.Text, primary_key=True),  # or ALL: for clients without one of their own
    sa.Column("css", sa.Text),
    sa.Column("image", sa.LargeBinary),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)

managed_login_brandings = sa.Table(
    "managed_login_brandings",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("pool_id", sa.ForeignKey("user_pools.id", ondelete="CASCADE"), nullable=False),
    sa.Column("client_id", sa.ForeignKey("clients.id", ondelete="CASCADE"), nullable=False, unique=True),
    sa.Column("uses_provided_values", sa.Boolean, nullable=False),
    sa.Column("settings", Document, nullable=False),
    sa.Column("assets", Document, nullable=False),  # bytes in Base64
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index(None, "pool_id"),
)

terms = sa.Table(
    "terms",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("pool_id", sa.ForeignKey("user_pools.id", ondelete="CASCADE"), nullable=False),
    sa.Column("client_id", sa.ForeignKey("clients.id", ondelete="CASCADE"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("links", Document, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.UniqueConstraint("client_id", "name"),
    sa.Index(None, "pool_id", "id"),
)

log_deliveries = sa.Table(
    "log_deliveries",
    metadata,
    sa.Column("pool_id", sa.ForeignKey("user_pools.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("configurations", Document, nullable=False),
)
