"""Upstream identity providers of user pools, and which of their identities are whose."""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Document, Moment, Ordered

identity_providers = sa.Table(
    "identity_providers",
    metadata,
    sa.Column("pool_id", sa.ForeignKey("user_pools.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", Ordered, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("details", sa.Text, nullable=False),  # sealed JSON: secrets of ours at the provider are among them
    sa.Column("metadata", sa.Text),  # the SAML metadata document that was read last
    sa.Column("attribute_mapping", Document, nullable=False),
    sa.Column("acr_mapping", Document, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("metadata_due_at", Moment),  # when the document is read again; null where it has no address
    sa.Index(None, "metadata_due_at"),
)

identity_provider_identifiers = sa.Table(
    "identity_provider_identifiers",
    metadata,
    sa.Column("pool_id", sa.Text, primary_key=True),
    sa.Column("identifier", sa.Text, primary_key=True),
    sa.Column("provider_name", Ordered, nullable=False),
    sa.ForeignKeyConstraint(
        ["pool_id", "provider_name"], ["identity_providers.pool_id", "identity_providers.name"], ondelete="CASCADE"
    ),
    sa.Index(None, "pool_id", "provider_name"),
)

linked_identities = sa.Table(
    "linked_identities",
    metadata,
    sa.Column("pool_id", sa.Text, primary_key=True),
    sa.Column("provider_name", Ordered, primary_key=True),  # may outlive its provider, as the users do
    sa.Column("attribute", sa.Text, primary_key=True),  # Cognito_Subject, or a mapped attribute of the pool
    sa.Column("value", sa.Text, primary_key=True),
    sa.Column("provider_type", sa.Text, nullable=False),
    sa.Column("issuer", sa.Text),
    sa.Column("is_primary", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    sa.Index(None, "user_id"),
)
