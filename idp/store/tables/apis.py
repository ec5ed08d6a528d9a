"""APIs that were deployed to the gateway."""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Document, Moment

rest_apis = sa.Table(
    "rest_apis",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("region", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("document", Document, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("deployed_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
