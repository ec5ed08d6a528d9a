"""The browser flow's one-time things: authorization codes and browser sessions."""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Document, Moment

authorization_codes = sa.Table(
    "authorization_codes",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),  # SHA-256 of the code, hex
    sa.Column("client_id", sa.ForeignKey("clients.id", ondelete="CASCADE"), nullable=False),
    sa.Column("client_url", sa.Text),  # what a client by metadata document is known by
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    sa.Column("redirect_uri", sa.Text, nullable=False),
    sa.Column("code_challenge", sa.Text),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("nonce", sa.Text),
    sa.Column("authenticated_at", Moment, nullable=False),
    sa.Column("browser_digest", sa.Text),  # of the browser session that asked for it
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("spent_at", Moment),
    sa.Column("session_id", sa.Text),  # the user session its exchange began: revoked when the code comes back
    sa.Column("replayed_at", Moment),  # when the spent code came back
    sa.Index(None, "expires_at"),
)

browser_sessions = sa.Table(
    "browser_sessions",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),  # SHA-256 of the cookie, hex
    sa.Column("pool_id", sa.ForeignKey("user_pools.id", ondelete="CASCADE"), nullable=False),
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE")),
    sa.Column("state", Document, nullable=False),
    sa.Column("authenticated_at", Moment),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("client_id", sa.Text),  # where the user signed in
    sa.Column("is_fresh", sa.Boolean, nullable=False),  # no answer was given for it yet
    sa.Column("active_at", Moment),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("device_name", sa.Text, nullable=False),
    sa.Column("identity_provider", sa.Text),  # by which the user signed in
    sa.Column("upstream_session", sa.Text),  # sealed JSON: what a SAML provider calls the user and the session
    sa.Index(None, "expires_at"),
    sa.Index(None, "user_id", "active_at", "digest"),
)
