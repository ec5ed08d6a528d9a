"""User pools, their clients, groups, domains, resource servers and signing keys.

What only the API reads back is kept as a document in the API's own members (`settings`); what SQL must find has a column.
"""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Document, Moment, Ordered

user_pools = sa.Table(
    "user_pools",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("region", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("settings", Document, nullable=False),
    sa.Column("session_configuration", Document),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index(None, "account", "region", "id"),
)

clients = sa.Table(
    "clients",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("pool_id", sa.ForeignKey("user_pools.id", ondelete="CASCADE"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("settings", Document, nullable=False),
    sa.Column("sso_minutes", sa.Integer, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index(None, "pool_id", "id"),
)

client_secrets = sa.Table(
    "client_secrets",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("client_id", sa.ForeignKey("clients.id", ondelete="CASCADE"), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("value", sa.Text, nullable=False),  # sealed
    sa.Index(None, "client_id"),
)

groups = sa.Table(
    "groups",
    metadata,
    sa.Column("pool_id", sa.ForeignKey("user_pools.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", Ordered, primary_key=True),
    sa.Column("description", sa.Text),
    sa.Column("role_arn", sa.Text),
    sa.Column("precedence", sa.BigInteger),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)

domains = sa.Table(
    "domains",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("pool_id", sa.ForeignKey("user_pools.id"), nullable=False),
    sa.Column("managed_login_version", sa.Integer, nullable=False),
    sa.Column("certificate_arn", sa.Text),
    sa.Column("security_policy", sa.Text),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index(None, "pool_id"),
)

resource_servers = sa.Table(
    "resource_servers",
    metadata,
    sa.Column("pool_id", sa.ForeignKey("user_pools.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("identifier", Ordered, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("scopes", Document, nullable=False),
)

signing_keys = sa.Table(
    "signing_keys",
    metadata,
    sa.Column("kid", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, nullable=False),  # a user pool's id, or "identity-pools"
    sa.Column("use", sa.Text, nullable=False),  # "id", "access", "openid"
    sa.Column("private_key", sa.Text, nullable=False),  # PKCS #8 DER, sealed
    sa.Column("created_at", Moment, nullable=False),
    sa.UniqueConstraint("owner", "use"),
)
