"""The foundation's tables."""

from alembic import op

from idp.store.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply the migration."""
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    """Undo the migration."""
    metadata.drop_all(op.get_bind())
