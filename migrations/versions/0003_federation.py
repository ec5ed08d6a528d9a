"""Round trips to upstream providers, and which provider a browser's user signed in by."""

import sqlalchemy as sa
from alembic import op

from idp.store.types import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply the migration."""
    op.create_table(
        "upstream_requests",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("browser_digest", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["user_pools.id"], name=op.f("fk_upstream_requests_pool_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_upstream_requests")),
    )
    op.create_index(op.f("ix_upstream_requests_expires_at"), "upstream_requests", ["expires_at"], unique=False)
    op.add_column("browser_sessions", sa.Column("identity_provider", sa.Text(), nullable=True))
    op.add_column("browser_sessions", sa.Column("upstream_session", sa.Text(), nullable=True))


def downgrade() -> None:
    """Undo the migration."""
    op.drop_column("browser_sessions", "upstream_session")
    op.drop_column("browser_sessions", "identity_provider")
    op.drop_index(op.f("ix_upstream_requests_expires_at"), table_name="upstream_requests")
    op.drop_table("upstream_requests")
