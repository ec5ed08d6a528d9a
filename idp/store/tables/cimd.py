"""Clients by metadata document: the policies of pools, and the URLs that were seen."""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Document, Moment, Ordered

cimd_policies = sa.Table(
    "cimd_policies",
    metadata,
    sa.Column("id", Ordered, primary_key=True),
    sa.Column("pool_id", sa.ForeignKey("user_pools.id", ondelete="CASCADE"), nullable=False),
    sa.Column("client_id", sa.ForeignKey("clients.id", ondelete="SET NULL")),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("cache_s", sa.Integer, nullable=False),
    sa.Column("url_patterns", Document, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Index(None, "pool_id", "id"),
    sa.Index(None, "client_id"),
)

client_metadata_urls = sa.Table(
    "client_metadata_urls",
    metadata,
    sa.Column("policy_id", sa.ForeignKey("cimd_policies.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("url", Ordered, primary_key=True),
    sa.Column("client_id", sa.Text, nullable=False),  # the URL as the client spells it
    sa.Column("document", sa.Text),  # as it was retrieved
    sa.Column("cached_at", Moment),
    sa.Column("expires_at", Moment),
)
