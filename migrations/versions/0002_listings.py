"""Indexes for listings that walked tables, the outbox by account, and bytewise order of what is searched by prefix."""

import sqlalchemy as sa
from alembic import op

from idp.store.types import Ordered

revision = "0002"
down_revision = "0001"

BYTEWISE = (("users", "status"), ("roles", "path"), ("iam_users", "path"))
ADDED = {
    "ix_roles_account_path_name": ("roles", ["account", "path", "name"]),
    "ix_iam_users_account_path_name": ("iam_users", ["account", "path", "name"]),
    "ix_identities_pool_id_disabled_id": ("identities", ["pool_id", "disabled", "id"]),
    "ix_browser_sessions_user_id_active_at_digest": ("browser_sessions", ["user_id", "active_at", "digest"]),
    "ix_outbox_account_id": ("outbox", ["account", "id"]),
    "ix_outbox_recipient_account_id": ("outbox", ["recipient", "account", "id"]),
    "ix_outbox_username_account_id": ("outbox", ["username", "account", "id"]),
}
REPLACED = {
    "ix_browser_sessions_user_id": ("browser_sessions", ["user_id"]),
    "ix_outbox_recipient_id": ("outbox", ["recipient", "id"]),
    "ix_outbox_username_id": ("outbox", ["username", "id"]),
}
UNREVOKED = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    """Apply the migration."""
    _type_columns(Ordered)
    op.add_column("outbox", sa.Column("account", sa.Text(), nullable=True))
    op.execute("UPDATE outbox SET account = (SELECT account FROM user_pools WHERE user_pools.id = outbox.pool_id)")
    for name, (table, columns) in ADDED.items():
        op.create_index(name, table, columns)
    op.create_index(
        "ix_user_sessions_unrevoked",
        "user_sessions",
        ["user_id", "active_at", "id"],
        sqlite_where=UNREVOKED,
        postgresql_where=UNREVOKED,
    )
    for name, (table, _) in REPLACED.items():
        op.drop_index(name, table_name=table)


def downgrade() -> None:
    """Undo the migration."""
    for name, (table, columns) in REPLACED.items():
        op.create_index(name, table, columns)
    op.drop_index("ix_user_sessions_unrevoked", table_name="user_sessions")
    for name, (table, _) in ADDED.items():
        op.drop_index(name, table_name=table)
    op.drop_column("outbox", "account")
    _type_columns(sa.Text())


def _type_columns(type_: sa.types.TypeEngine[str]) -> None:
    """Change the collation of columns; SQLite compares bytes whatever the type says."""
    if op.get_context().dialect.name == "postgresql":
        for table, column in BYTEWISE:
            op.alter_column(table, column, type_=type_, existing_nullable=False)
