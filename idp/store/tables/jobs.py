"""Work outside requests: who does it, and the imports of users with their files and reports."""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Moment, RowId

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("done_at", Moment),  # when its work was last finished
)

_IS_RUNNING = sa.text("status IN ('Pending', 'InProgress', 'Stopping')")

user_import_jobs = sa.Table(
    "user_import_jobs",
    metadata,
    sa.Column("number", RowId, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("pool_id", sa.ForeignKey("user_pools.id", ondelete="CASCADE"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role_arn", sa.Text, nullable=False),
    sa.Column("hashing_algorithm", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("started_at", Moment),
    sa.Column("completed_at", Moment),
    sa.Column("completion_message", sa.Text),
    sa.Column("upload_id", sa.Text),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("imported", sa.Integer, nullable=False),
    sa.Column("skipped", sa.Integer, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("crashes", sa.Integer, nullable=False),
    sa.Index(None, "pool_id", "number"),
    sa.Index(None, "status", "created_at"),
    # A pool has one running job.
    sa.Index(
        "uq_user_import_jobs_running",
        "pool_id",
        unique=True,
        sqlite_where=_IS_RUNNING,
        postgresql_where=_IS_RUNNING,
    ),
)

user_import_chunks = sa.Table(
    "user_import_chunks",
    metadata,
    sa.Column("upload_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),  # from 0; all but the last are equally long
    sa.Column("job_id", sa.ForeignKey("user_import_jobs.id", ondelete="CASCADE"), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Index(None, "job_id"),
)

user_import_lines = sa.Table(
    "user_import_lines",
    metadata,
    sa.Column("job_id", sa.ForeignKey("user_import_jobs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
