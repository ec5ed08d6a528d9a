"""The newest runs of triggers, for whoever develops or debugs them."""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Moment, RowId

trigger_invocations = sa.Table(
    "trigger_invocations",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),
    sa.Column("pool_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("function", sa.Text, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("duration_ms", sa.Float, nullable=False),
    sa.Column("sealed_content", sa.Text, nullable=False),  # event, answer and error: they tell of people
    sa.Index(None, "pool_id", "id"),
)
