"""Lambda functions: how each runs, and its deployment package."""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Document, Moment, Ordered

functions = sa.Table(
    "functions",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("region", sa.Text, primary_key=True),
    sa.Column("name", Ordered, primary_key=True),
    sa.Column("runtime", sa.Text, nullable=False),
    sa.Column("handler", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("timeout_s", sa.Integer, nullable=False),
    sa.Column("memory_mb", sa.Integer, nullable=False),
    sa.Column("environment", sa.Text),  # sealed JSON: people keep secrets in it
    sa.Column("tags", Document, nullable=False),
    sa.Column("code_sha256", sa.Text, nullable=False),
    sa.Column("code_size", sa.Integer, nullable=False),
    sa.Column("code", sa.LargeBinary, nullable=False),
    sa.Column("revision_id", sa.Text, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)
