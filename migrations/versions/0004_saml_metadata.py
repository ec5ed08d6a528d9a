"""When a provider's SAML metadata is to be read again."""

import sqlalchemy as sa
from alembic import op

from idp.store.types import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply the migration; whatever was read before is due, if it has an address."""
    op.add_column("identity_providers", sa.Column("metadata_due_at", Moment(), nullable=True))
    op.execute("UPDATE identity_providers SET metadata_due_at = created_at WHERE metadata IS NOT NULL")
    op.create_index(op.f("ix_identity_providers_metadata_due_at"), "identity_providers", ["metadata_due_at"])


def downgrade() -> None:
    """Undo the migration."""
    op.drop_index(op.f("ix_identity_providers_metadata_due_at"), table_name="identity_providers")
    op.drop_column("identity_providers", "metadata_due_at")
