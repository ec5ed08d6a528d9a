"""Round trips of browsers to upstream providers."""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Moment

upstream_requests = sa.Table(
    "upstream_requests",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),  # SHA-256 of the state, hex
    sa.Column("pool_id", sa.ForeignKey("user_pools.id", ondelete="CASCADE"), nullable=False),
    sa.Column("browser_digest", sa.Text, nullable=False),  # SHA-256 of the cookie, hex
    sa.Column("request", sa.Text, nullable=False),  # sealed JSON: the client's request, nonce and code_verifier
    sa.Column("answer", sa.Text),  # sealed JSON: what the provider said by a POST, until the browser comes for it
    sa.Column("expires_at", Moment, nullable=False),
    sa.Index(None, "expires_at"),
)
