"""Jobs that import users: rows to `UserImportJob` and back, and their reports.

Every change of a job's state is one conditional UPDATE, so that of a stop, a start and the worker each is seen by the
others.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from idp.domain.user_import import (
    RUNNING,
    STOPPABLE,
    ImportProgress,
    ImportStatus,
    LineOutcome,
    ReportedLine,
    UserImportJob,
)
from idp.store.tables.jobs import user_import_jobs as t, user_import_lines as lines

_PROGRESS = ("position", "line", "imported", "skipped", "failed")
_PLAIN = (
    "id", "pool_id", "name", "role_arn", "hashing_algorithm", "status", "created_at", "started_at", "completed_at",
    "completion_message", "upload_id", "crashes",
)  # fmt: skip

_BY_ID = sa.select(t).where(t.c.id == sa.bindparam("id"))
_PAGE = (
    sa.select(t)
    .where(t.c.pool_id == sa.bindparam("pool_id"), t.c.number < sa.bindparam("before"))
    .order_by(t.c.number.desc())
    .limit(sa.bindparam("limit"))
)
_COUNT = sa.select(sa.func.count()).select_from(t).where(t.c.pool_id == sa.bindparam("pool_id"))
_RUNNING = sa.select(t).where(t.c.status.in_(RUNNING)).order_by(t.c.number)
_IS_RUNNING = sa.select(t.c.number).where(t.c.pool_id == sa.bindparam("pool_id"), t.c.status.in_(RUNNING)).limit(1)
_THIS = t.c.id == sa.bindparam("b_id")
_SET_UPLOAD = t.update().where(_THIS, t.c.status == ImportStatus.CREATED).values(upload_id=sa.bindparam("upload"))
_START = (
    t.update()
    .where(_THIS, t.c.status == ImportStatus.CREATED)
    .values(status=ImportStatus.PENDING, started_at=sa.bindparam("moment"))
)
_BEGIN = t.update().where(_THIS, t.c.status == ImportStatus.PENDING).values(status=ImportStatus.IN_PROGRESS)
_STOP = t.update().where(_THIS, t.c.status.in_(STOPPABLE)).values(status=ImportStatus.STOPPING)
_ADVANCE = t.update().where(_THIS, t.c.status.in_(RUNNING), t.c.position == sa.bindparam("b_position"))
_FINISH = t.update().where(_THIS, t.c.status == sa.bindparam("b_status"))
_COUNT_CRASH = t.update().where(_THIS).values(crashes=t.c.crashes + 1)
_UNSTARTED = sa.select(t.c.id).where(
    t.c.status == ImportStatus.CREATED, t.c.created_at <= sa.bindparam("created_before")
)
_REPORT = (
    sa.select(lines.c.line, lines.c.outcome, lines.c.reason)
    .where(lines.c.job_id == sa.bindparam("job_id"), lines.c.line > sa.bindparam("after"))
    .order_by(lines.c.line)
    .limit(sa.bindparam("limit"))
)


class UserImports:
    """The stored jobs."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, job: UserImportJob) -> None:
        """Store a new job."""
        row = {name: getattr(job, name) for name in _PLAIN}
        self._connection.execute(t.insert(), row | {name: getattr(job.progress, name) for name in _PROGRESS})

    def find(self, job_id: str) -> UserImportJob | None:
        """Return the job; None when there is none."""
        row = self._connection.execute(_BY_ID, {"id": job_id}).mappings().first()
        return None if row is None else _job(row)

    def list_page(self, pool_id: str, *, before: int, limit: int) -> list[UserImportJob]:
        """Return up to `limit` jobs of a pool, newest first, before the number given."""
        values: dict[str, Any] = {"pool_id": pool_id, "before": before, "limit": limit}
        return [_job(row) for row in self._connection.execute(_PAGE, values).mappings()]

    def count(self, pool_id: str) -> int:
        """Return how many jobs a pool has."""
        return self._connection.execute(_COUNT, {"pool_id": pool_id}).scalar_one()

    def list_running(self) -> list[UserImportJob]:
        """Return the jobs that a worker has to do with, the oldest first."""
        return [_job(row) for row in self._connection.execute(_RUNNING).mappings()]

    def has_running(self, pool_id: str) -> bool:
        """Say whether users are being imported into a pool."""
        return self._connection.execute(_IS_RUNNING, {"pool_id": pool_id}).first() is not None

    def set_upload(self, job_id: str, upload_id: str) -> bool:
        """Let a file be the one that counts; False when the job was started meanwhile."""
        return self._connection.execute(_SET_UPLOAD, {"b_id": job_id, "upload": upload_id}).rowcount == 1

    def start(self, job_id: str, moment: datetime) -> bool:
        """Let a new job wait for a worker; False when it is not new, or another one of the pool is running."""
        try:
            with self._connection.begin_nested():
                return self._connection.execute(_START, {"b_id": job_id, "moment": moment}).rowcount == 1
        except sa.exc.IntegrityError:
            return False

    def begin(self, job_id: str) -> None:
        """Let a job that waits be in progress."""
        self._connection.execute(_BEGIN, {"b_id": job_id})

    def stop(self, job_id: str) -> bool:
        """Ask the worker to stop; False when the job does not run."""
        return self._connection.execute(_STOP, {"b_id": job_id}).rowcount == 1

    def advance(self, job: UserImportJob, progress: ImportProgress, reported: Sequence[ReportedLine]) -> bool:
        """Store how far a job has come, and what to report.

        Args:
            job: as it was before.

        Returns:
            False, and nothing stored, when it is no longer there: deleted, finished, or worked on by somebody else.
        """
        values = {name: getattr(progress, name) for name in _PROGRESS}
        key = {"b_id": job.id, "b_position": job.progress.position}
        if self._connection.execute(_ADVANCE.values(**values, crashes=0), key).rowcount == 0:
            return False
        rows = [
            {"job_id": job.id, "line": each.line, "outcome": each.outcome, "reason": each.reason} for each in reported
        ]
        if rows:
            self._connection.execute(lines.insert(), rows)
        return True

    def finish(self, job_id: str, status: ImportStatus, message: str, moment: datetime, *, was: ImportStatus) -> bool:
        """End a job; False when its status is not what it was any more."""
        values = {"status": status, "completion_message": message, "completed_at": moment}
        return self._connection.execute(_FINISH.values(**values), {"b_id": job_id, "b_status": was}).rowcount == 1

    def count_crash(self, job_id: str) -> None:
        """Count that a job was interrupted where it stands."""
        self._connection.execute(_COUNT_CRASH, {"b_id": job_id})

    def list_unstarted(self, now: datetime, *, within: timedelta) -> list[str]:
        """Return the ids of new jobs that were not started within a time."""
        return list(self._connection.execute(_UNSTARTED, {"created_before": now - within}).scalars())

    def report(self, job_id: str, *, after: int, limit: int) -> list[ReportedLine]:
        """Return up to `limit` reported lines, in their order, after the line given."""
        values: dict[str, Any] = {"job_id": job_id, "after": after, "limit": limit}
        rows = self._connection.execute(_REPORT, values)
        return [ReportedLine(row.line, LineOutcome(row.outcome), row.reason) for row in rows]


def _job(row: sa.RowMapping) -> UserImportJob:
    plain = {name: row[name] for name in _PLAIN}
    progress = ImportProgress(**{name: row[name] for name in _PROGRESS})
    return UserImportJob(**{**plain, "status": ImportStatus(row["status"])}, progress=progress, number=row["number"])
