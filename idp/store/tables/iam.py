"""IAM and identity pools: roles, users, access keys, pools, identities."""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Document, Moment, Ordered

roles = sa.Table(
    "roles",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("name", Ordered, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("path", Ordered, nullable=False),
    sa.Column("description", sa.Text),
    sa.Column("trust_policy", sa.Text, nullable=False),
    sa.Column("max_session_s", sa.Integer, nullable=False),
    sa.Column("tags", Document, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index(None, "account", "path", "name"),
)

iam_users = sa.Table(
    "iam_users",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("name", Ordered, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("path", Ordered, nullable=False),
    sa.Column("tags", Document, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index(None, "account", "path", "name"),
)

inline_policies = sa.Table(
    "inline_policies",
    metadata,
    sa.Column("owner_id", sa.Text, primary_key=True),  # a role's (AROA…) or a user's (AIDA…): never used again
    sa.Column("name", Ordered, primary_key=True),
    sa.Column("document", sa.Text, nullable=False),
)

access_keys = sa.Table(
    "access_keys",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("user_id", sa.ForeignKey("iam_users.id", ondelete="CASCADE")),  # None: the account's root
    sa.Column("secret", sa.Text, nullable=False),  # sealed
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index(None, "account", "user_id", "id"),
)

identity_pools = sa.Table(
    "identity_pools",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("region", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("settings", Document, nullable=False),
    sa.Column("roles", Document, nullable=False),
    sa.Column("role_mappings", Document, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index(None, "account", "region", "id"),
)

identities = sa.Table(
    "identities",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("pool_id", sa.ForeignKey("identity_pools.id", ondelete="CASCADE"), nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Index(None, "pool_id", "id"),
    sa.Index(None, "pool_id", "disabled", "id"),
)

identity_logins = sa.Table(
    "identity_logins",
    metadata,
    sa.Column("pool_id", sa.Text, primary_key=True),
    sa.Column("provider", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("identity_id", sa.ForeignKey("identities.id", ondelete="CASCADE"), nullable=False),
    sa.Index(None, "identity_id"),
)
