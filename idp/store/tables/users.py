"""Users of user pools: names, memberships, sessions, refresh tokens.

Searchable attributes have a folded copy in a column of their own, each with a partial index, so that ListUsers costs the
same in a pool of a hundred users and of a hundred thousand.
"""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Document, Moment, Ordered, RowId

SEARCHED = ("email", "phone_number", "name", "given_name", "family_name", "preferred_username")

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),
    sa.Column("pool_id", sa.ForeignKey("user_pools.id", ondelete="CASCADE"), nullable=False),
    sa.Column("username", Ordered, nullable=False),
    sa.Column("sub", Ordered, nullable=False),
    sa.Column("status", Ordered, nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("attributes", Document, nullable=False),
    sa.Column("password_hash", sa.Text),
    sa.Column("srp_salt", sa.Text),
    sa.Column("srp_verifier", sa.Text),  # sealed
    sa.Column("temporary_until", Moment),
    sa.Column("signed_out_at", Moment),
    sa.Column("mfa", Document),  # {"enabled", "preferred", "with_passkeys"}; null for a user without preference
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    *(sa.Column(f"searched_{name}", Ordered) for name in SEARCHED),
    sa.UniqueConstraint("pool_id", "username"),
    sa.UniqueConstraint("pool_id", "sub"),
    sa.Index(None, "pool_id", "id"),
    sa.Index(None, "pool_id", "status", "id"),
    sa.Index(None, "pool_id", "enabled", "id"),
    *(
        sa.Index(
            f"ix_users_searched_{name}",
            "pool_id",
            f"searched_{name}",
            "id",
            sqlite_where=sa.text(f"searched_{name} IS NOT NULL"),
            postgresql_where=sa.text(f"searched_{name} IS NOT NULL"),
        )
        for name in SEARCHED
    ),
)

user_aliases = sa.Table(
    "user_aliases",
    metadata,
    sa.Column("pool_id", sa.Text, primary_key=True),
    sa.Column("value", Ordered, primary_key=True),
    sa.Column("attribute", sa.Text, primary_key=True),
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    sa.Index(None, "user_id"),
)

group_members = sa.Table(
    "group_members",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("pool_id", sa.Text, primary_key=True),
    sa.Column("group_name", Ordered, primary_key=True),
    sa.ForeignKeyConstraint(["pool_id", "group_name"], ["groups.pool_id", "groups.name"], ondelete="CASCADE"),
    sa.Index(None, "pool_id", "group_name", "user_id"),
)

user_sessions = sa.Table(
    "user_sessions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # origin_jti
    sa.Column("pool_id", sa.Text, nullable=False),
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    sa.Column("client_id", sa.ForeignKey("clients.id", ondelete="CASCADE"), nullable=False),
    sa.Column("client_url", sa.Text),  # what a client by metadata document is known by
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("hosted", sa.Boolean, nullable=False),  # begun at the token endpoint
    sa.Column("device_key", sa.Text),
    sa.Column("nonce", sa.Text),
    sa.Column("authenticated_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
    sa.Column("active_at", Moment),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("device_name", sa.Text, nullable=False),
    sa.Column("browser_digest", sa.Text),
    sa.Index(None, "user_id"),
    sa.Index(None, "client_id"),
    sa.Index(None, "expires_at"),
    # Of a user who signs in often, nearly all sessions were ended to make room.
    sa.Index(
        "ix_user_sessions_unrevoked",
        "user_id",
        "active_at",
        "id",
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    ),
)

refresh_tokens = sa.Table(
    "refresh_tokens",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),  # SHA-256 of the token, hex
    sa.Column("session_id", sa.ForeignKey("user_sessions.id", ondelete="CASCADE"), nullable=False),
    sa.Column("spent_at", Moment),
    sa.Index(None, "session_id"),
)

software_tokens = sa.Table(
    "software_tokens",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("secret", sa.Text),  # sealed; null until a code of it was given
    sa.Column("last_step", sa.BigInteger, nullable=False),  # time step of the last code that was taken
    sa.Column("friendly_name", sa.Text),
    sa.Column("pending_secret", sa.Text),  # sealed; waits for a code
)

password_history = sa.Table(
    "password_history",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),  # the newest is the highest
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Index(None, "user_id", "id"),
)
